"""Rows become events by what was said on the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sayso_ingest.backfill import Recipe, Unmappable, to_event
from sayso_ingest.errors import UsageError

ID = "0190a8c4-0000-7000-8000-000000000000"


def made(row: dict[str, Any], kind: str | None = "thumb", **recipe: Any) -> dict[str, Any]:
    event = to_event(row, Recipe(kind, **recipe))
    del event["id"]
    return event


def test_columns_are_put_where_the_wire_has_them() -> None:
    columns = {"target": "m", "value": "v", "actor": "user", "prompt.name": "p", "meta.page": "page"}
    row = {"m": "m1", "v": "1", "user": 7, "p": "help", "page": "/x", "other": "left out"}
    assert made(row, columns=columns, values={"1": "up"}, constants={"session": "old"}) == {
        "kind": "thumb",
        "target": "m1",
        "actor": "7",
        "session": "old",
        "body": {"value": "up", "prompt": {"name": "help"}},
        "meta": {"page": "/x"},
    }


def test_columns_with_names_of_the_wire_need_no_map() -> None:
    row = {"target": "m1", "actor": "a", "occurred_at": "2026-01-02"}
    assert made(row, "comment", constants={"text": "good"}) == {
        **row,
        "kind": "comment",
        "occurred_at": "2026-01-02T00:00:00Z",
        "body": {"text": "good"},
    }


def test_what_a_kind_is_about_needs_no_map_unless_its_column_is_mapped_elsewhere() -> None:
    row = {"target": "t", "value": "1", "text": "so so"}
    thumb = Recipe("thumb", values={"1": "up"})
    assert to_event(row, thumb)["body"] == {"value": "up"}
    assert to_event(row, Recipe("rating"))["body"] == {"value": 1}
    assert to_event(row, Recipe("comment"))["body"] == {"text": "so so"}
    assert to_event(row, Recipe("signal"))["body"] == {}
    assert to_event(row, Recipe("thumb", constants={"value": "down"}))["body"] == {"value": "down"}
    assert to_event(row, Recipe("thumb", columns={"value": "text"}))["body"] == {"value": "so so"}
    assert to_event(row, Recipe("comment", columns={"category": "text"}))["body"] == {"category": "so so"}
    assert to_event({**row, "value": None}, thumb)["body"] == {}


def test_an_event_of_the_wire_passes_as_it_is() -> None:
    event = {"id": ID, "kind": "thumb", "target": "t", "body": {"value": "up"}, "unknown": [1, {"a": None}]}
    assert to_event(event, Recipe()) == event


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-03-01T12:00:00+02:00", "2026-03-01T10:00:00Z"),
        ("2026-03-01 12:00:00", "2026-03-01T12:00:00Z"),
        ("1767225600", "2026-01-01T00:00:00Z"),
        (1767225600000, "2026-01-01T00:00:00Z"),
        (1767225600.5, "2026-01-01T00:00:00.500000Z"),
        (datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01T00:00:00Z"),
        (date(2026, 1, 1), "2026-01-01T00:00:00Z"),
    ],
)
def test_a_time_is_read_however_it_is_written(said: Any, meant: str) -> None:
    assert made({"target": "t", "occurred_at": said})["occurred_at"] == meant


def test_numbers_of_csv_become_numbers_where_the_wire_has_them() -> None:
    columns = {"value": "v", "min": "lo", "max": "hi"}
    row = {"target": "t", "v": "4", "lo": "1", "hi": "4.5"}
    assert made(row, "rating", columns=columns)["body"] == {"value": 4, "min": 1, "max": 4.5}


def test_lists_are_read_from_json_or_are_one_text() -> None:
    for said in ('["a", "b"]', ["a", "b"]):
        assert made({"target": "t", "r": said}, "detail", columns={"reasons": "r"})["body"] == {
            "reasons": ["a", "b"]
        }
    assert made({"target": "t", "r": "a"}, "detail", columns={"reasons": "r"})["body"] == {"reasons": ["a"]}


def test_what_parquet_holds_becomes_what_json_can_say() -> None:
    row = {"target": 12.0, "v": Decimal("3.5")}
    event = made(row, "rating", columns={"value": "v"})
    assert (event["target"], event["body"]["value"]) == ("12", 3.5)


@pytest.mark.parametrize(
    ("row", "kind", "says"),
    [
        ({"x": 1}, "thumb", "--map target=COLUMN"),
        ({"target": "t"}, None, "--kind thumb"),
        ({"target": "t", "occurred_at": "soon"}, "thumb", "'soon' is no time"),
    ],
)
def test_what_is_no_event_says_what_to_do(row: dict[str, Any], kind: str | None, says: str) -> None:
    with pytest.raises(Unmappable, match=says):
        to_event(row, Recipe(kind))


def test_a_column_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(Unmappable, match=r"nothing in column 'message', but in m, v"):
        to_event({"m": "1", "v": "1"}, Recipe("thumb", {"target": "message"}))


def test_a_given_uuid_stays_and_another_id_decides_alone() -> None:
    def id_of(**row: Any) -> str:
        return str(to_event({"target": "t", **row}, Recipe("thumb"))["id"])

    assert id_of(id=ID.upper()) == ID
    assert id_of(id="17", note="a") == id_of(id="17", note="b") != id_of(id="18", note="a")
    assert id_of(note="a") == id_of(note="a") != id_of(note="b")


def test_a_kind_that_is_none_is_wrong_usage_and_the_kinds_are_named() -> None:
    with pytest.raises(UsageError, match=r"no kind 'thumbs'\. Write one of: .*thumb,"):
        Recipe("thumbs")


def test_a_field_and_a_part_of_it_cannot_both_be_given() -> None:
    with pytest.raises(UsageError, match=r"meta\.a\.b is a part of meta\.a"):
        Recipe("thumb", {"meta.a": "x"}, {"meta.a.b": "y"})


@pytest.mark.parametrize(
    ("columns", "says"), [(["a", "b"], "no column 'm', but a, b"), (["m;v"], "parted by semicolons")]
)
def test_a_column_that_a_file_does_not_have_is_wrong_usage(columns: list[str], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        Recipe("thumb", {"target": "m"}).check_columns(columns)
