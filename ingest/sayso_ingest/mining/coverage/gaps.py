"""Where coverage is missing: topics with too few cases, what to add for each, and how far that raises it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sayso_ingest.mining.arrays import Floats, Integers, Vectors
from sayso_ingest.mining.coverage.level import AT_LEAST
from sayso_ingest.mining.question import question_key
from sayso_ingest.mining.rows import Interaction
from sayso_ingest.mining.similarity import duplicates
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
    vectors: Vectors,
    owned: Vectors,
    asked: Sequence[str],
    disliked: Floats,
    by: str = "traffic",
    most: int = GAPS,
) -> tuple[Gap, ...]:
    """Topics with fewer than three cases, by the traffic that waits for them, or by what of it is `disliked`.

    `vectors` (n, d) are those of the sample and `owned` (m, d) those of distinct cases, which have `asked` these
    (normalised). Of interactions that ask nearly the same one is proposed, and none that the set nearly has.
    `disliked` (topics,) is how much was spoken against.
    """
    group = duplicates.groups([*(question_key(one.input, one.input_messages) for one in sample), *asked])
    cases = topics.counts_of(owned)
    waiting = (disliked if by == "disliked" else topics.sizes) * np.maximum(0, 1 - cases / WANTED)
    order = [int(topic) for topic in np.argsort(-waiting, kind="stable") if waiting[topic] > 0][:most]
    taken, adds, gaps = set(group[len(sample) :].tolist()), 0, []
    covered = int(topics.sizes[cases >= WANTED].sum())
    for topic in order:
        picks = _new(_nearest(topics, topic, vectors), group, taken)[: WANTED - int(cases[topic])]
        taken.update(int(group[row]) for row in picks)
        adds += len(picks)
        covered += int(topics.sizes[topic]) if cases[topic] + len(picks) >= WANTED else 0
        gaps.append(
            Gap(
                topic=names[topic],
                interactions=int(topics.sizes[topic]),
                share=float(topics.sizes[topic] / len(sample)),
                cases=int(cases[topic]),
                examples=tuple(sample[row].target for row in picks),
                adds=adds,
                rises_to=covered / len(sample),
                disliked=float(disliked[topic] / disliked.sum()) if disliked.sum() else None,
            )
        )
    return tuple(gaps)


def _nearest(topics: Topics, topic: int, vectors: Vectors) -> Integers:
    """The interactions of a topic, those nearest to its middle first."""
    inside = np.flatnonzero(topics.members == topic)
    return inside[np.argsort(-(vectors[inside] @ topics.centres[topic]), kind="stable")]


def _new(interactions: Integers, group: Integers, taken: set[int]) -> list[int]:
    """Those of a group that is not taken, the first of each group."""
    seen, found = set(taken), []
    for one in interactions.tolist():
        if int(group[one]) not in seen:
            seen.add(int(group[one]))
            found.append(one)
    return found
