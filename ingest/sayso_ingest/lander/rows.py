"""Pure: one event as it was on the wire -> one flat row of the `events` table."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sayso_ingest.event import JSON, Event, Kind
from sayso_ingest.lander.clock import parse_time, skew
from sayso_ingest.record import Part

Row = dict[str, Any]

_WHOLE_FLOAT = re.compile(r"(?<=\d)\.0(?=[,}\]])")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What all events of a part share."""

    key_id: str
    key_kind: str
    received_at: datetime
    sent_at: datetime | None
    skew: timedelta

    @classmethod
    def of(cls, part: Part) -> Envelope:
        """Read the part's times."""
        received = parse_time(part.received_at)
        sent = parse_time(part.sent_at) if part.sent_at else None
        return cls(part.key_id, part.key_kind, received, sent, skew(received, sent))


def event_row(event: Event, envelope: Envelope) -> Row:
    """Flatten one event.

    Raises:
        ValueError, TypeError, KeyError, OverflowError: the event is not one that a collector accepts.
    """
    rest = _copy(event)
    row: Row = {}
    for column, path, convert in (*ENVELOPE_FIELDS, *BODY_FIELDS[event["kind"]]):
        value = _take(rest, path)
        row[column] = None if value is None else convert(value)
    row["event_id"] = row["event_id"].lower()
    sent = row["occurred_at_sent"]
    row["occurred_at"] = envelope.received_at if sent is None else sent + envelope.skew
    row["received_at"] = envelope.received_at
    row["sent_at"] = envelope.sent_at
    row["key_id"], row["key_kind"] = envelope.key_id, envelope.key_kind
    row["who"] = who(row)
    row["content_hash"] = content_hash(event)
    row.update(_said(event, row, rest))
    _drop_empty(rest)
    row["extra"] = _json(rest) if rest else None
    return row


def who(row: Mapping[str, Any]) -> str:
    """Who said it, typed; a judgement's who is its judge, and an event without any stands alone."""
    if row["kind"] == Kind.JUDGEMENT:
        return f"judge:{row['judge']}"
    for name in ("actor", "anonymous", "session"):
        if row[name] is not None:
            return f"{name}:{row[name]}"
    return f"event:{row['event_id']}"


def content_hash(event: Event) -> int:
    """64 bits of what the event says, whatever the order of its fields: tells a repeat from a reused id."""
    said = [event.get(name) for name in ("kind", "target", "part", "body")]
    # 5 and 5.0 are the same number, and some clients write the one for the other when they send again.
    text = _WHOLE_FLOAT.sub("", json.dumps(said, sort_keys=True, separators=(",", ":")))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


def _said(event: Event, row: Row, rest: dict[str, Any]) -> Row:
    """The columns whose meaning depends on the kind: what was said as text and as a number, and the texts."""
    kind, body = event["kind"], event["body"]
    match kind:
        case Kind.THUMB | Kind.RATING | Kind.SIGNAL | Kind.OUTCOME:
            said = _take(rest, ("body", "value"))
            number = kind != Kind.THUMB and isinstance(said, int | float) and not isinstance(said, bool)
            return {"value": None if said is None else _text(said), "score": float(said) if number else None}
        case Kind.SUGGESTION:
            return {"value": row["outcome"]}
        case Kind.COMMENT:
            return {"value": row["text"]}
        case Kind.PREFERENCE:
            return {"value": row["chosen"]}
        case Kind.ANNOTATION | Kind.JUDGEMENT:
            names = ("label", "score", "note", "expected")
            said = next((body[name] for name in names if body.get(name) is not None), None)
            return {"value": None if said is None else _text(said)}
        case Kind.INTERACTION:
            return {**_spoken("input", rest), **_spoken("output", rest)}
    return {}


def _spoken(side: str, rest: dict[str, Any]) -> Row:
    said = _take(rest, ("body", side))
    if isinstance(said, list):
        return {side: last_text(said), f"{side}_messages": _json(said)}
    return {side: said}


def last_text(messages: list[JSON]) -> str | None:
    """The text of the last message that has one; of content parts, their texts joined."""
    for message in reversed(messages):
        content = message.get("content")
        if isinstance(content, list):
            texts = [
                part["text"]
                for part in content
                if isinstance(part, Mapping) and isinstance(part.get("text"), str)
            ]
            content = "\n".join(texts)
        if isinstance(content, str) and content:
            return content
    return None


def _text(value: JSON) -> str:
    return value if isinstance(value, str) else _json(value)


