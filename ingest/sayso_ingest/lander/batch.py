"""Pure: entries of the log -> what one landing writes. The first copy of an id holds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple

from sayso_ingest.event import Event, Reason, is_uuid
from sayso_ingest.eventlog.base import Entry
from sayso_ingest.lander.fields import FIELDS
from sayso_ingest.lander.rejects import malformed, not_a_record, refuse, reject_row
from sayso_ingest.lander.rows import Head, columns
from sayso_ingest.record import NotARecord, Part, counts_of, unpack
from sayso_ingest.warehouse import Batch, Columns, Row

MALFORMED = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)
"""What flattening raises for an event that no collector of ours accepts."""


class Arrival(NamedTuple):
    """An event as it was read."""

    event: Event
    head: Head
    """What it came in."""
    ordinal: int
    """Its number in its record."""
    number: int
    """Its number in all that was read with it."""


class Place(NamedTuple):
    """Where a row is, in the order of the log."""

    number: int
    """That of its event, among all that were read."""
    table: int
    row: int


@dataclass(frozen=True, slots=True)
class Table:
    """Flattened events of one kind, with the number of each among all that were read."""

    columns: Columns
    numbers: Sequence[int]

    @property
    def ids(self) -> Sequence[str]:
        """The event id of each row."""
        return self.columns["event_id"]


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
        return list(chain.from_iterable(table.ids for table in self.tables))


def read_entries(entries: Iterable[Entry]) -> Read:
    """Flatten every event of every record; what is not a record is kept as a reject.

    Raises:
        LogError: a record was written by a newer version.
    """
    read = Read()
    kinds: dict[str, list[Arrival]] = {kind: [] for kind in FIELDS}
    number = 0
    for entry in entries:
        read.positions[entry.source] = entry.offset + 1
        ordinal = 0
        for part in _parts(read, entry):
            head = Head.of(part, source=entry.source, offset=entry.offset)
            for event in part.events:
                arrival = Arrival(event, head, ordinal, number)
                try:
                    kinds[event["kind"]].append(arrival)
                except MALFORMED:
                    read.rejects.append(malformed(event, head, ordinal, "It is no event of a known kind."))
                ordinal += 1
                number += 1
            for rejection in part.rejects:
                read.rejects.append(reject_row(rejection, head, ordinal))
                ordinal += 1
            _read_report(read, part)
    for kind, arrivals in kinds.items():
        if arrivals:
            _flatten(read, kind, arrivals)
    return read


def without_repeats(read: Read, stored: Mapping[str, int]) -> Batch:
    """Keep the first copy of each id; count repeats, and keep as rejects those that say something else.

    `stored` has the ids that landed before, with the hash of what each said.
    """
    rejects, counts = list(read.rejects), Counter(read.counts)
    dropped: dict[int, set[int]] = defaultdict(set)
    hashes = dict(stored)
    for _, place, row in _suspects(read, stored):
        table = read.tables[place]
        event_id, content_hash = table.ids[row], table.columns["content_hash"][row]
        if event_id not in hashes:
            hashes[event_id] = content_hash
            continue
        dropped[place].add(row)
        if hashes[event_id] == content_hash:
            counts[table.columns["key_id"][row], "lander", "repeat"] += 1
        else:
            message = "This id stands for another event already; send a new id."
            rejects.append(refuse(row_of(table.columns, row), Reason.ID_REUSED, message))
    return Batch(
        events=[_without(table.columns, dropped[t]) for t, table in enumerate(read.tables)],
        rejects=rejects,
        counts=[
            {"key_id": k, "hop": hop, "reason": reason, "n": n} for (k, hop, reason), n in counts.items()
        ],
        client_losses=[
            {"key_id": k, "client": client, "reason": reason, "n": n}
            for (k, client, reason), n in read.totals.items()
        ],
        positions=read.positions,
    )


def row_of(table: Columns, n: int) -> dict[str, Any]:
    """Row number n, with every column that has a value in it."""
    return {name: values[n] for name, values in table.items() if values[n] is not None}


def _parts(read: Read, entry: Entry) -> Sequence[Part]:
    try:
        return unpack(entry.payload)
    except NotARecord as error:
        read.rejects.append(not_a_record(entry, str(error)))
        return ()


def _flatten(read: Read, kind: str, arrivals: Sequence[Arrival]) -> None:
    """Make a table of them; where one of them is malformed, find it by halving."""
    events, heads, _, numbers = zip(*arrivals, strict=True)
    try:
        made = columns(kind, events, heads)
    except MALFORMED as error:
        if len(arrivals) == 1:
            read.rejects.append(malformed(*arrivals[0][:3], f"It cannot be made a row: {error!r}"))
            return
        half = len(arrivals) // 2
        _flatten(read, kind, arrivals[:half])
        _flatten(read, kind, arrivals[half:])
    else:
        read.tables.append(Table(made, numbers))


def _suspects(read: Read, stored: Mapping[str, int]) -> list[Place]:
    """The rows whose id is stored or occurs more than once, in the order of the log."""
    suspects = {event_id for event_id, n in Counter(read.ids).items() if n > 1} | stored.keys()
    if not suspects:
        return []
    return sorted(
        Place(table.numbers[row], t, row)
        for t, table in enumerate(read.tables)
        for row, event_id in enumerate(table.ids)
        if event_id in suspects
    )


def _without(table: Columns, dropped: set[int]) -> Columns:
    if not dropped:
        return table
    kept = [n for n in range(len(table["event_id"])) if n not in dropped]
    return {name: [values[n] for n in kept] for name, values in table.items()}


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
