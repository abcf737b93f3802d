"""Several samples of a case: what most agree on, which is best, and what either adds for its cost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.evals.runs import Result
from sayso_ingest.evals.runs.samples import BEST, CONSISTENCY, consensus, gains
from sayso_ingest.models import Outcome

JUDGE = "judge:helpful@1a2b3c4d:small"


def sample(case: int, number: int, output: str | None, score: float | None, **changed: object) -> Result:
    result = Result(
        case_id=f"case {case:03}",
        sample=number,
        split="dev",
        stratum="mined",
        topic="",
        outcome=Outcome.ANSWERED,
        output=output,
        scorer="exact",
        score=score,
        passed=None if score is None else score >= 0.5,
        scores={"exact": score},
    )
    return replace(result, **changed)  # type: ignore[arg-type] - fields of a result


@pytest.mark.parametrize(
    ("texts", "place"),
    [
        (["5", "4", "4."], 1),
        (["Yes.", "no", "YES", "no", "yes"], 0),
        (["a dog", "the cat sat down", "the cat sat"], 1),
        (["a b", "a b", "a c", "a c", "a c d"], 2),
        (["one"], 0),
        (["", ""], 0),
    ],
)
def test_what_most_agree_on_is_taken_or_else_what_is_most_like_the_others(
    texts: list[str], place: int
) -> None:
    assert consensus(texts) == place


@given(st.lists(st.text(st.characters(), max_size=8), min_size=1, max_size=6))
def test_one_of_any_texts_is_taken_and_a_majority_always_is(texts: list[str]) -> None:
    assert 0 <= consensus(texts) < len(texts)
    assert consensus([*texts, *(["the same"] * (len(texts) + 1))]) == (
        texts.index("the same") if "the same" in texts else len(texts)
    )


def test_agreement_is_held_against_one_sample_by_case() -> None:
    results = [
        sample(case, number, output, float(output == "right"), cost=0.5)
        for case, outputs in enumerate([["right", "right", "wrong"], ["wrong", "right", "wrong"]] * 10)
        for number, output in enumerate(outputs)
    ]
    (gain,) = gains(results)
    assert (gain.way, gain.by, gain.cases, gain.samples, gain.warning) == (CONSISTENCY, "", 20, 3, "")
    assert gain.compared
    assert gain.compared.a.mean == pytest.approx(0.5)
    assert gain.compared.b.mean == pytest.approx(0.5)
    assert (gain.compared.wins, gain.compared.losses) == (10, 10)
    assert gain.compared.interval.low < 0 < gain.compared.interval.high
    assert (gain.cost_one, gain.cost_all) == (pytest.approx(10), pytest.approx(30))


def judged(case: int, scores: list[float | None], **changed: object) -> list[Result]:
    return [
        sample(case, number, f"answer {number}", score, scores={JUDGE: score}, **changed)
        for number, score in enumerate(scores)
    ]


def test_the_best_by_a_judge_that_also_scores_is_said_to_be_optimistic() -> None:
    results = [one for case in range(10) for one in judged(case, [0.0, 1.0, 0.5], scorer=JUDGE)]
    _, best = gains(results)
    assert (best.way, best.by, best.cases) == (BEST, JUDGE, 10)
    assert best.compared
    assert (best.compared.a.mean, best.compared.b.mean) == (pytest.approx(0.5), pytest.approx(1.0))
    assert "the true gain is smaller" in best.warning


def test_the_best_by_a_judge_is_worth_what_another_scorer_says() -> None:
    results = [
        replace(one, scores={JUDGE: float(one.sample == 2), "exact": one.score})
        for case in range(10)
        for one in judged(case, [1.0, 1.0, 0.0])
    ]
    _, best = gains(results)
    assert best.compared
    assert best.compared.b.mean == 0
    assert not best.warning


@given(st.lists(st.lists(st.floats(0, 1), min_size=2, max_size=4), min_size=2, max_size=8))
def test_the_best_is_never_worse_than_any_one_by_the_judge_that_picked_it(scores: list[list[float]]) -> None:
    results = [one for case, some in enumerate(scores) for one in judged(case, list(some), scorer=JUDGE)]
    consistent, best = gains(results)
    assert consistent.compared
    assert best.compared
    assert best.compared.difference >= -1e-9
    assert best.compared.b.mean >= consistent.compared.b.mean - 1e-9
    assert gains(reversed(results)) == (consistent, best)


def test_one_sample_a_case_adds_nothing_to_speak_of() -> None:
    assert gains([sample(1, 0, "a", 1.0), sample(2, 0, "b", 0.0)]) == ()
    assert gains([]) == ()


def test_a_sample_without_an_answer_is_worth_nothing_and_has_no_say() -> None:
    failed = sample(1, 0, "", 0.0, outcome=Outcome.TRUNCATED)
    (gain,) = gains([failed, replace(failed, sample=1), sample(1, 2, "right", 1.0), failed, *pair(2)])
    assert gain.compared
    assert gain.compared.b.mean == 1
    assert gain.compared.a.mean == pytest.approx((0.25 + 1) / 2)


def pair(case: int) -> list[Result]:
    return [sample(case, number, "right", 1.0) for number in range(2)]


def test_cases_whose_answers_were_erased_or_not_scored_are_left_out() -> None:
    erased = [replace(one, output=None) for one in pair(1)]
    unscored = [replace(one, score=None) for one in pair(2)]
    (gain,) = gains([*erased, *unscored, *pair(3)])
    assert (gain.cases, gain.compared, gain.cost_one, gain.cost_all) == (1, None, None, None)
