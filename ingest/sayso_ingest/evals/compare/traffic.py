"""From the cases of a set to the traffic that it stands for: how much each case has to count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

from sayso_ingest.evals.compare.pairs import Pair
from sayso_ingest.evalsets import EvalCase
from sayso_ingest.mining import Query
from sayso_ingest.warehouse import read_statements

SHARED = 0.5
"""The share of cases that need a tag which traffic has, for it to be weighed by tags."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Shares of traffic by group, 0 to 1, and the group of each case by its id: a tag, for instance.

    `of` says in words what the groups are.
    """

    of: str
    shares: Mapping[str, float]
    group: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Weighing:
    """The weight of each case, and the share of traffic, 0 to 1, in groups that have one; None where nobody knows."""

    how: str
    weights: Mapping[str, float]
    covered: float | None


def read_traffic(query: Query, cases: Iterable[EvalCase]) -> Traffic | None:
    """Shares of traffic by the first tag of interactions; None where fewer than half of the cases have such a tag."""
    every = tuple(cases)
    rows = query(read_statements(files("sayso_ingest.evals.compare") / "traffic.sql")["tags"], [])
    counts = {str(row["tag"]): int(row["interactions"]) for row in rows}
    group = {case.case_id: case.tags[0] for case in every if case.tags and case.tags[0] in counts}
    if not group or len(group) < SHARED * len(every):
        return None
    total = sum(counts.values())
    shares = {tag: count / total for tag, count in counts.items()}
    return Traffic("the first tag of interactions", shares, group)


def weigh_by_group(pairs: Iterable[Pair], traffic: Traffic) -> Weighing | None:
    """Let each group count as much as its traffic (post-stratification); None where no group has both.

    Traffic in groups without a case is represented by nobody: `covered` is what is left.
    """
    groups = {pair.case_id: traffic.group[pair.case_id] for pair in pairs if pair.case_id in traffic.group}
    counts = Counter(groups.values())
    weights = {
        case_id: traffic.shares[group] / counts[group]
        for case_id, group in groups.items()
        if traffic.shares.get(group, 0) > 0
    }
    covered = sum(share for group, share in traffic.shares.items() if counts[group])
    return Weighing(f"by {traffic.of}", weights, min(1.0, covered)) if len(weights) > 1 else None


def weigh_by_chance(pairs: Iterable[Pair], cases: Iterable[EvalCase]) -> Weighing | None:
    """Let each case that was drawn at random count for one over the chance it was drawn with; others say nothing.

    Horvitz and Thompson (1952), as a ratio (Hájek). None where fewer than two were drawn.
    """
    chances = {
        case.case_id: case.inclusion_probability
        for case in cases
        if case.stratum == "random" and case.inclusion_probability
    }
    weights = {pair.case_id: 1 / chances[pair.case_id] for pair in pairs if pair.case_id in chances}
    how = f"from the {len(weights)} cases that were drawn at random"
    return Weighing(how, weights, None) if len(weights) > 1 else None
