"""The table of columns: which field of the wire becomes which column of `events`, and how it is converted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import NoneType
from typing import Any

import msgspec

from sayso_ingest.event import JSON, Kind
from sayso_ingest.lander.times import parse_time

Path = tuple[str, ...]
"""Where a field stands in an event: the names that lead to it."""


def to_json(value: JSON) -> str:
    """Compact, unescaped JSON."""
    return msgspec.json.encode(value).decode()


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
    return value if isinstance(value, str) else to_json(value)


def _texts(value: JSON) -> list[str]:
    return [_text(item) for item in value]


def _number(value: JSON) -> float | None:
    """Read a number; None for what is none, and for an integer that no double holds: its text stands beside it."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _spoken(said: JSON) -> str | None:
    if isinstance(said, list):
        return last_text(said)
    if not isinstance(said, str):
        raise TypeError("neither a text nor messages")
    return said


def _messages(said: JSON) -> str | None:
    return to_json(said) if isinstance(said, list) else None


def _verdict_text(body: JSON) -> str | None:
    names = ("label", "score", "note", "expected")
    said = next((body[name] for name in names if body.get(name) is not None), None)
    return None if said is None else _text(said)


UNCHANGED: Mapping[Callable[[JSON], Any], frozenset[type]] = {
    convert: frozenset({kept, NoneType})
    for convert, kept in (
        (str, str),
        (_text, str),
        (_spoken, str),
        (int, int),
        (float, float),
        (bool, bool),
    )
}
"""The types that a conversion leaves as they are."""

Field = tuple[str, Path, Callable[[JSON], Any]]
"""Column, where it stands on the wire, how it is converted where it is not null."""


def _fields(convert: Callable[[JSON], Any], *names: str) -> tuple[Field, ...]:
    return tuple((name, ("body", name), convert) for name in names)


def _nested(parent: str, convert: Callable[[JSON], Any], *names: str) -> tuple[Field, ...]:
    return tuple((f"{parent}_{name}", ("body", parent, name), convert) for name in names)


def _value(name: str, convert: Callable[[JSON], Any] = _text) -> Field:
    """What was said, as a text, stands in the body under this name."""
    return ("value", ("body", name), convert)


def _score(name: str) -> Field:
    """What was said, as a number where it is one, stands in the body under this name."""
    return ("score", ("body", name), _number)


ENVELOPE_FIELDS: tuple[Field, ...] = (
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
    ("meta", ("meta",), to_json),
)

BODY_FIELDS: Mapping[str, tuple[Field, ...]] = {
    Kind.THUMB: (_value("value"), *_fields(_text, "name", "previous")),
    Kind.RATING: (
        *(_value("value"), _score("value")),
        *_fields(_text, "name"),
        *_fields(float, "min", "max"),
    ),
    Kind.SIGNAL: (_value("value"), _score("value"), *_fields(_text, "name")),
    Kind.OUTCOME: (_value("value"), _score("value"), *_fields(_text, "name")),
    Kind.DETAIL: (*_fields(_text, "about", "comment"), *_fields(_texts, "reasons")),
    Kind.COMMENT: (_value("text"), *_fields(_text, "name", "text", "category", "expected")),
    Kind.PREFERENCE: (_value("chosen"), *_fields(_text, "name", "chosen"), *_fields(_texts, "rejected")),
    Kind.EXPOSURE: (*_fields(_text, "surface"), *_fields(float, "visible_ms")),
    Kind.RETRACTION: _fields(_text, "of"),
    Kind.ANNOTATION: (
        ("value", ("body",), _verdict_text),
        *_fields(_text, "name", "rubric", "label", "note", "expected"),
        *_fields(float, "score"),
    ),
    Kind.JUDGEMENT: (
        ("value", ("body",), _verdict_text),
        *_fields(_text, "name", "rubric", "judge", "label", "rationale"),
        *_fields(float, "score"),
    ),
    Kind.SUGGESTION: (
        _value("outcome"),
        *_fields(_text, "name", "outcome", "original", "proposed", "final"),
        *_fields(float, "decided_in_ms"),
        *_nested("survival", float, "after_s", "kept"),
    ),
    Kind.INTERACTION: (
        *_fields(_spoken, "input", "output"),
        ("input_messages", ("body", "input"), _messages),
        ("output_messages", ("body", "output"), _messages),
        *_fields(_text, "model", "parent", "release"),
        *_fields(float, "latency_ms", "cost"),
        *_fields(_texts, "tags"),
        *_fields(to_json, "variables", "params", "usage", "contexts", "candidates"),
        *_nested("prompt", _text, "name", "version", "commit", "path"),
        *_nested("prompt", bool, "dirty"),
        *_nested("variant", _text, "experiment", "arm"),
        *_nested("chosen", _text, "id", "by"),
        ("trace_id", ("body", "trace", "trace_id"), _text),
        ("span_id", ("body", "trace", "span_id"), _text),
    ),
}
"""What of each kind's body becomes a column of its own; the rest goes to `extra`."""


def _known(fields: Iterable[Field]) -> Mapping[Path, frozenset[str]]:
    known: dict[Path, set[str]] = {(): {"id", "kind", "body", "source"}, ("source",): set(), ("body",): set()}
    for _, path, _ in fields:
        for depth, name in enumerate(path):
            known.setdefault(path[:depth], set()).add(name)
    return {path: frozenset(names) for path, names in known.items()}


FIELDS: Mapping[str, tuple[Field, ...]] = {
    kind: (*ENVELOPE_FIELDS, *fields) for kind, fields in BODY_FIELDS.items()
}
KNOWN: Mapping[str, Mapping[Path, frozenset[str]]] = {kind: _known(fields) for kind, fields in FIELDS.items()}
"""Of each kind, the names that are known in the event and in each object of it, outer objects first."""
