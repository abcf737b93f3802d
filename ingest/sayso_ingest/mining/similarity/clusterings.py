"""Many clusterings of one traffic, from coarse to fine: no single number of topics is right."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.exceptions import ConvergenceWarning

from sayso_ingest.mining.arrays import Integers, Vectors, unit
from sayso_ingest.mining.similarity.topics import Topics

CLUSTERINGS = 24
COARSEST, FINEST, MOST = 0.8, 4.0, 200
"""Topics of the coarsest and of the finest clustering, times the square root of half the traffic; at most 200."""
FITTED = 5_000
"""Rows that a clustering is fitted on, drawn where there are more; all are assigned."""
ROUNDS = 10


def from_coarse_to_fine(vectors: Vectors, traffic: Integers, *, seed: int) -> Iterator[Integers]:
    """The topic of each row (k, d), in clusterings fitted on the rows `traffic`, or on all if there are none."""
    rows = traffic if len(traffic) else np.arange(len(vectors))
    rows = np.sort(np.random.default_rng(seed).permutation(rows)[:FITTED])
    scale = (len(rows) / 2) ** 0.5
    fewest, most = (
        int(np.clip(round(times * scale), 1, min(MOST, len(rows)))) for times in (COARSEST, FINEST)
    )
    counts = np.geomspace(fewest, most, CLUSTERINGS).round().astype(int)
    for number, count in enumerate(counts):
        means = KMeans(
            int(count),
            init="random",
            n_init=1,
            max_iter=ROUNDS,
            random_state=(seed * CLUSTERINGS + number) % 2**32,
        )
        with warnings.catch_warnings():
            # Nearly equal vectors may leave fewer clusters than asked for, which is fine.
            warnings.simplefilter("ignore", ConvergenceWarning)
            means.fit(vectors[rows])
        yield Topics(means.cluster_centers_.astype(np.float32), np.zeros(0, dtype=np.int64)).assign(vectors)


def merged(vectors: Vectors, members: Integers, count: int) -> Integers:
    """Join the topics (a,) of vectors (a, d) whose middles are alike, until there are `count` (average linkage).

    They are about equally wide then, where those of k-means have about equally much traffic: what is asked very often
    stays one topic.
    """
    cells, place = np.unique(members, return_inverse=True)
    if len(cells) <= count:
        return place.ravel().astype(np.int64)
    sums = np.zeros((len(cells), vectors.shape[1]))
    np.add.at(sums, place.ravel(), vectors)
    joined = AgglomerativeClustering(count, linkage="average").fit_predict(unit(sums.astype(np.float32)))
    return np.asarray(joined[place.ravel()], dtype=np.int64)
