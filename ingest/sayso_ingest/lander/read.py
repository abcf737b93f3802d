"""Pure: entries of the log -> rows, repeats still in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from sayso_ingest.errors import LogError, UnstorableBatch
from sayso_ingest.event import is_uuid
from sayso_ingest.eventlog.base import Entry
from sayso_ingest.lander.fields import FIELDS
from sayso_ingest.lander.plain import PLAIN, decode_plain
from sayso_ingest.lander.rejects import malformed, not_a_record, reject_row
from sayso_ingest.lander.rows import Head, columns, plain_columns
from sayso_ingest.record import NotARecord, Part, counts_of, decode_json, unpack
from sayso_ingest.warehouse import Columns, Row, Rows

SLICE_BYTES = 2 << 20
"""Bytes of records that are decoded at once: some 4,000 events. As objects they take ten times that."""

MALFORMED = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError, UnstorableBatch)
"""What flattening raises for an event that no collector of ours accepts."""

MakeRows = Callable[[Columns], Rows]
"""Makes rows ready to be landed; raises UnstorableBatch for a value that does not fit its column."""


@dataclass(frozen=True, slots=True)
class Table:
    """Events of one kind, flattened, with the number of each among all that were read."""

    rows: Rows
    numbers: Sequence[int]


@dataclass(slots=True)
class Read:
    """What was read from the log, flattened, repeats still in it."""

    tables: list[Table] = field(default_factory=list)
    rejects: list[Row] = field(default_factory=list)
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    totals: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """What clients dropped in all, as far as they have said, by key, client and reason."""
    positions: dict[str, int] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        """The event id of every row."""
        return list(chain.from_iterable(table.rows.ids for table in self.tables))

    def add(self, other: Read) -> None:
        """Take in what was read after this."""
        self.tables += other.tables
        self.rejects += other.rejects
        self.counts.update(other.counts)
        for key, total in other.totals.items():
            self.totals[key] = max(total, self.totals.get(key, 0))
        self.positions |= other.positions


@dataclass(slots=True)
class Gathered:
    """Events that are to be flattened together; item n of each list is about event n."""

    events: list[Any] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    """What each came in."""
    ordinals: list[int] = field(default_factory=list)
    """The number of each in its record."""
    numbers: list[int] = field(default_factory=list)
    """The number of each in all that was read with it."""

    def cut(self, part: slice) -> Gathered:
        """Those between two of them."""
        return Gathered(self.events[part], self.heads[part], self.ordinals[part], self.numbers[part])


Kinds = dict[Any, Gathered]
"""Events by the type of plain ones, and by the kind of others."""


def read_entries(entries: Iterable[Entry], make_rows: MakeRows, *, slice_bytes: int = SLICE_BYTES) -> Read:
    """Flatten every event of every record; what is not a record is kept as a reject.

    Raises:
        LogError: a record was written by a newer version. What stands in the slices before it is read first.
    """
    read, first = Read(), 0
    for some in _slices(entries, slice_bytes):
        try:
            piece, first = _read_slice(some, first, make_rows)
        except LogError:
            if read.positions:
                break
            raise
        read.add(piece)
    return read


def _slices(entries: Iterable[Entry], slice_bytes: int) -> Iterator[list[Entry]]:
    some, size = [], 0
    for entry in entries:
        some.append(entry)
        size += len(entry.payload)
        if size >= slice_bytes:
            yield some
            some, size = [], 0
    if some:
        yield some


def _read_slice(entries: Sequence[Entry], first: int, make_rows: MakeRows) -> tuple[Read, int]:
    """Flatten entries whose first event is the one with that number; return the number of the next one as well."""
    try:
        read, kinds, after = _gather(entries, first, _decode_events)
        _flatten_all(read, kinds, make_rows)
    except MALFORMED:
        # One of the plain events is no event after all. As dictionaries they can be searched for it.
        read, kinds, after = _gather(entries, first, decode_json)
        _flatten_all(read, kinds, make_rows)
    return read, after


def _decode_events(events: bytes) -> list[Any]:
    """Decode them as plain ones, or else as dictionaries."""
    plain = decode_plain(events)
    return decode_json(events) if plain is None else plain


def _gather(
    entries: Iterable[Entry], number: int, decode_events: Callable[[bytes], list[Any]]
) -> tuple[Read, Kinds, int]:
    """Put the events of entries together by kind, numbered from `number` on; all else is read already."""
    read = Read()
    kinds: Kinds = {key: Gathered() for key in (*FIELDS, *PLAIN)}
    for entry in entries:
        read.positions[entry.source] = entry.offset + 1
        ordinal = 0
        for part in _parts(read, entry, decode_events):
            head = Head.of(part, source=entry.source, offset=entry.offset)
            for event in part.events:
                try:
                    gathered = kinds[type(event) if type(event) in PLAIN else event["kind"]]
                except MALFORMED:
                    read.rejects.append(malformed(event, head, ordinal, "It is no event of a known kind."))
                else:
                    gathered.events.append(event)
                    gathered.heads.append(head)
                    gathered.ordinals.append(ordinal)
                    gathered.numbers.append(number)
                ordinal += 1
                number += 1
            for rejection in part.rejects:
                read.rejects.append(reject_row(rejection, head, ordinal))
                ordinal += 1
            _read_report(read, part)
    return read, kinds, number


def _parts(read: Read, entry: Entry, decode_events: Callable[[bytes], list[Any]]) -> Sequence[Part]:
    try:
        return unpack(entry.payload, decode_events=decode_events)
    except NotARecord as error:
        read.rejects.append(not_a_record(entry, str(error)))
        return ()


def _flatten_all(read: Read, kinds: Kinds, make_rows: MakeRows) -> None:
    """Make tables of what was gathered.

    Raises:
        One of `MALFORMED`: a plain event is no event after all.
    """
    for key, gathered in kinds.items():
        if gathered.events and key in PLAIN:
            rows = make_rows(plain_columns(gathered.events, gathered.heads))
            read.tables.append(Table(rows, gathered.numbers))
        elif gathered.events:
            _flatten(read, key, gathered, make_rows)


def _flatten(read: Read, kind: str, gathered: Gathered, make_rows: MakeRows) -> None:
    """Make a table of them; where one of them is malformed, find it by halving."""
    count = len(gathered.events)
    try:
        rows = make_rows(columns(kind, gathered.events, gathered.heads))
    except MALFORMED as error:
        if count == 1:
            message = f"It cannot be made a row: {error!r}"
            (event,), (head,), (ordinal,) = gathered.events, gathered.heads, gathered.ordinals
            read.rejects.append(malformed(event, head, ordinal, message))
            return
        for half in (slice(count // 2), slice(count // 2, None)):
            _flatten(read, kind, gathered.cut(half), make_rows)
    else:
        read.tables.append(Table(rows, gathered.numbers))


def _read_report(read: Read, part: Part) -> None:
    """Count what a client says it dropped, as far as its report can be read.

    A client that names itself sends its totals so far: the highest counts, however often and in whatever order
    they come. One that does not sends what came on top since its last report.
    """
    report = part.report or {}
    client = report.get("client")
    for reason, n in counts_of(report.get("dropped")):
        if is_uuid(client):
            total = (part.key_id, client.lower(), reason)
            read.totals[total] = max(n, read.totals.get(total, 0))
        else:
            read.counts[part.key_id, "client", reason] += n
    # Written by the collector: it never lets a client's pass.
    for reason, n in counts_of(report.get("turned_away")):
        read.counts[part.key_id, "collector", reason] += n
