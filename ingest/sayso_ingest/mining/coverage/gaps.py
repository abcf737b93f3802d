"""Where coverage is missing: topics with too few cases, what to add for each, and how far that raises it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sayso_ingest.mining.arrays import Floats, Integers, Vectors
from sayso_ingest.mining.coverage.level import AT_LEAST
from sayso_ingest.mining.rows import Interaction
from sayso_ingest.mining.similarity.field import Field
from sayso_ingest.mining.similarity.topics import Topics

GAPS = 10
WANTED = max(AT_LEAST)
"""Cases that a topic should have."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A topic with too few cases: its words, its traffic, and the interactions that would close it.

    `adds` is how many cases it takes to close it and those before it, `rises_to` the share of traffic
    that is in topics with enough cases then.
    `disliked` is the share of all that people spoke against that is in it, None where nobody did.
    """

    topic: str
    interactions: int
    share: float
    cases: int
    examples: tuple[str, ...]
    adds: int
    rises_to: float
    disliked: float | None = None


def find_gaps(
    sample: Sequence[Interaction],
    topics: Topics,
    names: Sequence[str],
    *,
    field: Field,
    place: Integers,
    disliked: Floats,
    by: str = "traffic",
    most: int = GAPS,
) -> tuple[Gap, ...]:
    """Topics with fewer than three cases, by the traffic that waits for them, or by what of it is `disliked`.

    `place` (n,) is the row of the field at which each interaction of the sample is, and `disliked` (topics,) how much
    was spoken against.
    """
    owned = np.flatnonzero(field.cases)
    cases = topics.counts_of(field.vectors[owned])
    waiting = (disliked if by == "disliked" else topics.sizes) * np.maximum(0, 1 - cases / WANTED)
    order = [int(topic) for topic in np.argsort(-waiting, kind="stable") if waiting[topic] > 0][:most]
    rows, gaps = owned, []
    closed = int(topics.sizes[cases >= WANTED].sum())
    for topic in order:
        nearest = _nearest(topics, topic, field.vectors[place])
        picks = _new(nearest, place, have=rows)[: WANTED - int(cases[topic])]
        rows = np.union1d(rows, place[picks])
        closed += int(topics.sizes[topic]) if cases[topic] + len(picks) >= WANTED else 0
        gaps.append(
            Gap(
                topic=names[topic],
                interactions=int(topics.sizes[topic]),
                share=float(topics.sizes[topic] / len(sample)),
                cases=int(cases[topic]),
                examples=tuple(sample[row].target for row in picks),
                adds=len(rows) - len(owned),
                rises_to=closed / len(sample),
                disliked=float(disliked[topic] / disliked.sum()) if disliked.sum() else None,
            )
        )
    return tuple(gaps)


def _nearest(topics: Topics, topic: int, vectors: Vectors) -> Integers:
    """The interactions of a topic, those nearest to its middle first."""
    inside = np.flatnonzero(topics.members == topic)
    return inside[np.argsort(-(vectors[inside] @ topics.centres[topic]), kind="stable")]


def _new(interactions: Integers, place: Integers, *, have: Integers) -> list[int]:
    """Those of a question that is not among the rows `have`, the first of each question."""
    seen, found = set(have.tolist()), []
    for one in interactions.tolist():
        if int(place[one]) not in seen:
            seen.add(int(place[one]))
            found.append(one)
    return found
