"""Erasing somebody from a live file: whom it is about, what is theirs, and taking it out for good."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from sayso_ingest.errors import WarehouseError
from sayso_ingest.warehouse.belongings import Belongings, Traces
from sayso_ingest.warehouse.connect import Connection, DriverError, open_published
from sayso_ingest.warehouse.definition import read_statements
from sayso_ingest.warehouse.lake.address import Home, Lake
from sayso_ingest.warehouse.lake.attach import open_for_reading
from sayso_ingest.warehouse.published import FILE
from sayso_ingest.warehouse.removal import Removed, fold_anew, note

SQL = read_statements(files("sayso_ingest.warehouse") / "erasure.sql")


@dataclass(frozen=True)
class Subject:
    """Who or what is erased; one of the four is given, or none: then what was erased before, and is back."""

    actor: str | None = None
    anonymous: str | None = None
    session: str | None = None
    target: str | None = None

    @property
    def by(self) -> str:
        """By what it is named."""
        return next((name for name, value in asdict(self).items() if value is not None), "id, again")


def belongings_of(home: Home, subject: Subject) -> Belongings:
    """Find what is a subject's in what is published; raises as opening that does."""
    with closing(_opened(home)) as copy:
        return find(copy, subject)


def spelt_otherwise(home: Home, subject: Subject) -> Mapping[str, int]:
    """Ids that look like the subject's and are others, in what is published, and how many events each has."""
    [(name, value)] = [(name, value) for name, value in asdict(subject).items() if value is not None]
    with closing(_opened(home)) as copy:
        return dict(copy.execute(SQL["spelt_otherwise"].replace("$field", name), {"id": value}).fetchall())


def count_again(place: Path | Lake, ids: Set[str]) -> tuple[int, int]:
    """Count the events and rejects in a live file, or in what a lake has published, that have one of these ids.

    Raises:
        WarehouseError: it cannot be read, as where a lander has it open.
    """
    try:
        with closing(open_for_reading(place) if isinstance(place, Lake) else open_published(place)) as tables:
            [(events, rejects)] = tables.execute(SQL["count_again"], {"ids": sorted(ids)}).fetchall()
    except DriverError as error:
        raise WarehouseError(f"{place} cannot be read: {error}") from error
    return events, rejects


def _opened(home: Home) -> Connection:
    return open_for_reading(home) if isinstance(home, Lake) else open_published(home / FILE)


def find(connection: Connection, subject: Subject) -> Belongings:
    """Find what is a subject's, in temporary tables, which the file itself does not see."""
    connection.execute(SQL["subject"], asdict(subject))
    for step in ("own", "own_targets", "gone", "said"):
        connection.execute(SQL[step])

    def pairs(name: str) -> list[tuple[Any, ...]]:
        return connection.execute(SQL[name]).fetchall()

    named: dict[str, set[str]] = defaultdict(set)
    for role, name in pairs("gone_names"):
        named[role].add(name)
    texts = dict(pairs("gone_texts"))
    found = Belongings(
        events=Counter(dict(pairs("gone_counts"))),
        ids=frozenset(event_id for (event_id,) in pairs("gone_ids")),
        named={role: frozenset(names) for role, names in named.items()},
        texts=frozenset(texts),
        shared=frozenset(text for text, is_shared in texts.items() if is_shared),
    )
    return replace(found, rejects=tuple(_rejects_with(connection, found)))


def _rejects_with(connection: Connection, found: Belongings) -> Iterator[str]:
    traces = Traces(found)
    result = connection.execute(SQL["rejects_kept"])
    while rows := result.fetchmany(100):
        for reject_id, event_id, raw, detail, again in rows:
            if (
                again
                or event_id in found.ids
                or traces.in_bytes(raw or b"")
                or traces.in_bytes((detail or "").encode())
            ):
                yield reject_id


def erase(connection: Connection, subject: Subject, found: Belongings, *, now: datetime) -> bool:
    """Take out what `find` found just before, and say if there was any; none of it lands again."""
    connection.execute(SQL["erase_events"])
    connection.execute(SQL["erase_rejects"], [list(found.rejects)])
    connection.execute(SQL["remember_ids"], [sorted({*found.ids, *found.rejects})])
    [(untied,)] = connection.execute(SQL["erase_ties"]).fetchall()
    if not (found.events or found.rejects or untied):
        return False  # as when it goes on after a kill: nothing has to be folded anew for it
    for step in ("clear_identities", "identities_anew"):
        connection.execute(SQL[step])
    removed = [Removed(kind, None, n) for kind, n in sorted(found.events.items())]
    if found.rejects:
        removed.append(Removed("rejects", None, len(found.rejects)))
    note(connection, removed, why=f"erasure by {subject.by}", now=now)
    fold_anew(connection)
    return True
