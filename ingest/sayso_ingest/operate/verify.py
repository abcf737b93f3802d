"""The log against the warehouse: all that was acknowledged, and is still in the log, is accounted for.

A source is read from its beginning as far as it goes: what is landed and was removed from the log cannot be asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from sayso_ingest.errors import LogError
from sayso_ingest.eventlog import PLAINTEXT, Entry, LogReader, Security
from sayso_ingest.lander import Read, read_entries
from sayso_ingest.operate.looking import positions_of, reading
from sayso_ingest.record import NOTHING
from sayso_ingest.warehouse import Columns, Home, Published, Row, Rows, read_statements
from sayso_ingest.warehouse.published import FILE

ROOM = 32 << 20
"""Bytes of records that are held against the warehouse at once."""

Told = dict[str, tuple[str, datetime]]
"""By the id of an event its kind, and when it was received."""

_SQL = read_statements(Path(__file__).with_name("verify.sql"))


@dataclass
class SourceCounts:
    """Of one source of the log: its records, and what became of what they hold."""

    records: int = 0
    waiting: int = 0
    """Records that are not landed in the published copy."""
    events: int = 0
    """Events in the records that are landed."""
    rejects: int = 0
    """What was refused, in the records that are landed."""
    missing: list[str] = field(default_factory=list)
    """Ids of events and rejects of those that are not in the warehouse."""


@dataclass(frozen=True)
class Verdict:
    """What was found of a project."""

    project: str
    landing: int
    """The landing that was held against the log."""
    read: str
    """What was read of it: the published copy, which may be whole where the lander's own file is not."""
    sources: dict[str, SourceCounts]
    problem: str | None = None
    """Why not all of the log could be read."""

    @property
    def complete(self) -> bool:
        """Whether all that was acknowledged is accounted for."""
        return self.problem is None and not any(source.missing for source in self.sources.values())


def verify(
    project_folder: Path, *, log: str, security: Security = PLAINTEXT, home: Home | None = None
) -> Verdict:
    """Hold all that a project's log has against what is published in its folder, or in its other `home`.

    Raises:
        NotFound: there is no such project, or nothing was published of it.
        LogUnavailable: the log cannot be read now.
    """
    read = str(home or project_folder / FILE)
    with reading(log, project_folder, security) as reader, Published.open(home or project_folder) as copy:
        [(landing,)] = copy.table(_SQL["landing"])[1]
        positions, removed = positions_of(copy), dict(copy.table(_SQL["removed_sources"])[1])
        sources: dict[str, SourceCounts] = defaultdict(SourceCounts)
        for entries in _batches(reader):
            # One that was removed when it had landed whole, and is back, is no news.
            _count(entries, removed | positions, copy, sources)
        return Verdict(project_folder.name, landing, read, dict(sources), _problem(reader, positions))


def _batches(reader: LogReader) -> Iterator[Sequence[Entry]]:
    """Read all there is, from the beginning of each source."""
    at: dict[str, int] = {}
    while entries := reader.read(at, max_bytes=ROOM):
        at.update((entry.source, entry.offset + 1) for entry in entries)
        yield [entry for entry in entries if entry.payload != NOTHING]


def _problem(reader: LogReader, positions: Mapping[str, int]) -> str | None:
    """Say what of the log is broken, or not the one that was landed: reading passes over that."""
    try:
        reader.behind(positions)
    except LogError as error:
        return str(error)
    return None


def _count(
    entries: Sequence[Entry],
    positions: Mapping[str, int],
    copy: Published,
    sources: Mapping[str, SourceCounts],
) -> None:
    landed: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        counts = sources[entry.source]
        counts.records += 1
        if entry.offset < positions.get(entry.source, 0):
            landed[entry.source].append(entry)
        else:
            counts.waiting += 1
    for source, some in landed.items():
        told: Told = {}
        read = read_entries(some, partial(_noting, told))
        sources[source].events += len(read.ids)
        sources[source].rejects += len(read.rejects)
        sources[source].missing += _missing(read, told, copy)


def _noting(told: Told, events: Columns) -> Rows:
    told.update(zip(events["event_id"], zip(events["kind"], events["received_at"], strict=True), strict=True))
    return Rows.without_values(events)


def _missing(read: Read, told: Told, copy: Published) -> list[str]:
    """Name what was read and is not in the warehouse: neither as an event nor as a reject, nor removed since."""
    missing: list[str] = []
    if told:
        asked = (str(row[0]) for row in copy.table(_SQL["missing_events"], [sorted(told)])[1])
        missing += [event_id for event_id in asked if not _is_past(*told[event_id], _removed(copy))]
    if read.rejects:
        named = {_name(row): row for row in read.rejects}
        columns = [[row[name] for row in named.values()] for name in ("reject_id", "event_id", "sha256")]
        found = copy.table(_SQL["missing_rejects"], [list(named), *columns])
        received = {name: row["received_at"] for name, row in named.items()}
        missing += [name for (name,) in found[1] if not _is_past("rejects", received[name], _removed(copy))]
    return missing


def _removed(copy: Published) -> dict[str, datetime]:
    """Before what time everything of a kind was removed for its age."""
    return dict(copy.table(_SQL["removed"])[1])


def _is_past(what: str, received_at: datetime | None, removed: Mapping[str, datetime]) -> bool:
    return received_at is not None and what in removed and received_at < removed[what]


def _name(reject: Row) -> str:
    return str(reject["event_id"] or reject["reject_id"])
