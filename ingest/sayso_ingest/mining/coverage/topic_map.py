"""Topics on a map of two dimensions: near each other where their questions are alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sayso_ingest.mining.arrays import Floats, Integers, Vectors
from sayso_ingest.mining.coverage.measured import MappedTopic
from sayso_ingest.mining.similarity.topics import Topics


def draw_map(
    topics: Topics, names: Sequence[str], cases: Integers, dislike: Floats
) -> tuple[MappedTopic, ...]:
    """Each topic with its place, its traffic, its cases (k,) and the share of it that is disliked.

    `dislike` (n,) is the rate of each interaction of the topics, NaN where nobody spoke.
    """
    spots = places(topics.centres)
    spoken = ~np.isnan(dislike)
    voices = np.bincount(topics.members[spoken], minlength=topics.count)
    against = np.bincount(topics.members[spoken], weights=dislike[spoken] >= 0.5, minlength=topics.count)
    return tuple(
        MappedTopic(
            topic=names[topic],
            x=float(spots[topic, 0]),
            y=float(spots[topic, 1]),
            interactions=int(topics.sizes[topic]),
            cases=int(cases[topic]),
            disliked=float(against[topic] / voices[topic]) if voices[topic] else None,
        )
        for topic in range(topics.count)
    )


def places(centres: Vectors) -> Floats:
    """The two principal components of the centres (k, d), each stretched over [0, 1]; .5 where they do not differ."""
    around = (centres - centres.mean(axis=0)).astype(np.float64)
    found = np.zeros((len(centres), 2))
    _, strength, directions = np.linalg.svd(around, full_matrices=False)
    for axis in range(min(2, int((strength > 1e-6).sum()))):
        # Which way an axis points means nothing: its largest part is positive, so that maps of one traffic agree.
        direction = directions[axis] * np.sign(directions[axis][np.abs(directions[axis]).argmax()])
        found[:, axis] = around @ direction
    low, width = found.min(axis=0), np.ptp(found, axis=0)
    return np.where(width > 0, (found - low) / np.where(width > 0, width, 1), 0.5)
