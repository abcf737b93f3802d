"""Cases of a set that later feedback speaks against: bad, stale, or there twice.

Verdicts count that the case was made without: those on its own interaction that are not among the events behind it,
and those on the same question elsewhere that came after the version which brought the case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sayso_ingest.evalsets.case import EvalCase
from sayso_ingest.evalsets.sql import decoded, sql
from sayso_ingest.evalsets.version import Version
from sayso_ingest.event import JSON, Kind
from sayso_ingest.excerpt import one_line
from sayso_ingest.mining import (
    Dimension,
    Heard,
    Query,
    Scale,
    Verdict,
    dislikes,
    normalise,
    opinions,
    question_id,
    read_ranges,
    read_verdicts,
)

QUOTE = 120
"""Characters of an answer that stand in a sentence; the interaction has it whole."""


class Problem(StrEnum):
    """What may be wrong with a case."""

    GONE = "gone"
    CORRECTED = "corrected"
    DISLIKED = "disliked"
    WITHDRAWN = "withdrawn"
    TWIN = "twin"


@dataclass(frozen=True, slots=True)
class Flag:
    """A case that somebody should look at: what is wrong, in a sentence, and the events that say so.

    `target` is where the better answer was said, if there is one.
    """

    case_id: str
    problem: Problem
    sentence: str
    event_ids: tuple[str, ...] = ()
    target: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its answer, somewhere in traffic."""

    target: str
    question_id: str
    output: str | None


@dataclass(frozen=True, slots=True)
class Traffic:
    """What is asked and said now, of the interactions of a set and of those with the same questions."""

    asked: Mapping[str, Asked]
    elsewhere: Mapping[str, Sequence[Asked]]
    verdicts: Mapping[str, Sequence[Heard]]

    @classmethod
    def of(
        cls,
        asked: Iterable[Asked],
        verdicts: Sequence[Verdict],
        *,
        ranges: Mapping[Dimension, Scale] | None = None,
    ) -> Traffic:
        """Gather interactions by target and by question, and verdicts on the whole of them by target.

        `ranges` are those of all scores, where the verdicts are some of many.
        """
        every = {one.target: one for one in asked}
        elsewhere: dict[str, list[Asked]] = defaultdict(list)
        for one in every.values():
            elsewhere[one.question_id].append(one)
        heard: dict[str, list[Heard]] = defaultdict(list)
        for verdict, dislike in zip(verdicts, dislikes(verdicts, ranges=ranges), strict=True):
            if not verdict.part:
                heard[verdict.target].append((verdict, dislike))
        return cls(every, elsewhere, heard)


def read_traffic(query: Query, cases: Sequence[EvalCase]) -> Traffic:
    """Ask the published copy what a check needs to know: of all traffic the questions alone, answers only of theirs."""
    ids = {case.case_id for case in cases}
    same = {row["target"] for row in query(sql("questions"), []) if _question(row) in ids}
    targets = sorted(same | {case.provenance.target for case in cases} - {""})
    asked = [
        Asked(row["target"], _question(row), row["output"]) for row in query(sql("interactions"), [targets])
    ]
    return Traffic.of(asked, read_verdicts(query, targets=targets), ranges=read_ranges(query))


def _question(row: Mapping[str, JSON]) -> str:
    return question_id(row["input"] or "", decoded(row["input_messages"]))


def check_cases(
    version: Version, traffic: Traffic, *, made: Mapping[int, datetime], twins: Iterable[tuple[str, str]] = ()
) -> list[Flag]:
    """Flag the cases of a version that should be looked at, in the order of their ids.

    `made` says when each version was made (see `made_at`); `twins` are pairs of ids of nearly the same question, the
    one that may stay first (see `near_twins`).
    """
    ids = {case.case_id for case in version.cases}
    flags = [flag for case in version.cases for flag in _flags(case, traffic, made)]
    flags += [
        Flag(
            other, Problem.TWIN, f"It is nearly the same question as {first[:12]}, so that one counts twice."
        )
        for first, other in twins
        if {first, other} <= ids
    ]
    return sorted(flags, key=lambda flag: flag.case_id)


def made_at(versions: Iterable[Version]) -> dict[int, datetime]:
    """When each version was made, as the warehouse spells times: UTC without a zone."""
    return {
        one.number: datetime.fromisoformat(one.created_at).astimezone(UTC).replace(tzinfo=None)
        for one in versions
    }


