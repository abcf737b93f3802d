"""A judge held against people: rates that are right though the judge is not, and scores turned into probabilities."""

from __future__ import annotations

import numpy as np
import pytest
from sayso_ingest.analysis.stats.judge import Labels, calibrate, corrected_rate, reliability


def labels(random: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """What people say of so many things, 60 % yes, and a judge that is right of 85 % and says yes too often."""
    people = random.random(count) < 0.6
    judge = np.where(people, random.random(count) < 0.95, random.random(count) < 0.3)
    return people.astype(float), judge.astype(float)


@pytest.mark.parametrize("labelled", [50, 100, 200])
def test_a_rate_corrected_by_people_holds_the_truth_and_is_surer_than_people_alone(
    labelled: int,
) -> None:
    random = np.random.default_rng(labelled)
    held, width, alone, judged = [], [], [], []
    for _ in range(500):
        people, judge = labels(random, labelled)
        _, rest = labels(random, 900)
        found, plain = corrected_rate(people, judge, rest), corrected_rate(people, judge, rest[:0])
        assert found
        assert plain
        held.append(found.low <= 0.6 <= found.high)
        width.append(found.high - found.low)
        alone.append(plain.high - plain.low)
        judged.append(rest.mean())
    assert 0.93 <= np.mean(held) <= 0.97
    assert np.mean(width) < 0.9 * np.mean(alone)
    assert np.mean(judged) > 0.65  # the judge by itself is wrong


@pytest.mark.parametrize("labelled", [50, 100, 200])
@pytest.mark.parametrize("truth", [0.05, 0.1])
def test_a_rate_near_an_end_is_held_as_often(truth: float, labelled: int) -> None:
    random = np.random.default_rng(labelled)
    held = []
    for _ in range(1000):
        people = random.random(labelled + 900) < truth
        judge = np.where(people, random.random(len(people)) < 0.95, random.random(len(people)) < 0.3)
        both, rest = judge[:labelled].astype(float), judge[labelled:].astype(float)
        found = corrected_rate(people[:labelled].astype(float), both, rest)
        assert found
        held.append(found.low <= truth <= found.high)
    assert 0.93 <= np.mean(held) <= 0.98


@pytest.mark.parametrize(
    ("people", "differ"), [(150, 0.0), (20, 0.0), (5, 0.0), (20, 0.2), (5, 0.2), (3, 0.2)]
)
def test_the_truth_is_held_where_people_say_much_and_differ_and_where_they_do_not(
    people: int, differ: float
) -> None:
    """Of 150 labels, forty of one person where there are few; each is stricter or milder by `differ` or so."""
    random = np.random.default_rng(people)
    held, as_if_alone = [], []
    for _ in range(500):
        quality = random.random(900)
        judge = (random.random(900) < 0.2 + 0.7 * quality).astype(float)
        person = random.permutation(np.arange(150) % people)
        if people < 150:
            person[:40] = 0
        person = np.unique(person, return_inverse=True)[1]
        mild = random.normal(0, differ, people)
        said = (random.random(150) < 0.25 + 0.5 * quality[:150] + mild[person]).astype(float)
        labels = Labels(np.arange(150), person, said)
        for found, one in ((held, labels), (as_if_alone, None)):
            rate = corrected_rate(said, judge[:150], judge[150:], labels=one)
            assert rate
            found.append(rate.low <= 0.5 <= rate.high)
    assert (
        0.92 <= np.mean(held) <= 0.995
    )  # 93 to 97 of 3,000 draws where they differ; of 500 it is off by one or so
    if differ:
        assert np.mean(as_if_alone) < 0.9  # so that this test can fail


def test_labels_each_of_somebody_else_are_worth_what_they_were() -> None:
    random = np.random.default_rng(1)
    people, judge = labels(random, 150)
    _, rest = labels(random, 900)
    each = Labels(np.arange(150), np.arange(150), people)
    one = Labels(np.arange(150), np.zeros(150, dtype=np.int64), people)
    plain, found, alone = (corrected_rate(people, judge, rest, labels=given) for given in (None, each, one))
    assert plain
    assert found
    assert alone == plain  # of one person nothing is known about how people differ
    assert (found.rate, found.low, found.high) == pytest.approx((plain.rate, plain.low, plain.high), abs=2e-3)


def test_a_judge_that_knows_nothing_is_not_trusted() -> None:
    random = np.random.default_rng(0)
    people, judge, rest = (random.integers(0, 2, size).astype(float) for size in (500, 500, 5000))
    found = corrected_rate(people, judge, rest)
    assert found
    assert found.trust < 0.15


def test_where_people_all_say_the_same_the_rate_is_not_certain() -> None:
    found = corrected_rate(np.ones(20), np.ones(20), np.ones(100))
    assert found
    assert found.rate == 1
    assert found.low < 0.9


def test_one_label_is_no_rate() -> None:
    assert corrected_rate(np.ones(1), np.ones(1), np.ones(100)) is None


@pytest.mark.parametrize(("count", "method"), [(200, "Platt"), (2000, "isotonic")])
def test_scores_become_probabilities_that_come_true(count: int, method: str) -> None:
    random = np.random.default_rng(count)
    scores = random.uniform(1, 10, 2 * count)
    truth = 1 / (1 + np.exp(scores - 4))
    disliked = (random.random(2 * count) < truth).astype(float)
    fitted = calibrate(scores[:count], disliked[:count])
    assert fitted
    assert fitted.method == method
    foretold = fitted(scores[count:])
    assert np.abs(foretold - truth[count:]).mean() < 0.06
    assert (np.diff(fitted(np.linspace(1, 10, 50))) <= 1e-9).all()
    assert reliability(foretold, disliked[count:]).error < 0.1


def test_labels_that_are_all_the_same_fit_nothing() -> None:
    assert calibrate(np.arange(10.0), np.zeros(10)) is None


def test_reliability_by_hand() -> None:
    found = reliability(np.array([0.1, 0.1, 0.9, 1.0]), np.array([0.0, 1.0, 1.0, 1.0]))
    assert [(one.foretold, one.happened, one.count) for one in found.bins] == [(0.1, 0.5, 2), (0.95, 1.0, 2)]
    assert found.error == pytest.approx(0.225)
    assert found.bins[0].low < 0.5 < found.bins[0].high


def test_with_nothing_foretold_there_is_no_error() -> None:
    assert reliability(np.zeros(0), np.zeros(0)).bins == ()