def _texts(value: JSON) -> list[str]:
    return [_text(item) for item in value]


def _json(value: JSON) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _copy(event: Event) -> dict[str, Any]:
    """A copy of the objects that fields are taken out of; what lies deeper is shared and never changed."""
    rest = dict(event)
    for name in ("body", "source"):
        if isinstance(rest.get(name), Mapping):
            rest[name] = {
                k: dict(v) if isinstance(v, Mapping) and k in NESTED else v for k, v in rest[name].items()
            }
    return rest


def _take(rest: dict[str, Any], path: tuple[str, ...]) -> JSON:
    """Take a field out of what is left."""
    *parents, name = path
    for parent in parents:
        inner = rest.get(parent)
        if not isinstance(inner, dict):
            return None
        rest = inner
    return rest.pop(name, None)


def _drop_empty(rest: dict[str, Any]) -> None:
    """Drop the opened objects that nothing is left in."""
    body = rest.get("body")
    if isinstance(body, dict):
        for name in NESTED:
            if body.get(name) == {}:
                del body[name]
    for name in ("body", "source"):
        if rest.get(name) == {}:
            del rest[name]


Field = tuple[str, tuple[str, ...], Callable[[JSON], Any]]
"""Column, where it stands on the wire, how it is converted."""


def _fields(convert: Callable[[JSON], Any], *names: str) -> tuple[Field, ...]:
    return tuple((name, ("body", name), convert) for name in names)


def _nested(parent: str, convert: Callable[[JSON], Any], *names: str) -> tuple[Field, ...]:
    return tuple((f"{parent}_{name}", ("body", parent, name), convert) for name in names)


ENVELOPE_FIELDS: tuple[Field, ...] = (
    ("event_id", ("id",), str),
    ("kind", ("kind",), str),
    ("target", ("target",), str),
    ("part", ("part",), str),
    ("occurred_at_sent", ("occurred_at",), parse_time),
    ("seq", ("seq",), int),
    ("actor", ("actor",), str),
    ("anonymous", ("anonymous",), str),
    ("session", ("session",), str),
    ("verified", ("verified",), bool),
    ("sample_rate", ("sample_rate",), float),
    ("source_sdk", ("source", "sdk"), _text),
    ("meta", ("meta",), _json),
)

BODY_FIELDS: Mapping[str, tuple[Field, ...]] = {
    Kind.THUMB: _fields(_text, "name", "previous"),
    Kind.RATING: (*_fields(_text, "name"), *_fields(float, "min", "max")),
    Kind.SIGNAL: _fields(_text, "name"),
    Kind.OUTCOME: _fields(_text, "name"),
    Kind.DETAIL: (*_fields(_text, "about", "comment"), *_fields(_texts, "reasons")),
    Kind.COMMENT: _fields(_text, "name", "text", "category", "expected"),
    Kind.PREFERENCE: (*_fields(_text, "name", "chosen"), *_fields(_texts, "rejected")),
    Kind.EXPOSURE: (*_fields(_text, "surface"), *_fields(float, "visible_ms")),
    Kind.RETRACTION: _fields(_text, "of"),
    Kind.ANNOTATION: (
        *_fields(_text, "name", "rubric", "label", "note", "expected"),
        *_fields(float, "score"),
    ),
    Kind.JUDGEMENT: (
        *_fields(_text, "name", "rubric", "judge", "label", "rationale"),
        *_fields(float, "score"),
    ),
    Kind.SUGGESTION: (
        *_fields(_text, "name", "outcome", "original", "proposed", "final"),
        *_fields(float, "decided_in_ms"),
        *_nested("survival", float, "after_s", "kept"),
    ),
    Kind.INTERACTION: (
        *_fields(_text, "model", "parent", "release"),
        *_fields(float, "latency_ms", "cost"),
        *_fields(_texts, "tags"),
        *_fields(_json, "variables", "params", "usage", "contexts", "candidates"),
        *_nested("prompt", _text, "name", "version"),
        *_nested("variant", _text, "experiment", "arm"),
        *_nested("chosen", _text, "id", "by"),
        ("trace_id", ("body", "trace", "trace_id"), _text),
        ("span_id", ("body", "trace", "span_id"), _text),
    ),
}
"""What of each kind's body becomes a column of its own; the rest goes to `extra`."""

NESTED = frozenset({"prompt", "variant", "survival", "chosen", "trace"})
"""Objects in a body that become columns of their own."""
