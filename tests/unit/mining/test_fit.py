"""How well an answer fits its question, from their texts alone."""

from __future__ import annotations

import numpy as np
import pytest
from sayso_ingest.mining.hardness import fit
from sayso_ingest.mining.hardness.fit import fit_of

SUBJECTS = ("parcel", "invoice", "password", "subscription", "warranty", "voucher", "courier", "refund")
QUESTIONS = [f"What about my {subject}?" for subject in SUBJECTS]
ANSWERS = [f"About your {subject}: please write to us." for subject in SUBJECTS]


def test_an_answer_that_speaks_of_the_question_is_closer_to_it() -> None:
    questions = ["How do I return a parcel?"] * 2
    found = fit_of(questions, ["You return a parcel at any shop.", "We open at nine."])
    assert found.likeness[0] > found.likeness[1]
    assert found.share[0] > found.share[1]
    assert found.mismatch[0] < found.mismatch[1]


def test_an_unknown_answer_fits_neither_well_nor_badly() -> None:
    found = fit_of(["Where?", "When?"], [None, ""])
    assert np.isnan([found.likeness, found.distinctness, found.share, found.mismatch]).all()


def test_an_answer_to_another_question_is_less_distinct_than_one_to_its_own() -> None:
    right = fit_of(QUESTIONS, ANSWERS).distinctness
    swapped = fit_of(QUESTIONS, [ANSWERS[1], ANSWERS[0], *ANSWERS[2:]]).distinctness
    assert (right > 0).all()
    assert (swapped[:2] < 0).all()


def test_the_same_question_or_answer_elsewhere_takes_nothing_from_it() -> None:
    once = fit_of(QUESTIONS, ANSWERS).distinctness
    twice = fit_of([*QUESTIONS, QUESTIONS[0], "And this?"], [*ANSWERS, ANSWERS[0], ANSWERS[0]]).distinctness
    assert twice[0] > 0
    assert twice[0] == pytest.approx(once[0], abs=0.2)


def test_pairs_beyond_those_that_are_fitted_on_are_compared_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit, "FITTED", 4)
    monkeypatch.setattr(fit, "BLOCK", 3)
    found = fit_of(QUESTIONS, ANSWERS)
    assert not np.isnan(found.mismatch).any()
    assert (found.distinctness > 0).all()


def test_many_pairs_are_held_against_fewer_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit, "PAIRS", 8)
    found = fit_of(QUESTIONS, [ANSWERS[1], ANSWERS[0], *ANSWERS[2:]])
    assert found.distinctness[1] < 0  # the first pair is the one that is left
    assert (found.distinctness[2:] > 0).all()
