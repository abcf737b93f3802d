"""Pure: events as they were on the wire -> columns of the `events` table, all events of one kind at a time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from types import NoneType
from typing import Any

import msgspec
from msgspec.structs import astuple

from sayso_ingest.event import JSON, Event, Kind
from sayso_ingest.lander.fields import FIELDS, KNOWN, UNCHANGED, Path, to_json
from sayso_ingest.lander.plain import EXACT, LOOSE, NOTHING, TYPES, Plain, kind_of
from sayso_ingest.lander.times import parse_time, skew
from sayso_ingest.record import Part
from sayso_ingest.warehouse import Columns

Holder = Mapping[str, JSON]
Fields = Mapping[tuple[Path, str], Sequence[JSON]]
"""A field of each event, by the path to its object and its name."""
Convert = Callable[[JSON], Any]
Take = Callable[[Path, str, Convert], Sequence[JSON] | None]
"""Takes a field of each event, by the path to its object and its name, and converts it; None where all have none."""

_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_IDS = re.compile(f"{_ID}(,{_ID})*")
_SAME = frozenset({str, int, bool, NoneType})
"""Types of which there is one way to write a value."""
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Head:
    """What all events of a part share, and the record that they stand in."""

    key_id: str
    key_kind: str
    received_at: datetime
    sent_at: datetime | None
    skew: timedelta
    source: str
    offset: int

    @classmethod
    def of(cls, part: Part, *, source: str, offset: int) -> Head:
        """Read the part's times."""
        received = parse_time(part.received_at)
        sent = parse_time(part.sent_at) if part.sent_at else None
        return cls(part.key_id, part.key_kind, received, sent, skew(received, sent), source, offset)


def columns(kind: str, events: Sequence[Event], heads: Sequence[Head]) -> Columns:
    """Flatten events of one kind, each with its head; row n of every column is event n.

    Raises:
        ValueError, TypeError, KeyError, AttributeError, OverflowError: one of them is not an event that a collector
        accepts.
    """
    holders, odd = _holders(kind, events)
    names = {path: frozenset[str]().union(*inside) for path, inside in holders.items()}

    def take(path: Path, name: str, convert: Convert) -> Sequence[Any] | None:
        if name not in names[path]:
            return None
        return _converted([holder.get(name) for holder in holders[path]], convert)

    made = _made(kind, [event["id"] for event in events], take, heads)
    if odd or any(names[path] - known for path, known in KNOWN[kind].items()):
        made["extra"] = [to_json(rest) if (rest := _left_over(event, kind)) else None for event in events]
    made["content_hash"] = [content_hash(event) for event in events]
    return made


def plain_columns(events: Sequence[Plain], heads: Sequence[Head]) -> Columns:
    """Flatten plain events of one kind, to the same columns. The events are used up: hashing rewrites them in place.

    Raises:
        ValueError, TypeError, KeyError, AttributeError, OverflowError: one of them is not an event that a collector
        accepts.
    """
    kind = kind_of(events[0])
    fields = _fields(kind, events)

    def take(path: Path, name: str, convert: Convert) -> Sequence[Any] | None:
        values = fields[path, name]
        if _all_none(values):
            return None
        return values if (path, name) in EXACT[kind] else _converted(values, convert)

    made = _made(kind, fields[(), "id"], take, heads)
    made["content_hash"] = _plain_hashes(kind, events, fields)
    return made


def content_hash(event: Event) -> int:
    """64 bits of what the event says: tells a repeat from a reused id.

    The order of fields does not matter, nor how a number is written: some clients write 5.0 for 5 when they send again.
    A null says what a missing field says: nothing.
    """
    body = _hashable(event.get("body"))
    return _hash((event["kind"], event.get("target"), event.get("part"), body))


def _hash(said: tuple[JSON, ...]) -> int:
    return int.from_bytes(hashlib.blake2b(_encode(said), digest_size=8).digest())


def _hashable(value: JSON) -> JSON:
    """The value with the fields of objects in order, without nulls, and an integer for each float equal to one."""
    if type(value) is float:
        return int(value) if value.is_integer() else value
    if type(value) is dict:
        return {name: _hashable(inner) for name, inner in sorted(value.items()) if inner is not None}
    if type(value) is list:
        return [_hashable(inner) for inner in value]
    return value


def _plain_hashes(kind: str, events: Sequence[Plain], fields: Fields) -> list[int]:
    """Their content hashes: what is None is not encoded, so only numbers and free JSON remain to be looked at."""
    for path, name in LOOSE[kind]:
        if not set(map(type, fields[path, name])) <= _SAME:
            for event, value in zip(events, fields[path, name], strict=True):
                if value is not None:
                    setattr(reduce(getattr, path, event), name, _hashable(value))
    return [_hash((kind, event.target, event.part, event.body)) for event in events]


