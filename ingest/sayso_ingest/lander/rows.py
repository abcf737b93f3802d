"""Pure: events as they were on the wire -> columns of the `events` table, all events of one kind at a time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from types import NoneType
from typing import Any

import msgspec

from sayso_ingest.event import JSON, Event, Kind
from sayso_ingest.lander.clock import parse_time, skew
from sayso_ingest.lander.fields import FIELDS, KNOWN, UNCHANGED, Path, to_json
from sayso_ingest.lander.plain import LOOSE, NOTHING, Plain, kind_of
from sayso_ingest.record import Part
from sayso_ingest.warehouse import Columns

Holder = Mapping[str, JSON]
Take = Callable[[Path, str], Sequence[JSON]]
"""Takes the field of a name out of the object at a path of each event; None where it is missing."""

_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
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
    made = _made(
        kind,
        [event["id"] for event in events],
        lambda path, name: [holder.get(name) for holder in holders[path]],
        heads,
    )
    names = {path: frozenset[str]().union(*inside) for path, inside in holders.items()}
    if odd or any(names[path] - known for path, known in KNOWN[kind].items()):
        made["extra"] = [to_json(rest) if (rest := _left_over(event, kind)) else None for event in events]
    made["content_hash"] = [content_hash(event) for event in events]
    return made


def plain_columns(events: Sequence[Plain], heads: Sequence[Head]) -> Columns:
    """Flatten plain events of one kind, to the same columns. The events are used up: their numbers are changed.

    Raises:
        ValueError, TypeError, KeyError, AttributeError, OverflowError: one of them is not an event that a collector
        accepts.
    """
    kind = kind_of(events[0])
    holders = _plain_holders(kind, events)
    made = _made(
        kind,
        [event.id for event in events],
        lambda path, name: list(map(attrgetter(name), holders[path])),
        heads,
    )
    made["content_hash"] = _plain_hashes(kind, events, holders)
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


def _plain_hashes(kind: str, events: Sequence[Plain], holders: Mapping[Path, Sequence[Plain]]) -> list[int]:
    """Their content hashes: what is None is not encoded, so only numbers and free JSON remain to be looked at."""
    for path, name in LOOSE[kind]:
        values = list(map(attrgetter(name), holders[path]))
        if not set(map(type, values)) <= _SAME:
            for holder, value in zip(holders[path], values, strict=True):
                if value is not None:
                    setattr(holder, name, _hashable(value))
    return [_hash((kind, event.target, event.part, event.body)) for event in events]


def _made(kind: str, ids: Sequence[str], take: Take, heads: Sequence[Head]) -> dict[str, Sequence[Any]]:
    """All columns but those that are made of whole events."""
    made: dict[str, Sequence[Any]] = {"event_id": _ids(ids), "kind": [kind] * len(ids)}
    for column, (*above, name), convert in FIELDS[kind]:
        values = take(tuple(above), name)
        # Most columns are empty or need no conversion, and to look at the types of all values at once is quick.
        types = set(map(type, values))
        if types == {NoneType}:
            continue
        if not types <= UNCHANGED.get(convert, frozenset()):
            values = [None if value is None else convert(value) for value in values]
        made[column] = values
    made |= _shared(heads)
    made["occurred_at"] = _occurred(made.get("occurred_at_sent"), heads)
    made["who"] = _who(kind, made)
    return made


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


def _plain_holders(kind: str, events: Sequence[Plain]) -> dict[Path, Sequence[Plain]]:
    """The objects of each event that fields are taken out of."""
    holders: dict[Path, Sequence[Plain]] = {(): events}
    for path in KNOWN[kind]:
        if path:
            inside = list(map(attrgetter(path[-1]), holders[path[:-1]]))
            holders[path] = [NOTHING[kind, path] if each is None else each for each in inside]
    return holders


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
    who = [f"event:{event_id}" for event_id in made["event_id"]]
    for name in ("session", "anonymous", "actor"):
        if name in made:
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
    ids = [each.lower() for each in written]
    if not all(map(_ID.fullmatch, ids)):
        raise ValueError("id is no UUID")
    return ids
