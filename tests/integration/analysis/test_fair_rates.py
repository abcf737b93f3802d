"""Rates in which nobody counts for more than five: the SQL says what the statistics in Python say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from integration.mining.project import publish
from sayso_ingest.analysis.stats.share import MOST, clustered_share
from sayso_ingest.mining.hardness.dislike import BAD, GOOD, dislikes
from sayso_ingest.warehouse import Published
from unit.mining.builders import verdict

PEOPLE = 'SELECT unnest(from_json(?, \'[{"k": "BIGINT", "n": "BIGINT"}]\'), recursive := true)'

said = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
"""Of one person: hits, and verdicts."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    with publish(tmp_path_factory.mktemp("project"), []) as opened:
        yield opened


def _expected(people: list[tuple[int, int]]) -> tuple[float, float, float]:
    """The rate and its interval, as Python has them."""
    weighed = np.array([[k * min(n, MOST) / n, min(n, MOST)] for k, n in people], dtype=np.float64)
    share = clustered_share(*weighed.T)
    assert share is not None
    return share.rate, share.low, share.high


def _in_sql(copy: Published, people: list[tuple[int, int]], select: str) -> tuple[float, ...]:
    rows = json.dumps([{"k": k, "n": n} for k, n in people])
    (row,) = copy.query(f"SELECT {select} FROM ({PEOPLE})", [rows])
    return tuple(row.values())


@given(people=st.lists(said, min_size=1, max_size=60))
@settings(deadline=None)
def test_the_rate_and_its_interval_are_those_of_the_statistics_in_python(
    copy: Published, people: list[tuple[int, int]]
) -> None:
    found = _in_sql(copy, people, "fair_rate(k, n), fair_low(k, n), fair_high(k, n)")
    assert found == pytest.approx(_expected(people), abs=1e-9)


@given(people=st.lists(said, min_size=1, max_size=60), silent=st.lists(st.integers(1, 300), max_size=30))
@settings(deadline=None)
def test_where_only_hits_have_rows_it_is_the_rate_of_all(
    copy: Published, people: list[tuple[int, int]], silent: list[int]
) -> None:
    everybody = people + [(0, n) for n in silent]
    m, mm = (sum(min(n, 5) ** power for _, n in everybody) for power in (1, 2))
    sums = f"{m}::DOUBLE, {mm}::DOUBLE, {len(everybody)}"
    found = _in_sql(
        copy, people, f"part_rate(k, n, {m}::DOUBLE), part_low(k, n, {sums}), part_high(k, n, {sums})"
    )
    assert found == pytest.approx(_expected(everybody), abs=1e-9)


def test_somebody_with_a_hundred_verdicts_moves_a_rate_no_more_than_with_five(copy: Published) -> None:
    others = [(1, 1)] * 20
    (few,) = _in_sql(copy, [*others, (0, 5)], "fair_rate(k, n)")
    (many,) = _in_sql(copy, [*others, (0, 100)], "fair_rate(k, n)")
    assert few == many == pytest.approx(20 / 25)


def test_whoever_is_not_asked_about_is_left_out(copy: Published) -> None:
    with_nobody = "(VALUES (1, 2), (0, NULL)) t(k, n)"
    without = "(VALUES (1, 2)) t(k, n)"
    select = "SELECT fair_rate(k, n) AS rate, fair_low(k, n) AS low, fair_high(k, n) AS high FROM"
    assert copy.query(f"{select} {with_nobody}") == copy.query(f"{select} {without}")


def test_a_rate_of_nobody_is_null(copy: Published) -> None:
    (row,) = copy.query(
        "SELECT fair_rate(k, n) AS rate, fair_low(k, n) AS low, fair_high(k, n) AS high "
        "FROM (SELECT 1 AS k, 1 AS n) WHERE k > 1"
    )
    assert row == {"rate": None, "low": None, "high": None}


def test_the_difference_of_two_rates_is_newcombes(copy: Published) -> None:
    """His example (a) of Table II: 56 of 70 against 48 of 80."""
    both = (
        "56 / 70, wilson_low(56, 70), wilson_high(56, 70), 48 / 80, wilson_low(48, 80), wilson_high(48, 80)"
    )
    (row,) = copy.query(f"SELECT difference_low({both}) AS low, difference_high({both}) AS high")
    assert (row["low"], row["high"]) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_labels_and_scores_speak_for_and_against_an_answer_as_in_mining(copy: Published) -> None:
    labels = [
        *sorted(GOOD),
        *sorted(BAD),
        " Good ",
        "Wrong!",
        "**no**",
        "(yes)",
        "not good",
        "unclear",
        "",
        None,
    ]
    opinions = list(product(labels, [None, -1.0, 0.0, 0.3, 0.5, 0.8, 1.0, 2.0], ["", "q@deadbeef", "q@dead"]))
    rows = copy.query(
        "SELECT sounds_good(label, score, rubric) AS good "
        "FROM (SELECT unnest(?) AS label, unnest(?) AS score, unnest(?) AS rubric)",
        [list(column) for column in zip(*opinions, strict=True)],
    )
    for (label, score, rubric), row in zip(opinions, rows, strict=True):
        said = verdict(label, kind="judgement", label=label, score=score, rubric=rubric)
        [dislike] = dislikes([said])
        assert row["good"] == (None if dislike in (None, 0.5) else dislike < 0.5), (label, score, rubric)


@pytest.mark.parametrize(
    ("label", "score", "good"),
    [(" Good ", 0.0, True), ("4", 4.0, None), ("0.9", 0.9, True), ("0.1", 0.1, False), ("0.5", 0.5, None)],
)
def test_a_score_from_0_to_1_speaks_where_the_label_does_not(
    copy: Published, label: str, score: float, good: bool | None
) -> None:
    assert copy.query("SELECT sounds_good(?, ?, '') AS good", [label, score]) == [{"good": good}]


@pytest.mark.parametrize(
    ("label", "score", "good"),
    [
        ("yes", 0.0, False),
        ("no", 1.0, True),
        ("ok", 0.5, None),
        ("bad", None, False),
        ("bad", 2.0, False),
        ("other", 0.9, True),
        ("other", 2.0, None),
    ],
)
def test_by_a_rubric_of_sayso_judge_the_score_speaks_before_the_label(
    copy: Published, label: str, score: float | None, good: bool | None
) -> None:
    sql = "SELECT sounds_good(?, ?, 'works@0123abcd') AS good"
    assert copy.query(sql, [label, score]) == [{"good": good}]


@pytest.mark.parametrize(
    ("answer", "expected", "overlap"),
    [
        ("The red fox", "the RED fox!", 1.0),
        ("the the fox", "the fox", 0.8),
        ("yes", "no", 0.0),
        ("", "no", 0.0),
        ("", "", 1.0),
    ],
)
def test_the_overlap_of_words_counts_each_as_often_as_it_is_in_both(
    copy: Published, answer: str, expected: str, overlap: float
) -> None:
    (row,) = copy.query("SELECT word_overlap(?, ?) AS overlap", [answer, expected])
    assert row["overlap"] == pytest.approx(overlap)


@pytest.mark.parametrize(
    ("output", "no"),
    [
        ("I'm sorry, I can't help with that.", True),
        ("I cannot do this.", True),
        ("As an AI model, no.", True),
        ("Open the settings.", False),
        ("Cannot be undone once you delete it.", False),
        (None, None),
    ],
)
def test_a_refusal_is_told_by_its_first_words(copy: Published, output: str | None, no: bool | None) -> None:
    assert copy.query("SELECT says_no(?) AS no", [output]) == [{"no": no}]
