"""The gate for pull requests: a change passes unless it is worse beyond what noise explains."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sayso_ingest.analysis.comparison import Outcome
from sayso_ingest.evals.compare.comparison import FEWEST, Comparison
from sayso_ingest.evals.compare.words import points, sentence


class Verdict(StrEnum):
    """What a gate says. Nothing but `FAIL` stops a change."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    UNKNOWN = "not enough data"


@dataclass(frozen=True, slots=True)
class Gate:
    """The verdict on the second run of a comparison, and why."""

    verdict: Verdict
    why: str
    comparison: Comparison


def gate(comparison: Comparison, *, allowed: float = 0.0) -> Gate:
    """Fail what is worse beyond noise, by more than `allowed` (0 to 1); pass what is surely no worse than that.

    What lies between is not enough data: cases are missing to say either.
    """
    told, paired = sentence(comparison), comparison.paired
    if comparison.outcome is Outcome.WORSE and paired and paired.difference < -allowed:
        return Gate(Verdict.FAIL, told, comparison)
    if comparison.outcome in (Outcome.BETTER, Outcome.SAME):
        return Gate(Verdict.PASS, told, comparison)
    enough = paired is not None and paired.cases >= FEWEST
    if comparison.outcome is Outcome.WORSE or (enough and paired and paired.interval.low > -allowed):
        return Gate(Verdict.PASS, f"{told} That is within the {points(allowed)} points allowed.", comparison)
    return Gate(Verdict.UNKNOWN, told, comparison)
