"""What a run comes to in figures: by case, however many samples each has and in whatever order they came."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.analysis import wilson
from sayso_ingest.evals.runs import Result
from sayso_ingest.evals.runs.summary import Summary, case_passed, case_score, summarise
from sayso_ingest.models import Outcome


def a_result(case: int = 0, sample: int = 0, score: float | None = 1.0, **changed: object) -> Result:
    result = Result(
        case_id=f"case {case:03}",
        sample=sample,
        split="held_out" if case % 5 == 0 else "dev",
        stratum="mined" if case % 2 else "random",
        topic="",
        outcome=Outcome.ANSWERED,
        output="yes",
        scorer="exact",
        score=score,
        passed=None if score is None else score >= 0.5,
        scores={"exact": score},
        latency_ms=10.0,
    )
    return replace(result, **changed)  # type: ignore[arg-type] - fields of a result


def summary_of(scores: list[list[float | None]]) -> Summary:
    return summarise(
        a_result(case, sample, score)
        for case, samples in enumerate(scores)
        for sample, score in enumerate(samples)
    )


SCORES = st.lists(
    st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=1, max_size=4), min_size=0, max_size=20
)


@given(SCORES)
def test_every_case_is_in_one_split_and_one_stratum_and_scored_or_not(
    scores: list[list[float | None]],
) -> None:
    summary = summary_of(scores)
    whole = summary.whole
    assert whole.cases == len(scores)
    for parts in (summary.by_split, summary.by_stratum):
        assert sum(part.cases for part in parts.values()) == whole.cases
        assert sum(part.unscored for part in parts.values()) == whole.unscored
    assert whole.unscored == sum(all(score is None for score in samples) for samples in scores)
    assert summary.answers == summary.answered == sum(map(len, scores))


@given(SCORES.filter(lambda scores: any(score is not None for samples in scores for score in samples)))
def test_the_score_is_the_mean_over_cases_of_the_mean_over_samples(scores: list[list[float | None]]) -> None:
    there = [[score for score in samples if score is not None] for samples in scores]
    means = [sum(samples) / len(samples) for samples in there if samples]
    score = summary_of(scores).whole.score
    assert score
    assert score.value == pytest.approx(sum(means) / len(means))
    assert score.low <= score.value <= score.high
    assert score.count == len(means)


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(1, 5))
def test_the_same_answer_said_again_makes_a_pass_rate_no_surer(passed: list[bool], samples: int) -> None:
    rate = summary_of([[float(one)] * samples for one in passed]).whole.passed
    assert rate
    assert (rate.low, rate.high) == pytest.approx(wilson(sum(passed) / len(passed), len(passed)), abs=1e-9)


@given(SCORES, st.randoms())
def test_the_order_of_results_changes_nothing(scores: list[list[float | None]], random: object) -> None:
    results = [
        a_result(case, sample, score)
        for case, samples in enumerate(scores)
        for sample, score in enumerate(samples)
    ]
    mixed = list(results)
    random.shuffle(mixed)  # type: ignore[attr-defined] - a random.Random
    assert summarise(mixed) == summarise(results)


def test_nothing_comes_to_nothing() -> None:
    summary = summarise([])
    assert (summary.whole.score, summary.whole.passed, summary.latency, summary.cost) == (None,) * 4
    assert (summary.answers, summary.length, summary.by_split, summary.by_scorer) == (0, None, {}, {})


def test_how_answers_ended_is_counted() -> None:
    declined = a_result(2, outcome=Outcome.DECLINED, output="", score=0.0)
    away = a_result(3, outcome=Outcome.UNAVAILABLE, output="", score=None, scores={}, latency_ms=None)
    summary = summarise([a_result(0), a_result(1), declined, away])
    assert summary.outcomes == {"answered": 2, "declined": 1, "unavailable": 1}
    assert (summary.answered, summary.unanswered) == (2, 2)
    assert summary.whole.unscored == 1
    assert summary.whole.score
    assert summary.whole.score.value == pytest.approx(2 / 3)


def test_refusals_are_what_was_declined_and_what_is_answered_in_words_that_refuse() -> None:
    declined = a_result(0, outcome=Outcome.DECLINED, output="")
    answers = ["I'm sorry, I cannot.", "It is so, and that is it.", "Yes it is."]
    summary = summarise([declined, *(a_result(at, output=text) for at, text in enumerate(answers, start=1))])
    assert (summary.refusals, summary.words, summary.length) == (2, 5.0, 20.0)


def test_what_was_kept_from_before_took_no_time_but_has_its_cost() -> None:
    kept = a_result(0, cost=0.5, recalled=True, latency_ms=9000.0)
    asked = [a_result(number, cost=0.25, latency_ms=float(number)) for number in range(1, 102)]
    summary = summarise([kept, *asked])
    assert summary.latency
    assert (summary.latency.p50, summary.latency.p95, summary.latency.count) == (51.0, 96.0, 101)
    assert (summary.cost, summary.recalled) == (pytest.approx(0.5 + 101 * 0.25), 1)


def test_one_answer_has_a_latency_too() -> None:
    latency = summarise([a_result(latency_ms=12.5)]).latency
    assert latency
    assert (latency.p50, latency.p95) == (12.5, 12.5)


def test_money_that_nobody_names_is_none_not_nothing() -> None:
    assert summarise([a_result()]).cost is None


def test_an_answer_that_was_erased_has_a_score_but_no_length() -> None:
    summary = summarise([a_result(0, output=None, why=None), a_result(1, output="four")])
    assert summary.length == 4.0
    assert summary.whole.score
    assert summary.whole.score.count == 2


def test_each_scorer_has_its_mean_over_what_it_scored() -> None:
    results = [
        a_result(0, scores={"exact": 1.0, "overlap": 0.5}),
        a_result(1, score=0.0, scores={"exact": 0.0, "overlap": None}),
    ]
    means = summarise(results).by_scorer
    assert {name: (mean.value, mean.count) for name, mean in means.items()} == {
        "exact": (0.5, 2),
        "overlap": (0.5, 1),
    }


def test_a_case_is_scored_by_those_of_its_samples_that_have_a_score() -> None:
    samples = [a_result(score=1.0), a_result(sample=1, score=0.5), a_result(sample=2, score=None)]
    assert case_score(samples) == 0.75
    assert case_passed(samples) == 1.0
    assert (case_score(samples[2:]), case_passed(samples[2:])) == (None, None)