def _made(kind: str, ids: Sequence[str], take: Take, heads: Sequence[Head]) -> dict[str, Sequence[Any]]:
    """All columns but those that are made of whole events."""
    made: dict[str, Sequence[Any]] = {"event_id": _ids(ids), "kind": [kind] * len(ids)}
    for column, (*above, name), convert in FIELDS[kind]:
        if (values := take(tuple(above), name, convert)) is not None:
            made[column] = values
    made |= _shared(heads)
    made["occurred_at"] = _occurred(made.get("occurred_at_sent"), heads)
    made["who"] = _who(kind, made)
    return made


def _converted(values: Sequence[JSON], convert: Convert) -> Sequence[Any]:
    # Most columns need no conversion, and to look at the types of all values at once is quick.
    if set(map(type, values)) <= UNCHANGED.get(convert, frozenset()):
        return values
    return [None if value is None else convert(value) for value in values]


def _all_none(values: Sequence[JSON]) -> bool:
    return values[0] is None and values.count(None) == len(values)


def _holders(kind: str, events: Sequence[Event]) -> tuple[dict[Path, Sequence[Any]], bool]:
    """The objects of each event that fields are taken out of; and whether anything else stands in such a place."""
    # Nearly always all are objects, or some are and the others are missing: to look at all types at once tells it.
    holders: dict[Path, Sequence[Any]] = {(): events}
    odd = False
    for path in KNOWN[kind]:
        if path:
            inside = [holder.get(path[-1]) for holder in holders[path[:-1]]]
            types = set(map(type, inside))
            if path == ("body",) and types != {dict}:
                raise TypeError("body is no object")
            odd = odd or not types <= {dict, NoneType}
            holders[path] = (
                inside if types == {dict} else [each if type(each) is dict else {} for each in inside]
            )
    return holders, odd


def _fields(kind: str, events: Sequence[Plain]) -> Fields:
    """The fields of each event and of the objects in it, by the path to the object and their name."""
    fields: dict[tuple[Path, str], Sequence[Any]] = {}
    for path, its_type in reversed(list(TYPES[kind].items())):  # outer objects first
        names = its_type.__struct_fields__
        objects = fields[path[:-1], path[-1]] if path else events
        if path and _all_none(objects):
            fields |= {(path, name): objects for name in names}
        else:
            nothing = NOTHING.get((kind, path))
            whole = [nothing if each is None else each for each in objects] if nothing else objects
            # Each object is visited once, and all is turned by `zip`: field by field it takes three times as long.
            turned = zip(*map(astuple, whole), strict=True)
            fields |= {(path, name): values for name, values in zip(names, turned, strict=True)}
    return fields


def _shared(heads: Sequence[Head]) -> dict[str, Sequence[Any]]:
    return {
        "received_at": [head.received_at for head in heads],
        "sent_at": [head.sent_at for head in heads],
        "key_id": [head.key_id for head in heads],
        "key_kind": [head.key_kind for head in heads],
        "log_source": [head.source for head in heads],
        "log_offset": [head.offset for head in heads],
    }


def _occurred(sent: Sequence[datetime | None] | None, heads: Sequence[Head]) -> Sequence[datetime]:
    """When it happened by the collector's clock; where that is not said, it happened when it was received."""
    if sent is None:
        return [head.received_at for head in heads]
    return [
        head.received_at if time is None else time + head.skew for time, head in zip(sent, heads, strict=True)
    ]


def _who(kind: str, made: Columns) -> Sequence[str]:
    """Who said it, typed; a judgement's who is its judge, and an event without any stands alone."""
    if kind == Kind.JUDGEMENT:
        if None in made.get("judge", (None,)):
            raise ValueError("a judgement has no judge")
        return [f"judge:{judge}" for judge in made["judge"]]
    # The first that is known of an event holds; those behind one that all events have need not be looked at.
    asked: list[str] = []
    for name in ("actor", "anonymous", "session"):
        if name in made:
            asked.append(name)
            if None not in made[name]:
                break
    who = [f"event:{event_id}" for event_id in made["event_id"]]
    for name in reversed(asked):
        who = [
            other if known is None else f"{name}:{known}"
            for known, other in zip(made[name], who, strict=True)
        ]
    return who


def _left_over(holder: Holder, kind: str, path: Path = ()) -> dict[str, JSON]:
    """What of an event is in no column, where it stood."""
    rest: dict[str, JSON] = {}
    for name, value in holder.items():
        inner = (*path, name)
        if inner in KNOWN[kind] and isinstance(value, dict):
            if deeper := _left_over(value, kind, inner):
                rest[name] = deeper
        elif name not in KNOWN[kind][path] or (inner in KNOWN[kind] and value is not None):
            rest[name] = value
    return rest


def _ids(written: Sequence[str]) -> Sequence[str]:
    # One look at all of them together takes half the time.
    together = ",".join(written).lower()
    if not _IDS.fullmatch(together):
        raise ValueError("id is no UUID")
    ids = together.split(",")
    if len(ids) != len(written):
        raise ValueError("an id is several UUIDs")
    return ids
