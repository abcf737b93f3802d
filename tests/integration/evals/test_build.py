"""Scorers are built from names; a name that is none, and a function that is wrong, are told what there is to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ran import a_case
from sayso_ingest.errors import UsageError
from sayso_ingest.evals.scorers import KINDS, Means, build_scorer, build_scorers
from sayso_ingest.evals.scorers.own import OwnScorer
from sayso_ingest.judge import Rubric
from sayso_ingest.models import Address, Advice, ChatModel

CASE = replace(a_case(1), expected="the cat sat", variables={"tone": "dry"})
MEANS = Means(
    judge=ChatModel(Address("http://127.0.0.1:9/v1", "small"), advice=Advice("--judge", "SAYSO_MODEL_KEY")),
    rubric=Rubric.parse("Good?", name="good"),
    baseline={},
    against="run-1",
)


def test_every_kind_is_built_by_its_name_which_results_begin_with() -> None:
    for kind in KINDS:
        assert build_scorer(kind, MEANS).name.partition(":")[0] == kind


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("overlap=0.7", "overlap=0.7"),
        ("overlap=0.5", "overlap"),
        ("regex:a=b:c", "regex:a=b:c"),
        ("embedding", "embedding:hash-256"),
        ("embedding=0.4", "embedding:hash-256=0.4"),
    ],
)
def test_an_option_stands_behind_the_name_and_results_have_it_too(name: str, called: str) -> None:
    assert build_scorer(name, Means()).name == called


def test_scorers_keep_the_order_in_which_they_are_named_each_once() -> None:
    names = ["overlap", "exact", "overlap=0.5", "json"]
    assert [scorer.name for scorer in build_scorers(names, Means())] == ["overlap", "exact", "json"]


def test_an_embedding_passes_from_where_its_embedder_finds_paraphrases() -> None:
    scorer = build_scorer("embedding", Means())
    assert scorer.score(CASE, "The cat sat!").passed
    assert not scorer.score(CASE, "Buy stocks").passed
    assert scorer.score(CASE, "").value == 0


@pytest.mark.parametrize("name", ["exat", "", "exact=0.5", "overlap:0.5", "Judge"])
def test_a_name_that_is_none_is_told_which_there_are(name: str) -> None:
    with pytest.raises(UsageError, match=r"exact, normalised, contains, regex|names no function|cannot be"):
        build_scorer(name, MEANS)


@pytest.mark.parametrize("option", ["2", "-1", "high", "nan"])
def test_a_bound_that_is_no_score_is_wrong(option: str) -> None:
    with pytest.raises(UsageError, match="from 0 to 1"):
        build_scorer(f"overlap={option}", Means())


@pytest.mark.parametrize("name", ["judge", "pairwise"])
def test_a_judge_needs_a_model_and_a_rubric(name: str) -> None:
    for means in (Means(), replace(MEANS, rubric=None), replace(MEANS, judge=None)):
        with pytest.raises(UsageError, match="--judge MODEL --rubric FILE"):
            build_scorer(name, means)


def test_a_rubric_without_a_judge_is_not_left_unused_in_silence() -> None:
    with pytest.raises(UsageError, match="no model to judge by it"):
        build_scorers([], replace(MEANS, judge=None))


def test_without_names_the_rules_choose_and_with_a_judge_what_is_long_is_judged() -> None:
    long = replace(CASE, expected="Open the settings and press the button there.")
    assert [scorer.name for scorer in build_scorers([], Means()) if scorer.suits(long)] == ["overlap"]
    assert [scorer.name for scorer in build_scorers([], MEANS) if scorer.suits(long)] == [
        f"judge:{MEANS.rubric.id if MEANS.rubric else ''}:small"
    ]


def test_a_function_of_ones_own_is_found_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "checks_of_tests.py").write_text("def polite(case):\n    return 'please' in case['output']\n")
    monkeypatch.chdir(tmp_path)
    scorer = build_scorer("checks_of_tests:polite", Means())
    assert scorer.name == "checks_of_tests:polite"
    assert [scorer.score(CASE, text).passed for text in ("please", "now!")] == [True, False]
    with pytest.raises(UsageError, match="has no attribute 'rude'"):
        build_scorer("checks_of_tests:rude", Means())


def own(function: Callable[[dict[str, Any]], Any]) -> OwnScorer:
    return OwnScorer("checks:own", function)


def test_a_function_is_handed_the_case_and_the_answer() -> None:
    handed: list[dict[str, Any]] = []
    own(lambda asked: bool(handed.append(asked))).score(CASE, "A cat.")
    assert handed == [
        {
            "input": CASE.input,
            "output": "A cat.",
            "expected": "the cat sat",
            "variables": {"tone": "dry"},
            "case_id": CASE.case_id,
        }
    ]


@pytest.mark.parametrize(
    ("returned", "score"),
    [
        (0.4, (0.4, False, "")),
        (1, (1.0, True, "")),
        (True, (1.0, True, "")),
        (None, (None, None, "")),
        (SimpleNamespace(item=lambda: False), (0.0, False, "")),
        ({"score": 0.4, "passed": True, "why": "near enough"}, (0.4, True, "near enough")),
        ({"score": None, "why": "no expected answer"}, (None, None, "no expected answer")),
    ],
)
def test_a_function_returns_a_number_a_truth_nothing_or_a_dict(returned: Any, score: object) -> None:
    found = own(lambda _: returned).score(CASE, "A cat.")
    assert (found.value, found.passed, found.why) == score


@pytest.mark.parametrize(
    "returned",
    [
        1.5,
        -0.1,
        float("nan"),
        "good",
        [],
        {},
        {"score": "x"},
        {"score": 1, "reason": "?"},
        {"score": 1, "why": 2},
        {"score": 1, "passed": "yes"},
    ],
)
def test_what_is_no_score_is_an_error_that_names_the_function_and_the_case(returned: Any) -> None:
    with pytest.raises(UsageError, match=f"checks:own returned .*{CASE.case_id}.*Return a number"):
        own(lambda _: returned).score(CASE, "A cat.")


def test_a_function_that_fails_is_named_with_its_error_and_the_case() -> None:
    with pytest.raises(UsageError, match=rf"checks:own failed on case {CASE.case_id} \(ZeroDivisionError"):
        own(lambda asked: 1 / 0).score(CASE, "A cat.")
