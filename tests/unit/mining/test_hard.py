"""How hard an interaction is, and whose voice counts how much."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.mining.hardness.hard import hardness, voices, weigh
from sayso_ingest.mining.rows import Verdict
from unit.mining.builders import verdict

HALF = np.full(1, 0.5)


def score(verdicts: list[Verdict]) -> float:
    return float(hardness(weigh(["t1"], verdicts), HALF)[0])


votes = st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["up", "down"])), max_size=20)


@given(votes)
def test_hardness_stays_between_0_and_1(said: list[tuple[int, str]]) -> None:
    assert 0 <= score([verdict(value, who=f"actor:{who}") for who, value in said]) <= 1


@given(votes, st.integers(6, 9))
def test_one_more_person_who_dislikes_it_never_makes_it_easier(said: list[tuple[int, str]], who: int) -> None:
    before = [verdict(value, who=f"actor:{one}", name=str(n)) for n, (one, value) in enumerate(said)]
    assert score([*before, verdict("down", who=f"actor:{who}")]) >= score(before) - 1e-12


def test_silence_is_as_hard_as_the_prior_says() -> None:
    assert score([]) == 0.5


def test_a_person_counts_once_however_much_they_say_about_one_thing() -> None:
    once = [verdict("down"), verdict("up", who="actor:b")]
    often = [*once, *(verdict("down", name=name) for name in ("tone", "facts", "length"))]
    assert score(often) == score(once)


def test_every_signal_has_a_column_of_its_own() -> None:
    evidence = weigh(["t1", "t2"], [verdict("down"), verdict("accepted", kind="suggestion", who="actor:b")])
    assert evidence.columns["thumb"][0] == 1
    assert evidence.columns["suggestion"][0] == 0
    assert np.isnan(evidence.columns["rating"][0])
    assert np.isnan(evidence.columns["thumb"][1])


def test_somebody_who_says_far_more_than_others_weighs_less_each_time() -> None:
    loud = [verdict(target=f"t{n}", who="actor:loud") for n in range(300)]
    usual = [verdict(target=f"t{n}", who=f"actor:{n}") for n in range(50)]
    weights = voices([*loud, *usual])
    assert weights["actor:loud"] == pytest.approx(30 / 300)
    assert weights["actor:7"] == 1
    assert score([*usual, *loud]) > score(loud)


def test_nobody_is_loud_where_there_is_nobody_to_compare_with() -> None:
    alone = [verdict(target=f"t{n}") for n in range(300)]
    assert voices(alone) == {"actor:a": 1}


def test_annotators_and_judges_are_never_too_loud() -> None:
    work = [
        verdict("bad", kind="annotation", label="bad", target=f"t{n}", who="actor:annotator")
        for n in range(300)
    ]
    users = [verdict(target=f"t{n}", who=f"actor:{n}") for n in range(50)]
    assert voices([*work, *users])["actor:annotator"] == 1


def test_verdicts_about_other_targets_are_left_out() -> None:
    assert weigh(["t1"], [verdict(target="elsewhere")]).votes.sum() == 0
