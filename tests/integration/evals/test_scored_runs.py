"""In a run each case is scored by what suits it, and what nothing can score is answered and counted."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

from ran import Function, a_case, a_plan
from sayso_ingest import evalsets
from sayso_ingest.evals.runs import Result
from sayso_ingest.evals.runs.carry_out import Carried, carry_out
from sayso_ingest.evals.runs.draft import open_draft
from sayso_ingest.evals.runs.summary import summarise
from sayso_ingest.evals.scorers import Means, build_scorers
from sayso_ingest.evals.systems import Answer, Asked
from sayso_ingest.models import Outcome

LONG = "Open the settings and press the button at the end."
CASES = [
    a_case(0),
    a_case(1, expected='{"days": 42}'),
    a_case(2, expected="42 days", output=LONG, reference_kind="human_edit"),
    a_case(3, expected=LONG, output=LONG, reference_kind="accepted"),
    a_case(4, expected=None, output=LONG, reference_kind="none"),
]
ANSWERS = {
    "What is 0?": "0.",
    "What is 1?": 'It is {"days": 42.0}.',
    "What is 2?": "It takes 42 days.",
    "What is 3?": "Press the button in the settings.",
    "What is 4?": "Who knows?",
}


def run(folder: Path, answer: Function, *names: str) -> dict[str, Result]:
    version = evalsets.promote(folder, "kinds", CASES, note="made for a test")
    plan = replace(a_plan(version, answer), scorers=build_scorers(names, Means()))
    inputs = {case.case_id: case.input for case in version.cases}
    with open_draft(folder, plan) as draft:
        found = carry_out(plan, draft, Carried(), at_once=2, stopped=threading.Event())
        return {inputs[result.case_id]: result for result in found}


def answers(asked: Asked) -> str:
    return ANSWERS[asked.input]


def test_where_nobody_names_a_scorer_the_rules_choose_one_for_each_case(tmp_path: Path) -> None:
    results = run(tmp_path, Function(answers))
    assert {question: (one.scorer, one.passed) for question, one in sorted(results.items())} == {
        "What is 0?": ("normalised", True),
        "What is 1?": ("json", True),
        "What is 2?": ("contains", True),
        "What is 3?": ("overlap", True),
        "What is 4?": (None, None),
    }
    assert all(list(one.scores) == ([one.scorer] if one.scorer else []) for one in results.values())
    summary = summarise(results.values())
    assert (summary.whole.cases, summary.whole.unscored, summary.answered) == (5, 1, 5)


def test_of_named_scorers_the_first_that_suits_gives_the_score_and_all_that_suit_are_kept(
    tmp_path: Path,
) -> None:
    results = run(tmp_path, Function(answers), "json", "exact", "overlap")
    assert {question: list(one.scores) for question, one in sorted(results.items())} == {
        "What is 0?": ["exact", "overlap"],
        "What is 1?": ["json", "exact", "overlap"],
        "What is 2?": ["exact", "overlap"],
        "What is 3?": ["exact", "overlap"],
        "What is 4?": [],
    }
    assert (results["What is 0?"].scorer, results["What is 0?"].score) == ("exact", 0.0)
    assert (results["What is 1?"].scorer, results["What is 1?"].score) == ("json", 1.0)


def test_what_a_system_itself_fails_is_worth_nothing_by_the_scorer_that_suits(tmp_path: Path) -> None:
    results = run(tmp_path, Function(lambda _: Answer(Outcome.TRUNCATED, "0")))
    assert [(one.scorer, one.score) for _, one in sorted(results.items())] == [
        ("normalised", 0.0),
        ("json", 0.0),
        ("contains", 0.0),
        ("overlap", 0.0),
        (None, None),
    ]
