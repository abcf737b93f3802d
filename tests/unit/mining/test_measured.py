"""Coverage that was measured: kept a line a time, and read back without anything that reckons."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.errors import SaysoError
from sayso_ingest.mining import (
    MappedTopic,
    Measured,
    MeasuredAxis,
    MeasuredGap,
    MeasuredLevel,
    MeasuredValue,
    keep_measurement,
    read_measurements,
)

AT = datetime(2026, 7, 1, 12, tzinfo=UTC)
share = st.floats(0, 1)
count = st.integers(0, 10**9)
words = st.text(max_size=20)
measurements = st.builds(
    Measured,
    at=st.datetimes(timezones=st.just(UTC)).map(lambda at: at.replace(microsecond=0)),
    version=st.none() | st.integers(1, 1000),
    embedder=words,
    topics=count,
    interactions=count,
    cases=count,
    levels=st.lists(st.builds(MeasuredLevel, count, share, share, share), max_size=2).map(tuple),
    gaps=st.lists(
        st.builds(
            MeasuredGap,
            words,
            count,
            share,
            count,
            st.lists(words, max_size=2).map(tuple),
            st.none() | share,
            st.none() | count,
            st.none() | share,
        ),
        max_size=2,
    ).map(tuple),
    map=st.lists(
        st.builds(MappedTopic, words, share, share, count, count, st.none() | share), max_size=2
    ).map(tuple),
    estimate=st.none() | st.builds(MeasuredLevel, count, share, share, share),
    disliked=st.none() | st.builds(MeasuredLevel, count, share, share, share),
    axes=st.lists(
        st.builds(
            MeasuredAxis,
            words,
            st.lists(st.builds(MeasuredLevel, count, share, share, share), max_size=2).map(tuple),
            st.lists(st.builds(MeasuredValue, words, count, share, count), max_size=2).map(tuple),
            count,
            count,
        ),
        max_size=2,
    ).map(tuple),
)


def measured(*, at: datetime = AT, share: float = 0.6) -> Measured:
    return Measured(
        at=at,
        version=1,
        embedder="hash-v1",
        topics=1,
        interactions=10,
        cases=2,
        levels=(MeasuredLevel(1, share, share - 0.1, share + 0.1),),
        gaps=(MeasuredGap("refund, money", 4, 0.4, 0, ("msg_1",), 0.7),),
        map=(MappedTopic("refund, money", 0.5, 0.25, 4, 0, 0.5),),
    )


@given(measurements)
def test_a_measurement_is_read_back_as_it_was_kept(one: Measured) -> None:
    assert Measured.from_row(json.loads(json.dumps(one.row()))) == one


def test_a_line_of_an_earlier_sayso_is_read_without_what_was_not_kept_then(tmp_path: Path) -> None:
    row = measured().row()
    for name in ("estimate", "disliked"):
        del row[name]
    for gap in row["gaps"]:
        del gap["adds"], gap["disliked"]
    (tmp_path / "coverage.jsonl").write_text(json.dumps(row) + "\n")
    assert read_measurements(tmp_path / "coverage.jsonl") == [measured()]


def test_a_line_with_numbers_beyond_all_bounds_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "coverage.jsonl").write_text(json.dumps({**measured().row(), "topics": float("inf")}) + "\n")
    assert read_measurements(tmp_path / "coverage.jsonl") == []


def test_measurements_are_read_oldest_first(tmp_path: Path) -> None:
    path = tmp_path / "helpdesk" / "coverage.jsonl"
    later, first = measured(at=AT + timedelta(days=1), share=0.7), measured()
    keep_measurement(path, later)
    keep_measurement(path, first)
    assert read_measurements(path) == [first, later]


def test_a_time_of_another_zone_is_kept_in_utc(tmp_path: Path) -> None:
    path = tmp_path / "coverage.jsonl"
    keep_measurement(path, measured(at=datetime.fromisoformat("2026-07-01T14:00:00+02:00")))
    assert json.loads(path.read_text())["at"] == "2026-07-01T12:00:00+00:00"
    assert read_measurements(path)[0].at == AT


def test_nothing_was_measured_where_there_is_no_file(tmp_path: Path) -> None:
    assert read_measurements(tmp_path / "coverage.jsonl") == []


def test_of_a_line_that_a_crash_cut_only_that_one_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "coverage.jsonl"
    keep_measurement(path, measured())
    with path.open("a") as file:
        file.write('{"at": "2026-07-02T')
    keep_measurement(path, measured(at=AT + timedelta(days=2)))
    assert [one.at.day for one in read_measurements(path)] == [1, 3]


@pytest.mark.parametrize(
    "change",
    [{"at": 5}, {"topics": None}, {"map": [{"topic": "t"}]}, {"levels": [{"at_least": 1, "share": 7}]}],
)
def test_a_line_that_is_no_measurement_is_passed_over(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "coverage.jsonl"
    path.write_text(json.dumps({**measured().row(), **change}) + "\n")
    keep_measurement(path, measured())
    assert read_measurements(path) == [measured()]


def test_a_field_that_is_not_known_is_left(tmp_path: Path) -> None:
    path = tmp_path / "coverage.jsonl"
    path.write_text(json.dumps({**measured().row(), "estimator": "another"}))
    assert read_measurements(path) == [measured()]


def test_each_measurement_is_a_line(tmp_path: Path) -> None:
    path = tmp_path / "coverage.jsonl"
    for _ in range(3):
        keep_measurement(path, measured())
    assert [json.loads(line)["version"] for line in path.read_text().splitlines()] == [1, 1, 1]


def test_a_measurement_that_cannot_be_kept_says_where_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "coverage.jsonl").mkdir()
    with pytest.raises(SaysoError, match=r"coverage\.jsonl cannot be written .*not kept.*who owns it"):
        keep_measurement(tmp_path / "coverage.jsonl", measured())
    with pytest.raises(SaysoError, match=r"coverage\.jsonl cannot be read"):
        read_measurements(tmp_path / "coverage.jsonl")


def test_reading_measurements_loads_nothing_that_reckons_with_vectors() -> None:
    script = (
        "import sys\nfrom sayso_ingest.mining import read_measurements\n"
        "assert not {'numpy', 'sklearn'} & {name.partition('.')[0] for name in sys.modules}, 'loaded'"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("svd-256-0123456789ab", "svd-256-ba9876543210", True),
        ("column:own.made-384-0123456789ab", "column:own.made-384-ba9876543210", True),
        ("minilm-384-0123456789ab", "minilm-384-ba9876543210", False),
        ("svd-256-0123456789ab", "svd-128-0123456789ab", False),
        ("hash-256", "svd-256-0123456789ab", False),
    ],
)
def test_what_an_embedder_was_fitted_on_does_not_make_it_another_kind(
    one: str, other: str, alike: bool
) -> None:
    kinds = {replace(measured(), embedder=name).embedder_kind for name in (one, other)}
    assert (len(kinds) == 1) == alike
