"""What one verdict says, as dislike between 0 (content) and 1 (not at all)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from sayso_ingest.event import Kind
from sayso_ingest.mining.edits import similarity
from sayso_ingest.mining.question import normalise
from sayso_ingest.mining.rows import Dimension, Scale, Verdict

Heard: TypeAlias = tuple[Verdict, float | None]
"""A verdict and the dislike in it, None where it says neither yes nor no."""

GOOD = frozenset(
    {
        "good",
        "great",
        "excellent",
        "correct",
        "right",
        "true",
        "yes",
        "ok",
        "pass",
        "passed",
        "accept",
        "accepted",
    }
    | {"acceptable", "up", "like", "helpful", "safe"}
)
BAD = frozenset(
    {
        "bad",
        "poor",
        "wrong",
        "incorrect",
        "false",
        "no",
        "fail",
        "failed",
        "reject",
        "rejected",
        "unacceptable",
    }
    | {"down", "dislike", "unhelpful", "unsafe"}
)
_SCORED = re.compile(r"@[0-9a-f]{8}\Z")
"""A rubric of `sayso judge`: it says how good each of its labels is, and that comes before the label's word."""
_MARKS = re.compile(r"[\W_]+")
_UNIT: Scale = (0.0, 1.0)
_SUGGESTION: Mapping[str, float] = {"accepted": 0.0, "rejected": 1.0, "undone": 1.0}


def dislikes(
    verdicts: Sequence[Verdict], *, ranges: Mapping[Dimension, Scale] | None = None
) -> list[float | None]:
    """The dislike in each verdict, None where it says neither yes nor no.

    A score without bounds of its own is read on the range that scores of the same kind and name have: those of
    these verdicts, or, where these are some of many, the `ranges` that all of them have.
    """
    given = _ranges(verdicts) if ranges is None else ranges
    return [_dislike(verdict, _scale(given.get(_dimension(verdict)))) for verdict in verdicts]


def opinions(heard: Iterable[Heard]) -> dict[str, float]:
    """The mean dislike of each person who said yes or no."""
    by_who: dict[str, list[float]] = defaultdict(list)
    for verdict, dislike in heard:
        if dislike is not None:
            by_who[verdict.who].append(dislike)
    return {who: sum(said) / len(said) for who, said in by_who.items()}


def _dislike(verdict: Verdict, scale: Scale | None) -> float | None:
    match verdict.kind:
        case Kind.THUMB:
            return {"down": 1.0, "up": 0.0}.get(verdict.value or "")
        case Kind.SUGGESTION:
            return _of_suggestion(verdict)
        case Kind.RATING:
            return _of_score(verdict, scale)
        case Kind.COMMENT:
            return _of_expected(verdict)
        case Kind.ANNOTATION | Kind.JUDGEMENT:
            return _of_opinion(verdict, scale)
    return None


def _of_suggestion(verdict: Verdict) -> float | None:
    if verdict.value != "edited":
        return _SUGGESTION.get(verdict.value or "")
    before = verdict.proposed or verdict.output
    if before is None or verdict.final is None:
        return None
    return 1 - similarity(before, verdict.final)


def _of_opinion(verdict: Verdict, scale: Scale | None) -> float | None:
    """The same in SQL: macros.sql, sounds_good."""
    first, second = _of_label(verdict.label), _of_score(verdict, scale)
    if _SCORED.search(verdict.rubric):
        first, second = _of_unit(verdict.score), first
    return next((one for one in (first, second, _of_expected(verdict)) if one is not None), None)


def _of_unit(score: float | None) -> float | None:
    """One outside 0 to 1 is none that a rubric gives."""
    return 1 - score if score is not None and 0 <= score <= 1 else None


def _of_label(label: str | None) -> float | None:
    word = _MARKS.sub(" ", label or "").strip().lower()
    if word in BAD:
        return 1.0
    return 0.0 if word in GOOD else None


def _of_score(verdict: Verdict, scale: Scale | None) -> float | None:
    if verdict.min is not None and verdict.max is not None:
        scale = (verdict.min, verdict.max)
    if verdict.score is None or scale is None or scale[0] >= scale[1]:
        return None
    return min(1.0, max(0.0, (scale[1] - verdict.score) / (scale[1] - scale[0])))


def _of_expected(verdict: Verdict) -> float | None:
    """Whoever writes down another answer than the one given did not like that one."""
    if not verdict.expected or verdict.output is None:
        return None
    return float(normalise(verdict.expected) != normalise(verdict.output))


def _ranges(verdicts: Sequence[Verdict]) -> dict[Dimension, Scale]:
    scores: dict[Dimension, list[float]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.score is not None:
            scores[_dimension(verdict)].append(verdict.score)
    return {dimension: (min(given), max(given)) for dimension, given in scores.items()}


def _scale(given: Scale | None) -> Scale | None:
    """The scale of scores that were given within this range."""
    return _UNIT if given and given[0] >= 0 and given[1] <= 1 else given


def _dimension(verdict: Verdict) -> Dimension:
    judge = verdict.who if verdict.kind == Kind.JUDGEMENT else ""
    return (verdict.kind, verdict.name, verdict.rubric, judge)
