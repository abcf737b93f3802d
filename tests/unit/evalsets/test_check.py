"""Later feedback flags the cases that it speaks against, each with a sentence, and leaves the others alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.evalsets import Asked, EvalCase, Flag, Problem, Provenance, Traffic, Version, check_cases
from sayso_ingest.evalsets import made_at as times
from sayso_ingest.mining import Verdict, question_id
from unit.evalsets.test_case import case
from unit.mining.builders import verdict

MADE = datetime(2026, 3, 1, 12)  # noqa: DTZ001 (the warehouse's times are UTC without a zone)
BEFORE, AFTER = MADE - timedelta(days=1), MADE + timedelta(days=1)
QUESTION = "Where is my parcel?"
ANSWER = "On its way."


def of(
    *, target: str = "t1", events: tuple[str, ...] = ("asked", "known"), text: str = QUESTION, **fields: Any
) -> EvalCase:
    return case(text, provenance=Provenance(target, events, "disliked", "hard", "hash"), **fields).since(1)


def asked(target: str = "t1", *, text: str = QUESTION, output: str | None = ANSWER) -> Asked:
    return Asked(target, question_id(text), output)


def version(*cases: EvalCase) -> Version:
    return Version("help", 1, "", cases, None, "2026-03-01T12:00:00Z", "", Path())


def check(one: EvalCase, *verdicts: Verdict, known: tuple[Asked, ...] = (asked(),)) -> list[Flag]:
    made = version(one)
    return check_cases(made, Traffic.of(known, verdicts), made=times([made]))


accepted = of(expected=ANSWER, reference_kind="accepted")
accepts = verdict("accepted", kind="suggestion", event_id="known", who="actor:ann", occurred_at=BEFORE)


def annotates(expected: str, **fields: Any) -> Verdict:
    given = {"event_id": "new", "who": "actor:bob", "occurred_at": AFTER, **fields}
    return verdict(None, kind="annotation", label="bad", expected=expected, **given)


def test_a_case_that_nobody_spoke_of_since_is_not_flagged() -> None:
    assert check(accepted, accepts) == []
    assert check(of()) == []


def test_an_accepted_answer_that_most_dislike_now_is_flagged() -> None:
    down = [verdict("down", who=f"actor:{n}", event_id=f"down {n}", occurred_at=AFTER) for n in range(2)]
    [flag] = check(accepted, accepts, *down)
    assert (flag.problem, flag.event_ids) == (Problem.DISLIKED, ("down 0", "down 1"))
    assert flag.sentence == "Its expected answer is what was said in t1, which 2 of 3 people dislike now."


def test_an_accepted_answer_that_one_of_two_dislikes_is_not_flagged() -> None:
    assert check(accepted, accepts, verdict("down", event_id="new", occurred_at=AFTER)) == []


def test_the_same_answer_that_is_disliked_elsewhere_is_flagged_where_that_came_later() -> None:
    known = (asked(), asked("t2", output="On its WAY"), asked("t3", text="Another question"))
    elsewhere = verdict("down", target="t2", event_id="new", occurred_at=AFTER)
    written = of(expected=ANSWER, reference_kind="human_edit")
    edit = verdict("edited", kind="suggestion", event_id="known", final=ANSWER)
    [flag] = check(written, edit, elsewhere, known=(asked(output="Lost."), *known[1:]))
    assert (flag.problem, "in t2, which 1 of 1 person dislikes" in flag.sentence) == (Problem.DISLIKED, True)
    earlier = verdict("down", target="t2", event_id="old", occurred_at=BEFORE)
    unlike = verdict("down", target="t3", event_id="new", occurred_at=AFTER)
    for one in (earlier, unlike):
        assert check(written, edit, one, known=(asked(output="Lost."), *known[1:])) == []


@pytest.mark.parametrize("target", ["t1", "t2"])
def test_a_correction_by_an_annotator_is_flagged_with_where_it_was_said(target: str) -> None:
    known = (asked(), asked("t2", output="Lost."))
    [flag] = check(accepted, accepts, annotates("It arrives today.", target=target), known=known)
    assert (flag.problem, flag.target, flag.event_ids) == (Problem.CORRECTED, target, ("new",))
    assert flag.sentence.startswith("bob has said since")
    assert ("on t2, the same question" in flag.sentence) == (target == "t2")
    assert flag.sentence.endswith("'It arrives today.'")


def test_an_annotator_who_says_the_same_corrects_nothing() -> None:
    assert check(accepted, accepts, annotates("on its way")) == []


def test_an_expected_answer_that_came_since_is_told_where_there_was_none() -> None:
    [flag] = check(of(), annotates("It arrives today."))
    assert (flag.problem, "it has none" in flag.sentence) == (Problem.CORRECTED, True)


def test_of_several_corrections_the_last_one_is_told() -> None:
    first = annotates("No.", event_id="a", target="t2", occurred_at=AFTER + timedelta(days=1))
    [flag] = check(accepted, accepts, first, annotates("Yes.", event_id="b"), known=(asked(), asked("t2")))
    assert flag.event_ids == ("a",)


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("accepted", "an answer that somebody accepted"),
        ("human_edit", "what somebody wrote"),
        ("annotation", "an annotator"),
    ],
)
def test_an_expected_answer_that_was_taken_back_is_flagged(kind: Any, source: str) -> None:
    [flag] = check(of(expected=ANSWER, reference_kind=kind))
    assert (flag.problem, flag.sentence) == (
        Problem.WITHDRAWN,
        f"Its expected answer came from {source}, which was taken back.",
    )


@pytest.mark.parametrize(
    ("kind", "stands"),
    [
        ("annotation", annotates(ANSWER, event_id="known", occurred_at=BEFORE)),
        ("human_edit", verdict("edited", kind="suggestion", event_id="known", final=ANSWER)),
        ("human_edit", verdict(None, kind="comment", event_id="known", expected=ANSWER)),
        ("written", verdict("up", event_id="known")),
    ],
)
def test_an_expected_answer_that_somebody_stands_by_is_not_flagged(kind: Any, stands: Verdict) -> None:
    assert check(of(expected=ANSWER, reference_kind=kind), stands) == []


def test_a_case_whose_interaction_is_gone_is_flagged_and_one_written_by_hand_has_none_to_lose() -> None:
    [flag] = check(accepted, accepts, known=())
    assert (flag.problem, "t1 is not there any more" in flag.sentence) == (Problem.GONE, True)
    assert check(of(target="", events=()), known=()) == []


def test_what_is_said_about_a_part_says_nothing_about_the_whole() -> None:
    part = verdict("down", part="p", event_id="new", occurred_at=AFTER)
    assert check(accepted, accepts, part, annotates("Another part.", part="p")) == []


def test_of_two_near_twins_the_one_that_came_later_is_flagged() -> None:
    old, new = of(text="Where is my parcel, please"), of(text="Where's my parcel, please").since(2)
    made = version(old, new)
    pairs = [(old.case_id, new.case_id), (new.case_id, "of another set")]
    [flag] = check_cases(made, Traffic.of([asked()], []), made={}, twins=pairs)
    assert (flag.case_id, flag.problem) == (new.case_id, Problem.TWIN)
    assert old.case_id[:12] in flag.sentence


values = st.sampled_from(["up", "down", "accepted", "edited", "rejected", "undone", None])


@given(
    st.sampled_from(["accepted", "human_edit", "annotation", "written", "none"]),
    st.lists(
        st.tuples(st.sampled_from(["thumb", "suggestion", "annotation", "comment"]), values, st.booleans())
    ),
    st.booleans(),
)
def test_a_case_is_flagged_once_at_most_for_what_was_said_and_never_for_what_it_was_made_of(
    kind: Any, said: list[tuple[str, str | None, bool]], there: bool
) -> None:
    expected = None if kind == "none" else ANSWER
    verdicts = [
        verdict(value, kind=of_kind, who=f"actor:{n}", event_id=f"e{n}", expected="Other." if other else None)
        for n, (of_kind, value, other) in enumerate(said)
    ]
    known = (asked(),) if there else ()
    one = of(expected=expected, reference_kind=kind)
    flags = check(one, *verdicts, known=known)
    assert len([flag for flag in flags if flag.problem != Problem.GONE]) <= 1
    assert any(flag.problem == Problem.GONE for flag in flags) == (not there)
    made_of = of(
        expected=expected, reference_kind=kind, events=tuple(verdict.event_id for verdict in verdicts)
    )
    again = check(made_of, *verdicts, known=known)
    assert not {Problem.CORRECTED, Problem.DISLIKED} & {flag.problem for flag in again}