def _flags(case: EvalCase, traffic: Traffic, made: Mapping[int, datetime]) -> list[Flag]:
    """What is wrong with one case: that its interaction is gone, and the gravest of what was said since."""
    found = [_gone(case, traffic)]
    later = _later(case, traffic, made)
    found.append(_corrected(case, later) or _disliked(case, traffic, later) or _withdrawn(case, traffic))
    return [flag for flag in found if flag]


def _later(case: EvalCase, traffic: Traffic, made: Mapping[int, datetime]) -> list[Verdict]:
    """Verdicts on the question that the case was made without, in the order in which they were given."""
    own, known = case.provenance.target, set(case.provenance.event_ids)
    since = made.get(case.provenance.since_version or 0, datetime.min)  # noqa: DTZ901 (the warehouse's times have no zone)
    targets = {own, *(one.target for one in traffic.elsewhere.get(case.case_id, ()))} - {""}
    found = [
        (verdict.occurred_at or since, target, verdict)
        for target in sorted(targets)
        for verdict, _ in traffic.verdicts.get(target, ())
        if verdict.event_id not in known
        and (target == own or (verdict.occurred_at is not None and verdict.occurred_at > since))
    ]
    return [verdict for *_, verdict in sorted(found, key=lambda one: one[:2])]


def _gone(case: EvalCase, traffic: Traffic) -> Flag | None:
    target = case.provenance.target
    if not target or target in traffic.asked:
        return None
    return Flag(
        case.case_id,
        Problem.GONE,
        f"Its interaction {target} is not there any more: it was erased, or belongs to another project.",
    )


def _corrected(case: EvalCase, later: Sequence[Verdict]) -> Flag | None:
    """An annotator says since what the answer should be, and it is another one."""
    for verdict in reversed(later):
        if verdict.kind != Kind.ANNOTATION or not verdict.expected or _same(verdict.expected, case.expected):
            continue
        where = "" if verdict.target == case.provenance.target else f" on {verdict.target}, the same question"
        what = "another answer is expected" if case.expected else "which answer is expected, and it has none"
        return Flag(
            case.case_id,
            Problem.CORRECTED,
            f"{_name(verdict.who)} has said since{where}: {what}: '{one_line(verdict.expected, QUOTE)}'",
            (verdict.event_id,),
            verdict.target,
        )
    return None


def _disliked(case: EvalCase, traffic: Traffic, later: Sequence[Verdict]) -> Flag | None:
    """What it expects is what production says, and most who spoke about that dislike it."""
    if case.expected is None:
        return None
    said_by = {
        target
        for target in {case.provenance.target, *(verdict.target for verdict in later)}
        if target in traffic.asked and _same(traffic.asked[target].output, case.expected)
    }
    heard = [one for target in sorted(said_by) for one in traffic.verdicts.get(target, ())]
    people = opinions(heard)
    since = tuple(verdict.event_id for verdict in later if verdict.target in said_by)
    against = sum(opinion > 0.5 for opinion in people.values())
    if not since or against <= len(people) / 2:
        return None
    return Flag(
        case.case_id,
        Problem.DISLIKED,
        f"Its expected answer is what was said in {_some(said_by)}, which "
        f"{against} of {len(people)} {'person dislikes' if len(people) == 1 else 'people dislike'} now.",
        since,
    )


def _withdrawn(case: EvalCase, traffic: Traffic) -> Flag | None:
    """Nobody says any more what its expected answer came from."""
    target, kind = case.provenance.target, case.reference_kind
    if kind not in _GIVEN or target not in traffic.asked:
        return None
    now = [_given(verdict, traffic.asked[target].output) for verdict, _ in traffic.verdicts.get(target, ())]
    if any(_same(text, case.expected) for text in now):
        return None
    return Flag(
        case.case_id,
        Problem.WITHDRAWN,
        f"Its expected answer came from {_GIVEN[kind]}, which was taken back.",
    )


_GIVEN: Mapping[str, str] = {
    "annotation": "an annotator",
    "human_edit": "what somebody wrote",
    "accepted": "an answer that somebody accepted",
}


def _given(verdict: Verdict, output: str | None) -> str | None:
    """The answer that a verdict stands for."""
    if verdict.kind == Kind.SUGGESTION:
        return verdict.final if verdict.value == "edited" else output if verdict.value == "accepted" else None
    return verdict.expected


def _same(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and normalise(one) == normalise(other)


def _name(who: str) -> str:
    return who.removeprefix("actor:")


def _some(targets: Collection[str]) -> str:
    shown = ", ".join(sorted(targets)[:3])
    return shown if len(targets) <= 3 else f"{shown} and {len(targets) - 3} more"
