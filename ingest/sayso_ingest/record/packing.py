"""Pure: what requests submit -> records."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from sayso_ingest.event import JSON, Rejection
from sayso_ingest.record.encoding import VERSION, encode_json

RECORD_LIMIT = 900_000
"""Bytes a record may have. A single event of 512 KB with its part's header fits."""

NOTHING = b'{"v":%d,"parts":[]}' % VERSION
"""A record without parts: to see whether the log takes one."""

_AFTER_HEAD = b',"events":[%s],"rejects":[%s]}'


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
