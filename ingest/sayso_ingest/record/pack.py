"""A record: the unit of the event log. One group commit of one project, as bytes.

    {"v": 1, "parts": [{key_id, key_kind, received_at, sent_at, report, events: [...], rejects: [...]}, ...]}

A part is one request or a slice of it. Everything in it is already validated; what is read back is judged once
more, but for the single events, since somebody else may write into the log.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import NoneType

import msgspec

from sayso_ingest.errors import LogError
from sayso_ingest.event import JSON, Rejection, is_time

VERSION = 1
RECORD_LIMIT = 900_000
"""Bytes a record may have. A single event of 512 KB with its part's header fits."""

REASON_CHARACTERS = 100
"""Characters of a reason that is counted in a report."""

NOTHING = b'{"v":%d,"parts":[]}' % VERSION
"""A record without parts: to see whether the log takes one."""

_AFTER_HEAD = b',"events":[%s],"rejects":[%s]}'
_REASON = re.compile("[a-z_]{1,64}")


class NotARecord(LogError):
    """The bytes are not a record: somebody else writes into the log."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What one request puts into the log, encoded already; times are RFC 3339 texts."""

    key_id: str
    key_kind: str
    received_at: str
    sent_at: str | None = None
    report: Mapping[str, JSON] | None = None
    events: Sequence[bytes] = field(default_factory=tuple)
    rejects: Sequence[Rejection] = field(default_factory=tuple)


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


@dataclass(frozen=True, slots=True)
class Packed:
    """Records, and for each submission the number of the record that each of its items went into."""

    records: list[bytes]
    placement: list[list[int]]
    """Of each submission, its events."""
    rejects: list[list[int]]
    """Of each submission, its rejects."""
    heads: list[int]
    """Of each submission, its report, with or without anything else."""


@dataclass(slots=True)
class _Slice:
    """A part under construction: its head is encoded already."""

    head: bytes
    events: list[bytes] = field(default_factory=list)
    rejects: list[bytes] = field(default_factory=list)

    @classmethod
    def begin(cls, submission: Submission, report: Mapping[str, JSON] | None) -> _Slice:
        head = {
            "key_id": submission.key_id,
            "key_kind": submission.key_kind,
            "received_at": submission.received_at,
            "sent_at": submission.sent_at,
            "report": report,
        }
        # Every request has a head, and msgspec writes it in a fraction of the time; the values are the same.
        return cls(msgspec.json.encode(head)[:-1])

    def encode(self) -> bytes:
        return self.head + _AFTER_HEAD % (b",".join(self.events), b",".join(self.rejects))


def pack(submissions: Sequence[Submission], *, limit: int = RECORD_LIMIT) -> Packed:
    """Pack submissions into as few records as their order allows, none larger than `limit` bytes.

    A submission that does not fit is cut into slices; its report goes with the first one.
    """
    packer = _Packer(limit)
    packed = Packed([], [], [], [])
    for submission in submissions:
        head, places = packer.add(submission)
        packed.heads.append(head)
        packed.placement.append(places[: len(submission.events)])
        packed.rejects.append(places[len(submission.events) :])
    packed.records.extend(_encode(slices) for slices in packer.records)
    return packed


def unpack(payload: bytes) -> list[Part]:
    """Decode a record. A reason that only a newer collector knows is kept as it is.

    Raises:
        NotARecord: the bytes are not a record, or one in its outline only.
        LogError: it was written by a newer version.
    """
    try:
        record = decode_json(payload)
        version = _field(record, "v", int)
        if version > VERSION:
            raise LogError(
                f"A record of the event log has version {version}, this sayso reads version {VERSION}. "
                "Upgrade the lander to the version of the collectors."
            )
        if version < VERSION:
            raise ValueError(f"there is no version {version}")
        return [_decode_part(part) for part in _field(record, "parts", list)]
    except (ValueError, RecursionError) as error:
        raise NotARecord(f"Not a record of the event log: {error}.") from error


def decode_json(payload: bytes) -> JSON:
    """Decode JSON as `json.loads` does: msgspec gives the same values sooner, and what it refuses json looks at.

    Raises:
        ValueError, RecursionError: it is no JSON.
    """
    try:
        return msgspec.json.decode(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return json.loads(payload)


def encode_json(value: JSON) -> bytes:
    """Compact, unescaped UTF-8 JSON: the form in which events are measured and stored."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def counts_of(reported: JSON) -> Iterator[tuple[str, int]]:
    """What can be counted of a report's counts by reason, which anybody may have written; long reasons are cut."""
    for reason, n in reported.items() if isinstance(reported, Mapping) else ():
        if isinstance(n, int) and not isinstance(n, bool) and 0 < n < 2**31:
            yield reason[:REASON_CHARACTERS], n


class _Packer:
    """Fills one record after the other."""

    def __init__(self, limit: int) -> None:
        self.records: list[list[_Slice]] = []
        self._limit = limit
        self._used = limit

    def add(self, submission: Submission) -> tuple[int, list[int]]:
        """Add a submission; return the record of its head and of each item, events first."""
        rejects = [_encode_rejection(rejection) for rejection in submission.rejects]
        sizes = [len(item) + 1 for items in (submission.events, rejects) for item in items]
        part = self._begin(submission, submission.report, size=sizes[0] if sizes else 0)
        head = len(self.records) - 1
        if self._fits(sum(sizes)):  # so does each, and the record stays the same
            part.events += submission.events
            part.rejects += rejects
            self._used += sum(sizes)
            return head, [head] * len(sizes)
        items = [(event, True) for event in submission.events] + [(reject, False) for reject in rejects]
        return head, self._cut(submission, part, items)

    def _cut(self, submission: Submission, part: _Slice, items: Sequence[tuple[bytes, bool]]) -> list[int]:
        """Add items, each told to be an event or a reject, to a part and as many more as it takes."""
        places: list[int] = []
        for item, is_event in items:
            if not self._fits(len(item) + 1):
                part = self._begin(submission, None, size=len(item) + 1)
            self._used += len(item) + 1
            (part.events if is_event else part.rejects).append(item)
            places.append(len(self.records) - 1)
        return places

    def _begin(self, submission: Submission, report: Mapping[str, JSON] | None, *, size: int) -> _Slice:
        """Begin a slice where its head and an item of `size` bytes fit."""
        part = _Slice.begin(submission, report)
        need = len(part.head) + len(_AFTER_HEAD % (b"", b"")) + 1
        if not self._fits(need + size):
            self.records.append([])
            self._used = len(_encode([]))
        self._used += need
        self.records[-1].append(part)
        return part

    def _fits(self, size: int) -> bool:
        return self._used + size <= self._limit


def _encode(slices: Sequence[_Slice]) -> bytes:
    return b'{"v":%d,"parts":[%s]}' % (VERSION, b",".join(part.encode() for part in slices))


def _encode_rejection(rejection: Rejection) -> bytes:
    return encode_json(
        {
            "reason": rejection.reason,
            "detail": rejection.detail,
            "raw": base64.b64encode(rejection.raw).decode(),
            "length": rejection.length,
            "sha256": rejection.sha256,
            "event_id": rejection.event_id,
            "kind": rejection.kind,
        }
    )


def _decode_part(part: JSON) -> Part:
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
