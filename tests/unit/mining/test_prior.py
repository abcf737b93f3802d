"""What is known about an interaction that nobody has judged."""

from __future__ import annotations

import numpy as np
import pytest
from sayso_ingest.mining.arrays import Floats, unit
from sayso_ingest.mining.hardness.calibration import calibration_error
from sayso_ingest.mining.hardness.fit import Fit
from sayso_ingest.mining.hardness.hard import Evidence, hardness
from sayso_ingest.mining.hardness.neighbours import of_others
from sayso_ingest.mining.hardness.prior import EACH_SIDE, UNLABELLED, estimate, features
from sklearn.metrics import roc_auc_score
from unit.mining.builders import vectors


def fit(likeness: Floats) -> Fit:
    """Answers whose likeness to their questions is all there is to tell them by."""
    alike = np.where(np.isnan(likeness), np.nan, 0.0)
    return Fit(likeness, distinctness=alike, share=alike, length=alike)


def test_without_verdicts_the_rank_of_how_badly_answers_fit_stands_in_and_stays_cautious() -> None:
    prior = estimate(fit(np.array([0.1, 0.9, np.nan, 0.5])), np.full(4, np.nan))
    assert prior.auc is None
    assert prior.probability[0] > prior.probability[3] > prior.probability[1]
    assert prior.probability[2] == sum(UNLABELLED) / 2
    assert UNLABELLED[0] <= prior.probability.min() <= prior.probability.max() <= UNLABELLED[1]


def test_whatever_the_guesses_one_dislike_is_harder_than_silence() -> None:
    easiest, hardest = UNLABELLED
    liked_looking = Evidence({}, votes=np.ones(1), disliked=np.ones(1), verdicts=[[]])
    assert hardness(liked_looking, np.array([easiest]))[0] >= hardest


def test_a_model_is_used_when_it_predicts_verdicts_it_has_not_seen() -> None:
    random = np.random.default_rng(0)
    likeness = random.normal(size=400)
    rate = np.where(likeness + 0.3 * random.normal(size=400) < 0, 1.0, 0.0)
    rate[200:] = np.nan
    prior = estimate(fit(likeness), rate)
    assert prior.auc is not None
    assert prior.auc > 0.9
    assert np.corrcoef(prior.probability[200:], likeness[200:])[0, 1] < -0.8


def test_verdicts_can_turn_round_what_the_texts_alone_say() -> None:
    random = np.random.default_rng(1)
    likeness = random.normal(size=600)
    rate = np.where(likeness + 0.3 * random.normal(size=600) > 0, 1.0, 0.0)
    assert np.corrcoef(estimate(fit(likeness), rate).probability, likeness)[0, 1] > 0.8


def test_a_model_that_predicts_nothing_gives_way_to_the_base_rate() -> None:
    likeness = np.random.default_rng(3).normal(size=2000)
    prior = estimate(fit(likeness), (np.arange(2000) % 4 == 0).astype(float))
    assert np.allclose(prior.probability, 0.25)


def test_too_few_verdicts_of_one_side_fit_no_model() -> None:
    rate = np.array([1.0] * 500 + [0.0] * (EACH_SIDE - 1))
    assert estimate(fit(np.zeros(len(rate))), rate).auc is None


def test_missing_model_inputs_take_the_middle_of_the_others() -> None:
    inputs = features(fit(np.array([0.2, np.nan, 0.4])))
    assert (inputs[1] == 0).all()
    assert inputs[0, 0] > 0 > inputs[2, 0]


def test_a_model_says_how_far_its_probabilities_are_from_what_happened() -> None:
    sure = np.repeat([0.0, 1.0], 50)
    assert calibration_error(sure, sure.astype(np.int64)) == 0
    assert calibration_error(np.full(100, 0.9), np.resize([0, 1], 100)) == pytest.approx(0.4)


def test_how_like_questions_fared_is_heeded_where_failures_are_of_a_topic() -> None:
    random = np.random.default_rng(5)
    topic = random.integers(0, 8, size=800)
    near = unit((np.eye(8)[topic] + 0.2 * random.normal(size=(800, 8))).astype(np.float32))
    truth = (topic < 3).astype(float)
    rate = np.where(np.arange(800) < 300, truth, np.nan)
    likeness = random.normal(size=800)
    prior = estimate(fit(likeness), rate, near)
    assert "how like questions fared" in prior.method
    assert roc_auc_score(truth[300:], prior.probability[300:]) > 0.9


def test_how_like_questions_fared_is_left_out_where_failures_are_of_an_answer() -> None:
    random = np.random.default_rng(6)
    likeness = random.normal(size=800)
    rate = np.where(likeness + 0.5 * random.normal(size=800) < 0, 1.0, 0.0)
    found = estimate(fit(likeness), rate, vectors(800, seed=7))
    assert found.method == estimate(fit(likeness), rate).method
    assert np.array_equal(found.probability, estimate(fit(likeness), rate).probability)


def test_nobody_is_told_their_own_verdict_by_neighbours() -> None:
    alone = np.eye(100, dtype=np.float32)  # no question is like another
    assert np.allclose(of_others(alone, np.resize([0, 1], 100)), 0.5)
