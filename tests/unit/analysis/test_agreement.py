"""Agreement: equal to the reference packages, and never a warning where there is little."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.analysis.stats.agreement import alpha, cohen
from sayso_ingest.analysis.stats.annotators import dawid_skene, majority
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa

Ratings = st.lists(
    st.lists(st.sampled_from(["good", "bad", "ugly", None]), min_size=12, max_size=12), min_size=2, max_size=5
)


@given(Ratings)
def test_alpha_is_that_of_the_reference_package(ratings: list[list[str | None]]) -> None:
    codes = {"good": 0.0, "bad": 1.0, "ugly": 2.0, None: np.nan}
    data = np.array([[codes[x] for x in row] for row in ratings])
    found = alpha(by_thing(ratings))
    if math.isnan(found):
        twice = data[:, (~np.isnan(data)).sum(axis=0) >= 2]
        assert len(np.unique(twice[~np.isnan(twice)])) < 2
    else:
        assert found == pytest.approx(
            krippendorff.alpha(reliability_data=data, level_of_measurement="nominal"), abs=1e-9
        )


def test_alpha_by_hand() -> None:
    """The example of Krippendorff (2011), "Computing Krippendorff's alpha-reliability", part C."""
    ratings = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    things = by_thing(ratings)
    assert alpha(things) == pytest.approx(0.743, abs=5e-4)
    assert alpha(things, level="ordinal") == pytest.approx(0.815, abs=5e-4)
    assert alpha(things, level="interval") == pytest.approx(0.849, abs=5e-4)


def by_thing(ratings: Sequence[Sequence[Hashable]]) -> list[list[Hashable]]:
    """What raters said, a row a thing."""
    return [[label for label in said if label is not None] for said in zip(*ratings, strict=True)]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=60))
def test_kappa_is_that_of_the_reference_packages(pairs: list[tuple[str, str]]) -> None:
    found = cohen([a for a, _ in pairs], [b for _, b in pairs])
    assert found
    assert found.same == pytest.approx(np.mean([a == b for a, b in pairs]))
    if len({x for pair in pairs for x in pair}) > 1:
        assert found.kappa == pytest.approx(cohen_kappa_score(*zip(*pairs, strict=True)), abs=1e-9)
        table = np.zeros((3, 3))
        np.add.at(table, tuple(np.array([["abc".index(x) for x in pair] for pair in pairs]).T), 1)
        with np.errstate(all="ignore"):  # it divides by a deviation that may be 0, for a test of its own
            theirs = cohens_kappa(table)
        if theirs.var_kappa > 1e-12:  # below it rounding decides, and may leave less than nothing
            assert found.low == pytest.approx(max(-1, theirs.kappa_low), abs=1e-9)
            assert found.high == pytest.approx(min(1, theirs.kappa_upp), abs=1e-9)
        assert -1 <= found.low <= found.kappa + 1e-9
        assert found.kappa - 1e-9 <= found.high <= 1


def test_what_only_one_rater_saw_does_not_count() -> None:
    found = cohen(["up", None, "down"], ["up", "up", None])
    assert found
    assert (found.things, found.same) == (1, 1)


def test_raters_with_nothing_in_common_have_no_agreement() -> None:
    assert cohen([None, "up"], ["up", None]) is None
    assert math.isnan(alpha([["up"], ["up"]]))
    assert math.isnan(alpha([["up", "up"], ["up", "up"]]))
    assert math.isnan(alpha([]))


def test_dawid_and_skene_find_more_right_labels_than_a_majority_where_annotators_differ() -> None:
    random = np.random.default_rng(0)
    right = random.integers(0, 2, 400)
    things, annotators = np.repeat(np.arange(400), 7), np.tile(np.arange(7), 400)
    skill = np.array([0.95, 0.9, 0.55, 0.5, 0.5, 0.55, 0.5])[annotators]
    labels = np.where(random.random(len(things)) < skill, right[things], 1 - right[things])
    found = dawid_skene(things, annotators, labels)
    by_majority = np.array([majority(things, labels)[thing] for thing in range(400)])
    assert (found.labels == right).mean() > (by_majority == right).mean() + 0.1
    assert (found.labels == right).mean() > 0.93
    assert found.accuracy[:2].min() > found.accuracy[2:].max() + 0.2


def test_dawid_and_skene_by_hand() -> None:
    """Two annotators who agree on all but one of four things, and a third who answers at random."""
    things = np.repeat(np.arange(4), 3)
    annotators = np.tile(np.arange(3), 4)
    labels = np.array([0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0])
    found = dawid_skene(things, annotators, labels)
    assert found.labels.tolist() == [0, 1, 0, 1]
    assert found.probability.sum(axis=1) == pytest.approx(np.ones(4))
    assert found.confusion.sum(axis=2) == pytest.approx(np.ones((3, 2)))
    assert found.prior == pytest.approx([0.5, 0.5], abs=0.01)


def test_dawid_and_skene_are_those_of_the_reference_package() -> None:
    """crowd-kit 1.4.2 gives these probabilities (`tol=0`, until nothing changes); it smooths nothing."""
    answers = "1111 1100 0001 1010 1000 0001 0001 0101 0100 1110 1001 0101 1111 0010"
    often = [0.046937045490, 0.109182806000, 0.643626501535]
    ones = [1, 1, often[0], 1, 1, often[0], often[0], often[1], 1, 1, often[2], often[1], 1, 1]
    labels = np.array([int(label) for said in answers.split() for label in said])
    things, annotators = np.repeat(np.arange(14), 4), np.tile(np.arange(4), 14)
    found = dawid_skene(things, annotators, labels, smooth=1e-14)
    assert found.probability[:, 1] == pytest.approx(ones, abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=80))
def test_whatever_is_answered_the_probabilities_add_up_to_one(answers: list[tuple[int, int, int]]) -> None:
    things, annotators, labels = (
        np.unique(column, return_inverse=True)[1] for column in zip(*answers, strict=True)
    )
    found = dawid_skene(things, annotators, labels)
    assert found.probability.sum(axis=1) == pytest.approx(np.ones(things.max() + 1))
    assert np.isfinite(found.confusion).all()
