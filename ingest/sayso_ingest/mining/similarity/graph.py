"""The graph of nearest neighbours, and how often a walk over it, begun at some rows, is at each (PageRank).

Personalised PageRank (Page 1999; Haveliwala 2002): at each step the walk goes on to a neighbour, the nearer the
likelier, or with the rest of the probability begins anew.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags_array

from sayso_ingest.mining.arrays import BLOCK, Booleans, Floats, Vectors

Graph: TypeAlias = csr_matrix
"""Square; each column sums to 1, or to 0 where a row has no neighbour: where the walk goes on to from there."""

NEIGHBOURS = 15
GOES_ON = 0.95
STEPS = 40
"""A walk goes on for 20 on average; what it would do after 40 says little of where it began."""


def nearest(vectors: Vectors, count: int) -> tuple[npt.NDArray[np.intp], Vectors]:
    """The rows (n, count) nearest to each row, itself left out, and their cosines."""
    rows = np.empty((len(vectors), count), dtype=np.intp)
    cosines = np.empty((len(vectors), count), dtype=np.float32)
    for start in range(0, len(vectors), BLOCK):
        block = vectors[start : start + BLOCK] @ vectors.T
        own = np.arange(len(block))
        block[own, start + own] = -np.inf
        found = np.argpartition(-block, count - 1, axis=1)[:, :count]
        rows[start : start + BLOCK] = found
        cosines[start : start + BLOCK] = np.take_along_axis(block, found, axis=1)
    return rows, cosines


def neighbour_graph(vectors: Vectors, *, neighbours: int = NEIGHBOURS) -> Graph:
    """Join each row to its nearest ones and to those it is nearest to, by their cosine; twice where both hold."""
    count = min(neighbours, len(vectors) - 1)
    return joined(*nearest(vectors, count)) if count > 0 else csr_matrix((len(vectors), len(vectors)))


def joined(rows: npt.NDArray[np.intp], cosines: Vectors) -> Graph:
    """The same graph, from the rows (n, count) nearest to each and their cosines."""
    size, count = rows.shape
    begin = np.repeat(np.arange(size), count)
    one_way = csr_matrix((np.maximum(cosines, 0).ravel(), (begin, rows.ravel())), shape=(size, size))
    both_ways = (one_way + one_way.T).tocsr()
    total = np.asarray(both_ways.sum(axis=0)).ravel()
    return both_ways.multiply(1 / np.where(total > 0, total, 1)[None, :]).tocsr()


def neighbours_of(graph: Graph, among: Booleans) -> Graph:
    """A matrix that gives the mean over the neighbours (k,) of each row that are `among`; 0 where it has none."""
    kept = (graph.T @ diags_array(among.astype(np.float64))).tocsr()
    total = np.asarray(kept.sum(axis=1)).ravel()
    return kept.multiply(1 / np.where(total > 0, total, 1)[:, None]).tocsr()


def visits(graph: Graph, begins: Floats) -> Floats:
    """How often a walk that begins by `begins` (n,) or (n, walks), each of sum 1, is at each row."""
    found = begins
    for _ in range(STEPS):
        found = GOES_ON * (graph @ found) + (1 - GOES_ON) * begins
    return np.asarray(found, dtype=np.float64)
