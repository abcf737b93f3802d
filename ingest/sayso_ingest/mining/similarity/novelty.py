"""How unlike the current eval set each interaction is, and how sure that is.

Two views, joined by their ranks: how few cases the topics of an interaction have for their traffic, over many
clusterings; and how seldom a walk from the set comes by, for one from the traffic, on the graph of neighbours.
Equal vectors count once: how often a question is asked makes it no newer, and copies would hide its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from sayso_ingest.mining.arrays import BLOCK, Booleans, Floats, Integers, Vectors, percentiles
from sayso_ingest.mining.similarity.clusterings import from_coarse_to_fine
from sayso_ingest.mining.similarity.field import Field, lay_out
from sayso_ingest.mining.similarity.graph import Graph, neighbour_graph, neighbours_of, visits

NEVER = 1e-12
REFERENCES = 200
"""Cases that p-values are taken from, drawn where the set has more."""
SIBLINGS = 3
"""The nearest cases of one that is left out."""
SMOOTHED = 3

_Views: TypeAlias = tuple[Floats, Floats]
"""Few cases for its topics, and seldom reached from the set: the higher, the newer."""


@dataclass(frozen=True, slots=True)
class Novelty:
    """Of each interaction (n,): a score in (0, 1], and the share of the set's own cases that look at least as new.

    An interaction like those of the set has a `p_value` of at most .05 about one time in twenty; NaN where the
    set is too small to say.
    """

    score: Floats
    p_value: Floats


def nearest_distance(vectors: Vectors, cases: Vectors) -> Floats:
    """1 - cosine to the nearest case, between 0 and 2; NaN for each where there are no cases."""
    result = np.full(len(vectors), np.nan)
    if len(cases):
        for start in range(0, len(vectors), BLOCK):
            result[start : start + BLOCK] = 1 - (vectors[start : start + BLOCK] @ cases.T).max(axis=1)
        result = np.maximum(result, 0)
    return result


def novelty(vectors: Vectors, cases: Vectors, *, sampled: Booleans | None = None, seed: int = 0) -> Novelty:
    """Hold interactions (n, d) against cases (m, d); `sampled` (n,) is the random sample of traffic among them.

    The order of rows does not matter. With no case, everything is new.
    """
    if not len(cases) or not len(vectors):
        return Novelty(np.ones(len(vectors)), np.full(len(vectors), np.nan))
    field = lay_out(vectors, cases, np.ones(len(vectors), dtype=bool) if sampled is None else sampled)
    topics = list(from_coarse_to_fine(field.vectors, np.flatnonzero(field.traffic), seed=seed))
    graph = neighbour_graph(field.vectors)
    walks = _walks(graph, field)
    views = underrepresentation(topics, field.traffic, field.cases), _log_ratio(*walks.T)
    asked = [view[field.asked] for view in views]
    score = np.zeros(len(field.vectors))
    score[field.asked] = np.mean([percentiles(view) for view in asked], axis=0)
    known = _references(field, seed=seed)
    reach = _reach(graph, known)
    more = _stand_in(reach, field, known)
    left_out = (
        _few_without_itself(topics, field, known, more),
        _seldom_without_itself(walks, reach, field, known, more),
    )
    references = np.mean([rank_among(one, view) for one, view in zip(left_out, asked, strict=True)], axis=0)
    # Of what is smoothed a case cannot be left out: it is in its neighbours' scores.
    p_value = p_values(score, references) if field.cases.sum() > 1 else np.full(len(score), np.nan)
    return Novelty(_smoothed(score, graph, field)[field.place], p_value[field.place])


def _smoothed(score: Floats, graph: Graph, field: Field) -> Floats:
    """Half of each score (k,) its own, half that of its neighbours, over and over: lone oddities sink."""
    asked = np.zeros(len(score), dtype=bool)
    asked[field.asked] = True
    around = neighbours_of(graph, asked)
    alone = np.asarray(around.sum(axis=1)).ravel() == 0
    for _ in range(SMOOTHED):
        score = np.where(alone, score, (score + around @ score) / 2)
    return score


def p_values(scores: Floats, references: Floats) -> Floats:
    """The share of references (m,) that score (n,) at least as high, the one asked about counted (conformal)."""
    below = np.searchsorted(np.sort(references), scores - 1e-9)
    return np.asarray((1 + len(references) - below) / (1 + len(references)), dtype=np.float64)


def rank_among(values: Floats, others: Floats) -> Floats:
    """The share of the others that are lower, equal ones counted half."""
    ordered = np.sort(others)
    middle = np.searchsorted(ordered, values) + np.searchsorted(ordered, values, side="right")
    return np.asarray(middle / 2 / len(others), dtype=np.float64)


def underrepresentation(topics: list[Integers], traffic: Floats, cases: Floats) -> Floats:
    """How few cases there are for the traffic, as a mean log ratio over clusterings `topics`, each (k,), of rows.

    `traffic` and `cases` (k,) are what lies at each row.
    """
    total = np.zeros(len(traffic))
    for members in topics:
        here, of_set = _at(members, traffic)[members], _at(members, cases)[members]
        total += _few(here, of_set, traffic.sum(), cases.sum())
    return total / len(topics)


def _at(members: Integers, what: Floats) -> Floats:
    return np.bincount(members, weights=what).astype(np.float64)


def _few(traffic: Floats, cases: Floats, all_traffic: float, all_cases: float) -> Floats:
    expected = all_cases * traffic / max(1, all_traffic)
    return np.log((expected + 0.5) / (cases + 0.5))


def _reach(graph: Graph, rows: Integers) -> Floats:
    """How often a walk from each of some rows (m,) is at each row (k, m)."""
    begins = np.zeros((graph.shape[0], len(rows)))
    begins[rows, np.arange(len(rows))] = 1
    return visits(graph, begins)


def _stand_in(reach: Floats, field: Field, rows: Integers) -> Floats:
    """Times the other cases around each case (m,) that there would be with one more like its nearest.

    An interaction sees all cases of what it asks for, a case that is left out one less: where there are three of
    each, that made cases look much newer than interactions. Its `SIBLINGS` nearest cases stand in for it.
    """
    of_set = np.where(field.cases[:, None] > 0, reach, 0)
    of_set[rows, np.arange(len(rows))] = 0
    near = -np.partition(-of_set, min(SIBLINGS, len(of_set)) - 1, axis=0)[:SIBLINGS].mean(axis=0)
    every = of_set.sum(axis=0)
    return np.asarray(1 + np.divide(near, every, out=np.zeros(len(rows)), where=every > 0))


def _few_without_itself(topics: list[Integers], field: Field, rows: Integers, more: Floats) -> Floats:
    """The same of cases at `rows`, each as if it were an interaction and not in the set."""
    total = np.zeros(len(rows))
    traffic, cases = field.traffic, field.cases
    for members in topics:
        here, of_set = _at(members, traffic)[members[rows]], _at(members, cases)[members[rows]]
        total += _few(here + 1, (of_set - 1) * more, traffic.sum() + 1, max(1, cases.sum() - 1))
    return total / len(topics)


def _walks(graph: Graph, field: Field) -> Floats:
    """How often a walk from the traffic and one from the set are at each row (k, 2)."""
    begins = np.stack([field.traffic / max(1, field.traffic.sum()), field.cases / field.cases.sum()], axis=1)
    return visits(graph, begins)


def _seldom_without_itself(
    walks: Floats, reach: Floats, field: Field, rows: Integers, more: Floats
) -> Floats:
    """The same of cases at `rows`, each as if it were an interaction: a walk's visits are a sum over its begins."""
    own = reach[rows, np.arange(len(rows))]
    of_traffic, of_set = walks[rows].T
    interactions, cases = field.traffic.sum(), field.cases.sum()
    of_traffic = (interactions * of_traffic + own) / (interactions + 1)
    return _log_ratio(of_traffic, more * np.maximum(cases * of_set - own, 0) / max(1, cases - 1))


def _log_ratio(of_traffic: Floats, of_set: Floats) -> Floats:
    return np.asarray(np.log(of_traffic + NEVER) - np.log(of_set + NEVER), dtype=np.float64)


def _references(field: Field, *, seed: int) -> Integers:
    """Cases to take p-values from: at most so many that it stays cheap."""
    return np.sort(np.random.default_rng(seed).permutation(np.flatnonzero(field.cases))[:REFERENCES])
