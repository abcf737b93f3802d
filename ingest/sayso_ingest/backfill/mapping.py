"""Pure: a row of a file -> an event of the wire, by what was said on the command line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sayso_ingest.backfill.ids import time_ordered_id
from sayso_ingest.errors import UsageError
from sayso_ingest.event import Kind

ENVELOPE = ("id", "target", "part", "occurred_at", "actor", "anonymous", "session", "sample_rate", "seq")
"""Fields beside the body; every other one is in the body, or in `meta.`."""
MAIN = {Kind.THUMB: "value", Kind.RATING: "value", Kind.COMMENT: "text"}
"""Of what such a kind is about in its body: a column of that name needs no `--map`, as those of `ENVELOPE`."""
NUMBERS = frozenset(
    {"sample_rate", "seq", "score", "latency_ms", "cost", "visible_ms", "decided_in_ms", "min", "max"}
    | {"survival.after_s", "survival.kept"}
)
LISTS = frozenset({"reasons", "tags", "rejected"})
_MILLISECONDS = 100_000_000_000
"""A number of seconds that large would be past the year 5000: it is one of milliseconds."""


class Unmappable(ValueError):
    """A row cannot be made an event; the message says why."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How rows become events: field of the wire -> column, fixed values, and other words for `value`."""

    kind: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind is not None and self.kind not in tuple(Kind):
            raise UsageError(f"There is no kind {self.kind!r}. Write one of: {', '.join(Kind)}.")
        names = {*self.columns, *self.constants}
        for name in names:
            parents = name.split(".")[:-1]
            if whole := next(
                (p for n in range(len(parents)) if (p := ".".join(parents[: n + 1])) in names), None
            ):
                raise UsageError(f"{name} is a part of {whole}, which is given as well. Give one of the two.")

    def check_columns(self, columns: Sequence[str]) -> None:
        """Hold what is mapped against the columns that a file has.

        Raises:
            UsageError: one of them is not there.
        """
        missing = [column for column in self.columns.values() if column not in columns]
        if missing:
            hint = (
                " Its columns seem to be parted by semicolons: make them commas."
                if ";" in "".join(columns)
                else ""
            )
            raise UsageError(f"There is no column {missing[0]!r}, but {', '.join(columns) or 'none'}.{hint}")


def to_event(row: Mapping[str, Any], recipe: Recipe) -> dict[str, Any]:
    """Make the event of a row, with the id that it gets each time; an event of the wire passes as it is.

    Raises:
        Unmappable: it has no kind, no target, a time that is none, or a column is missing.
    """
    if recipe.kind is None and isinstance(row.get("body"), dict) and isinstance(row.get("kind"), str):
        event: dict[str, Any] = _plain(dict(row))
    else:
        event = _assemble(row, recipe)
    if not event.get("target") and event["kind"] != Kind.RETRACTION:
        raise Unmappable("It has no target. Say which column holds it: --map target=COLUMN")
    event["id"] = _id(event, row)
    return event


def _assemble(row: Mapping[str, Any], recipe: Recipe) -> dict[str, Any]:
    kind = recipe.kind or str(row.get("kind") or "")
    if not kind:
        raise Unmappable("It has no kind. Say which it is: --kind thumb")
    event: dict[str, Any] = {"kind": kind, "body": {}}
    missing = [column for column in recipe.columns.values() if column not in row]
    if missing and len(missing) == len(recipe.columns):
        raise Unmappable(f"It has nothing in column {missing[0]!r}, but in {', '.join(row) or 'none'}.")
    for name in ENVELOPE:
        if name in row and name not in recipe.columns:
            _put(event, name, row[name], recipe)
    main = MAIN.get(Kind(kind)) if kind in tuple(Kind) else None
    if main and row.get(main) is not None and main not in {*recipe.columns, *recipe.columns.values()}:
        _put(event, main, row[main], recipe)
    for name, column in recipe.columns.items():
        if row.get(column) is not None:
            _put(event, name, row[column], recipe)
    for name, value in recipe.constants.items():
        _put(event, name, value, recipe)
    return event


def _put(event: dict[str, Any], name: str, value: Any, recipe: Recipe) -> None:
    if name in ENVELOPE:
        event[name] = (
            _time(value) if name == "occurred_at" else _number(value) if name in NUMBERS else _text(value)
        )
        return
    if name == "value":
        value = recipe.values.get(_text(value), value)
        value = _number(value) if event["kind"] == Kind.RATING else value
    elif name in NUMBERS:
        value = _number(value)
    elif name in LISTS:
        value = _list(value)
    *parents, last = name.split(".")
    place: dict[str, Any] = event if parents[:1] == ["meta"] else event["body"]
    for parent in parents:
        place = place.setdefault(parent, {})
    place[last] = _plain(value)


def _id(event: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    """The id that the row gives, if it is a UUID; else one made from it, or from all of the row."""
    given = event.get("id")
    try:
        return str(UUID(str(given)))
    except ValueError:
        pass
    known = str(given) if given else json.dumps(_plain(dict(row)), sort_keys=True, ensure_ascii=True)
    moment = event.get("occurred_at")
    at = datetime.fromisoformat(moment) if isinstance(moment, str) and moment else None
    return time_ordered_id([known, str(event["kind"]), str(event.get("target"))], at=at)


def _time(value: Any) -> str:
    """Spell a time as the wire does; one without a zone is UTC, a number counts seconds or milliseconds since 1970."""
    try:
        if isinstance(value, str) and value.replace(".", "", 1).isdigit():
            value = float(value)
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            seconds = float(value) / 1000 if value > _MILLISECONDS else float(value)
            value = datetime.fromtimestamp(seconds, UTC)
        elif isinstance(value, str):
            value = datetime.fromisoformat(value.strip())
        elif isinstance(value, date) and not isinstance(value, datetime):
            value = datetime(value.year, value.month, value.day, tzinfo=UTC)
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return str(moment.astimezone(UTC).isoformat().replace("+00:00", "Z"))
    except (ValueError, OverflowError, OSError, AttributeError):
        raise Unmappable(f"{str(value)[:40]!r} is no time. Write it like 2026-03-01T12:00:00Z") from None


def _number(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        number = float(value)
    except ValueError:
        return value  # the collector says what is wrong with it
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # what reads CSV into tables makes 12.0 of an id 12 as soon as one is missing
    return value if isinstance(value, str) else str(_plain(value))


def _list(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("["):
        try:
            return json.loads(value)
        except ValueError:
            return [value]
    return value if isinstance(value, list) else [_text(value)]


def _plain(value: Any) -> Any:
    """Make of what Parquet holds what JSON can say."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime | date):
        return _time(value)
    if isinstance(value, Decimal):
        return _number(str(value))
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
