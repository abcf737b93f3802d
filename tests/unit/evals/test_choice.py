"""Which scorer a case gets follows from where its expected answer came from, and from nothing else but its form."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ran import a_case
from sayso_ingest.evals.scorers import RULES, chosen_name
from sayso_ingest.evals.scorers.build import KINDS, Means, build_scorers
from sayso_ingest.evals.scorers.choice import Form, form_of, rule_of
from sayso_ingest.mining import ReferenceKind

LONG = "Open the settings, choose the account, and press the button at the end of the page."
CASE = a_case(1)


@pytest.mark.parametrize(
    ("kind", "expected", "output", "unjudged", "judged"),
    [
        ("written", '{"a": 1}', None, "json", "json"),
        ("human_edit", '{"a": 1}', LONG, "json", "json"),
        ("annotation", "refund", "complaint", "normalised", "normalised"),
        ("written", "refund", None, "normalised", "normalised"),
        ("human_edit", "42 days", LONG, "contains", "judge"),
        ("human_edit", LONG, LONG, "overlap", "judge"),
        ("synthetic", LONG, None, "overlap", "judge"),
        ("accepted", '{"a": 1}', '{"a": 1}', "overlap", "judge"),
        ("accepted", LONG, LONG, "overlap", "judge"),
        ("none", None, LONG, None, "judge"),
        ("annotation", " \n", LONG, None, "judge"),
    ],
)
def test_the_rules_give_a_case_its_scorer(
    kind: ReferenceKind, expected: str | None, output: str | None, unjudged: str | None, judged: str | None
) -> None:
    case = replace(CASE, reference_kind=kind, expected=expected, output=output)
    assert chosen_name(case, judged=False) == unjudged
    assert chosen_name(case, judged=True) == judged


@given(
    st.sampled_from(get_args(ReferenceKind)),
    st.none() | st.text(max_size=60),
    st.none() | st.text(max_size=60),
)
def test_every_case_falls_under_exactly_one_rule_and_one_scorer_at_most_takes_it(
    kind: ReferenceKind, expected: str | None, output: str | None
) -> None:
    case = replace(CASE, reference_kind=kind, expected=expected, output=output)
    assert rule_of(case) in RULES
    suiting = [scorer for scorer in UNJUDGED if scorer.suits(case)]
    assert [scorer.name for scorer in suiting] == [name for name in [chosen_name(case, judged=False)] if name]


def test_the_rules_cover_each_kind_with_each_form_once_and_name_scorers_that_there_are() -> None:
    covered = [(kind, form) for rule in RULES for kind in rule.kinds for form in rule.forms]
    assert len(covered) == len(set(covered))
    assert {kind for kind, _ in covered} == set(get_args(ReferenceKind))
    kinds = set(get_args(ReferenceKind)) - {"none"}
    assert set(covered) == {(kind, form) for kind in kinds for form in Form if form is not Form.NOTHING} | {
        ("none", Form.NOTHING)
    }
    named = {name for rule in RULES for name in (rule.judged, rule.unjudged) if name}
    assert named <= KINDS.keys()


def test_what_is_written_without_spaces_is_short_by_its_letters() -> None:
    assert form_of(replace(CASE, expected="東京")) is Form.LABEL
    assert form_of(replace(CASE, expected="東京は日本の首都です")) is Form.TEXT
    assert form_of(replace(CASE, expected="x" * 41)) is Form.TEXT


UNJUDGED = build_scorers([], Means())
