"""Pure: events as they were on the wire -> columns of the `events` table, all events of one kind at a time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import NoneType
from typing import Any

import msgspec

from sayso_ingest.event import JSON, Event, Kind
from sayso_ingest.lander.clock import parse_time, skew
from sayso_ingest.lander.fields import FIELDS, KNOWN, UNCHANGED, Path, to_json
from sayso_ingest.record import Part
from sayso_ingest.warehouse import Columns

Holder = Mapping[str, JSON]

_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MAY_HOLD_FLOATS = frozenset({float, dict, list})
_canonical = msgspec.json.Encoder(order="sorted").encode


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
    made: dict[str, Sequence[Any]] = {
        "event_id": _ids(events),
        "content_hash": [content_hash(event) for event in events],
    }
    for column, (*above, name), convert in FIELDS[kind]:
        parent = tuple(above)
        if name in names[parent]:
            made[column] = _converted([holder.get(name) for holder in holders[parent]], convert)
    if odd or any(names[path] - known for path, known in KNOWN[kind].items()):
        made["extra"] = [to_json(rest) if (rest := _left_over(event, kind)) else None for event in events]
    made |= _shared(heads)
    made["occurred_at"] = _occurred(made.get("occurred_at_sent"), heads)
    made["who"] = _who(kind, made)
    return made


def content_hash(event: Event) -> int:
    """64 bits of what the event says: tells a repeat from a reused id.

    The order of fields does not matter, nor how a number is written: some clients write 5.0 for 5 when they send again.
    """
    said = event["kind"], event.get("target"), event.get("part"), _with_whole_numbers(event.get("body"))
    return int.from_bytes(hashlib.blake2b(_canonical(said), digest_size=8).digest())


def _with_whole_numbers(value: JSON) -> JSON:
    """The value with an integer in place of each float that is equal to one."""
    if type(value) is float:
        return int(value) if value.is_integer() else value
    # Most objects hold neither floats nor other objects, and to look at the types of all values at once is quick.
    if type(value) is dict and not _MAY_HOLD_FLOATS.isdisjoint(map(type, value.values())):
        return {name: _with_whole_numbers(inner) for name, inner in value.items()}
    if type(value) is list and not _MAY_HOLD_FLOATS.isdisjoint(map(type, value)):
        return [_with_whole_numbers(inner) for inner in value]
    return value


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


def _converted(values: Sequence[JSON], convert: Callable[[JSON], Any]) -> Sequence[Any]:
    # Most columns need no conversion, and to look at the types of all values at once is quick.
    if set(map(type, values)) <= UNCHANGED.get(convert, frozenset()):
        return values
    return [None if value is None else convert(value) for value in values]


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
        if None in made["judge"]:
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


def _ids(events: Sequence[Event]) -> Sequence[str]:
    ids = [event["id"].lower() for event in events]
    if not all(map(_ID.fullmatch, ids)):
        raise ValueError("id is no UUID")
    return ids
