"""What is known about an interaction that nobody has judged."""

from __future__ import annotations

import numpy as np
from sayso_ingest.mining.hardness.hard import Evidence, hardness
from sayso_ingest.mining.hardness.prior import EACH_SIDE, UNLABELLED, answer_similarity, estimate, features


def test_an_answer_that_speaks_of_the_question_is_closer_to_it() -> None:
    questions = ["How do I return a parcel?"] * 2
    close, far = answer_similarity(questions, ["You return a parcel at any shop.", "We open at nine."])
    assert close > far


def test_an_unknown_answer_has_no_similarity() -> None:
    assert np.isnan(answer_similarity(["Where?", "When?"], [None, ""])).all()


def test_without_verdicts_the_rank_of_similarity_stands_in_and_stays_cautious() -> None:
    similarity = np.array([0.1, 0.9, np.nan, 0.5])
    prior = estimate(np.zeros((4, 2)), similarity, np.full(4, np.nan))
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
    inputs = random.normal(size=(400, 2))
    rate = np.where(inputs[:, 0] + 0.3 * random.normal(size=400) < 0, 1.0, 0.0)
    rate[200:] = np.nan
    prior = estimate(inputs, inputs[:, 0], rate)
    assert prior.auc is not None
    assert prior.auc > 0.9
    assert np.corrcoef(prior.probability[200:], inputs[200:, 0])[0, 1] < -0.8


def test_a_model_that_predicts_nothing_gives_way_to_the_base_rate() -> None:
    random = np.random.default_rng(3)
    inputs = random.normal(size=(2000, 2))
    rate = (np.arange(2000) % 4 == 0).astype(float)
    prior = estimate(inputs, inputs[:, 0], rate)
    assert np.allclose(prior.probability, 0.25)


def test_too_few_verdicts_of_one_side_fit_no_model() -> None:
    rate = np.array([1.0] * 500 + [0.0] * (EACH_SIDE - 1))
    assert estimate(np.zeros((len(rate), 2)), np.zeros(len(rate)), rate).auc is None


def test_missing_model_inputs_take_the_middle_of_the_others() -> None:
    rows = features(np.array([0.2, np.nan, 0.4]), ["a", None, "abc"])
    assert np.isclose(rows[1, 0], 0.3)
    assert not np.isnan(rows).any()
