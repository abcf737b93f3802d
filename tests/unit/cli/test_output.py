"""Results as a table, JSON, JSON lines and CSV."""

from __future__ import annotations

import csv
import io
import json
from contextlib import redirect_stdout
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.cli.output import write_json, write_rows

ID = UUID("0190a8c4-0000-7000-8000-000000000000")
COLUMNS = ["text", "at", "n", "rate", "many", "id"]
ROW: list[Any] = ["grüße", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), 7, 0.25, ["a", None], ID]


def printed(capsys: pytest.CaptureFixture[str], rows: list[list[Any]], format: str) -> str:
    write_rows(COLUMNS, rows, format=format)
    return capsys.readouterr().out


def test_a_table_has_a_line_for_the_names_and_one_for_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    names, _, row = printed(capsys, [ROW], "table").splitlines()
    assert names.split() == COLUMNS
    assert row.split(maxsplit=3)[:2] == ["grüße", "2026-01-02"]
    assert "0.25" in row


def test_into_a_pipe_a_table_cuts_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert "x" * 5000 in printed(capsys, [["x" * 5000, *ROW[1:]]], "table")


def test_a_table_shows_text_as_it_is_without_markup_or_control_of_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "[bold]x[/] �[31m" in printed(capsys, [["[bold]x[/] \x1b[31m", *ROW[1:]]], "table")


def test_json_is_a_list_of_objects_with_times_in_utc(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(printed(capsys, [ROW], "json")) == [
        {
            "text": "grüße",
            "at": "2026-01-02T03:04:05Z",
            "n": 7,
            "rate": 0.25,
            "many": ["a", None],
            "id": str(ID),
        }
    ]


def test_json_lines_are_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, [ROW, ROW], "jsonl").splitlines()
    assert [json.loads(line)["n"] for line in lines] == [7, 7]


def test_csv_reads_back_with_missing_values_empty_and_lists_as_json(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = list(csv.reader(io.StringIO(printed(capsys, [['a,\n"b"', *ROW[1:]], [None] * 6], "csv"))))
    assert rows == [
        COLUMNS,
        ['a,\n"b"', "2026-01-02T03:04:05Z", "7", "0.25", '["a", null]', str(ID)],
        [""] * 6,
    ]


@pytest.mark.parametrize(("format", "said"), [("table", "(0 rows)\n"), ("csv", "")])
def test_without_rows_the_names_are_still_there_and_people_are_told(
    format: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_rows(COLUMNS, [], format=format)
    out, err = capsys.readouterr()
    assert all(name in out for name in COLUMNS)
    assert err == said


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("1.50"), "1.5"),
        (Decimal("-0.01"), "-0.01"),
        (Decimal("3.00"), "3"),
        (Decimal(2**127), str(2**127)),
        (Decimal("0.1000000000000000055511151231257827"), '"0.1000000000000000055511151231257827"'),
        (Decimal("0.0000000000"), "0"),
        ([Decimal("1.1")], "[\n  1.1\n]"),
    ],
)
def test_a_decimal_is_a_number_of_json_unless_a_reader_would_get_another_one(
    value: Any, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_json(value)
    assert capsys.readouterr().out == f"{shown}\n"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**33), max_value=10**33))
def test_no_decimal_loses_a_digit_in_json_or_csv(value: Decimal) -> None:
    out = io.StringIO()
    with redirect_stdout(out):
        write_json(value)
        write_rows(["x"], [[value]], format="csv")
    as_json, _, as_csv = out.getvalue().splitlines()
    read = json.loads(as_json)
    assert Decimal(repr(read) if isinstance(read, float) else read) == Decimal(as_csv) == value


def test_decimals_stand_to_the_right_in_a_table_with_all_their_digits(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_rows(["x"], [[Decimal("1.50")], [Decimal("100.25")]])
    assert capsys.readouterr().out.splitlines()[2:] == ["  1.50", "100.25"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (float("nan"), None),
        (float("inf"), None),
        (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00Z"),
        (date(2026, 1, 2), "2026-01-02"),
        (b"a\xff", "a�"),
        ({"a": (1, float("nan"))}, {"a": [1, None]}),
        (True, True),
    ],
)
def test_what_json_cannot_say_gets_its_nearest_form(
    value: Any, shown: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    write_json(value)
    assert json.loads(capsys.readouterr().out) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.5, "0.5"), (1234567.0, "1234567"), (0.00001234, "1.23e-05"), (True, "true"), (None, "")],
)
def test_a_table_shows_numbers_as_people_write_them(
    value: Any, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_rows(["x"], [[value]])
    assert [*capsys.readouterr().out.splitlines(), ""][2].strip() == shown
