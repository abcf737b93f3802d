"""The JSON of a record, and which version of it this is."""

from __future__ import annotations

import json

import msgspec

from sayso_ingest.event import JSON

VERSION = 1


def decode_json(payload: bytes) -> JSON:
    """Decode JSON as `json.loads` does: msgspec gives the same values sooner, and what it refuses json looks at.

    Raises:
        ValueError, RecursionError: it is no JSON.
    """
    try:
        return msgspec.json.decode(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return json.loads(payload)


def decode_seeing_repeats(payload: bytes) -> tuple[JSON, bool]:
    """Decode JSON, and say whether a name comes twice in an object, of which only the last value is in what is decoded.

    Raises:
        ValueError, RecursionError: it is no JSON.
    """
    repeats = False

    def one(pairs: list[tuple[str, JSON]]) -> JSON:
        nonlocal repeats
        found = dict(pairs)
        repeats = repeats or len(found) < len(pairs)
        return found

    return json.loads(payload, object_pairs_hook=one), repeats


def encode_json(value: JSON) -> bytes:
    """Compact, unescaped UTF-8 JSON: the form in which events are measured and stored."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
