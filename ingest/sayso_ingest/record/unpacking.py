"""Pure: a record -> its parts, judged once more."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import NoneType
from typing import Any

import msgspec
from msgspec.structs import asdict

from sayso_ingest.errors import LogError
from sayso_ingest.event import JSON, Rejection, is_time
from sayso_ingest.record.encoding import VERSION, decode_json, encode_json

REASON_CHARACTERS = 100
"""Characters of a reason that is counted in a report."""

_REASON = re.compile("[a-z_]{1,64}")

DecodeEvents = Callable[[bytes], Any]


class NotARecord(LogError):
    """The bytes are not a record: somebody else writes into the log."""


@dataclass(frozen=True, slots=True)
class Part:
    """What the lander reads back: one request, or a slice of it."""

    key_id: str
    key_kind: str
    received_at: str
    sent_at: str | None
    report: Mapping[str, JSON] | None
    events: Sequence[JSON]
    """Each an `Event`, unless somebody else wrote it into the log."""
    rejects: Sequence[Rejection]


class _PartOutline(msgspec.Struct):
    """A part whose events are not decoded yet."""

    key_id: str
    key_kind: str
    received_at: str
    sent_at: str | None
    report: dict[str, JSON] | None
    events: msgspec.Raw
    rejects: list[JSON]


class _Outline(msgspec.Struct):
    """A record as collectors write it."""

    v: int
    parts: list[_PartOutline]


_decoder = msgspec.json.Decoder(_Outline)


def unpack(payload: bytes, *, decode_events: DecodeEvents = decode_json) -> list[Part]:
    """Decode a record. A reason that only a newer collector knows is kept as it is.

    `decode_events` turns the JSON of a part's events into a list of them, in whatever type it likes.

    Raises:
        NotARecord: the bytes are not a record, or one in its outline only.
        LogError: it was written by a newer version.
    """
    try:
        outline = _outline(payload)
        if outline is not None:
            return [
                _part(asdict(part) | {"events": decode_events(bytes(part.events))}) for part in outline.parts
            ]
        record = decode_json(payload)
        version = _field(record, "v", int)
        if version > VERSION:
            raise LogError(
                f"A record of the event log has version {version}, this sayso reads version {VERSION}. "
                "Upgrade the lander to the version of the collectors."
            )
        if version < VERSION:
            raise ValueError(f"there is no version {version}")
        return [_part(part) for part in _field(record, "parts", list)]
    except (ValueError, RecursionError) as error:
        raise NotARecord(f"Not a record of the event log: {error}.") from error


def counts_of(reported: JSON) -> Iterator[tuple[str, int]]:
    """What can be counted of a report's counts by reason, which anybody may have written; long reasons are cut."""
    for reason, n in reported.items() if isinstance(reported, Mapping) else ():
        if isinstance(n, int) and not isinstance(n, bool) and 0 < n < 2**31:
            yield reason[:REASON_CHARACTERS], n


def _outline(payload: bytes) -> _Outline | None:
    """Decode what is around the events of a record of ours; None where it is another's, whatever that may be."""
    try:
        outline = _decoder.decode(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return outline if outline.v == VERSION else None


def _part(part: JSON) -> Part:
    return Part(
        key_id=_field(part, "key_id", str),
        key_kind=_field(part, "key_kind", str),
        received_at=_time(_field(part, "received_at", str)),
        sent_at=_time(_field(part, "sent_at", str, NoneType)),
        report=_writable(_field(part, "report", dict, NoneType)),
        events=_field(part, "events", list),
        rejects=[_decode_rejection(reject) for reject in _field(part, "rejects", list)],
    )


def _decode_rejection(reject: JSON) -> Rejection:
    reason, length = _field(reject, "reason", str), _field(reject, "length", int)
    if not _REASON.fullmatch(reason):
        raise ValueError("a reason is no word")
    if not 0 <= length < 2**63:
        raise ValueError("a length is no count of bytes")
    return Rejection(
        reason=reason,
        detail=_writable(_field(reject, "detail")),
        raw=base64.b64decode(_field(reject, "raw", str), validate=True),
        length=length,
        sha256=_field(reject, "sha256", str),
        event_id=_field(reject, "event_id", str, NoneType),
        kind=_field(reject, "kind", str, NoneType),
    )


def _field(holder: JSON, name: str, *types: type) -> JSON:
    """Take a field that has exactly one of the types, or any where none is given; a text must be writable.

    Raises:
        ValueError: it has not, it is missing, or what should hold it is no object.
    """
    if not isinstance(holder, dict) or name not in holder:
        raise ValueError(f"{name} is missing")
    value = holder[name]
    if types and type(value) not in types:
        raise ValueError(f"{name} has a wrong type")
    if isinstance(value, str):
        value.encode()  # fails for a lone surrogate
    return value


def _time(text: JSON) -> JSON:
    if text is not None and not is_time(text):
        raise ValueError("a time is not in RFC 3339")
    return text


def _writable(value: JSON) -> JSON:
    """Return a value that can be written as JSON: without NaN, lone surrogates, or more depth than that."""
    encode_json(value)
    return value


def received_at(payload: bytes) -> datetime | None:
    """When what a record holds came in, UTC, as far as it can be read: of several requests the first one."""
    try:
        times = [datetime.fromisoformat(part.received_at).astimezone(UTC) for part in unpack(payload)]
    except (LogError, ValueError, TypeError):
        return None
    return min(times, default=None)
