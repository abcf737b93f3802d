"""Erasing somebody from a live file: whom it is about, what is theirs, and taking it out for good."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import datetime
from importlib.resources import files

from sayso_ingest.warehouse.connect import Connection, open_published
from sayso_ingest.warehouse.definition import read_statements
from sayso_ingest.warehouse.lake.address import Home, Lake
from sayso_ingest.warehouse.lake.attach import open_for_reading
from sayso_ingest.warehouse.published import FILE
from sayso_ingest.warehouse.removal import Removed, fold_anew, note

LONG = 12
"""Characters from which on a name or a text is not somebody else's by chance."""

SQL = read_statements(files("sayso_ingest.warehouse") / "erasure.sql")


@dataclass(frozen=True)
class Subject:
    """Who or what is erased; one of the four is given."""

    actor: str | None = None
    anonymous: str | None = None
    session: str | None = None
    target: str | None = None

    @property
    def by(self) -> str:
        """By what it is named."""
        return next(name for name, value in asdict(self).items() if value is not None)


@dataclass(frozen=True)
class Belongings:
    """Everything of a subject that a warehouse holds, as far as other places name it, too."""

    events: Counter[str]
    """How many of each kind."""
    ids: frozenset[str] = field(repr=False)
    names: frozenset[str] = field(repr=False)
    """The subject, its browsers and its targets."""
    texts: frozenset[str] = field(repr=False)
    rejects: tuple[str, ...] = field(repr=False, default=())
    """The ids of rejects that hold any of that."""


def belongings_of(home: Home, subject: Subject) -> Belongings:
    """Find what is a subject's in what is published; raises as opening that does."""
    opened = open_for_reading(home) if isinstance(home, Lake) else open_published(home / FILE)
    with closing(opened) as copy:
        return find(copy, subject)


def find(connection: Connection, subject: Subject) -> Belongings:
    """Find what is a subject's, in temporary tables, which the file itself does not see."""
    connection.execute(SQL["subject"], asdict(subject))
    for step in ("own", "own_targets", "gone"):
        connection.execute(SQL[step])

    def column(name: str) -> frozenset[str]:
        return frozenset(value for (value,) in connection.execute(SQL[name]).fetchall() if value)

    found = Belongings(
        events=Counter(dict(connection.execute(SQL["gone_counts"]).fetchall())),
        ids=column("gone_ids"),
        names=column("gone_names"),
        texts=column("gone_texts"),
    )
    rejects = tuple(_rejects_with(connection, found))
    return Belongings(found.events, found.ids, found.names, found.texts, rejects)


def _rejects_with(connection: Connection, found: Belongings) -> list[str]:
    traces = Traces(found)
    result = connection.execute(SQL["rejects_kept"])
    ids = []
    while rows := result.fetchmany(100):
        for reject_id, event_id, raw, detail in rows:
            if (
                event_id in found.ids
                or traces.in_bytes(raw or b"")
                or traces.in_bytes((detail or "").encode())
            ):
                ids.append(reject_id)
    return ids


class Traces:
    """By what bytes a subject is known: its names and texts as JSON writes them."""

    def __init__(self, found: Belongings) -> None:
        known = [*found.names, *(text for text in found.texts if len(text) >= LONG)]
        written = {json.dumps(one, ensure_ascii=escaped) for one in known for escaped in (True, False)}
        # A long one is known also where no quotes are around it, as in what is no JSON.
        written |= {name for name in found.names | found.texts if len(name) >= LONG}
        self._written = [word.encode("utf-8", "replace") for word in sorted(written)]

    def in_bytes(self, data: bytes) -> bool:
        """Whether any of them stands in these bytes, in a form that JSON has."""
        return any(word in data for word in self._written)


def erase(connection: Connection, subject: Subject, found: Belongings, *, now: datetime) -> None:
    """Take out what `find` found just before; its ids stay, so that none of it lands again."""
    connection.execute(SQL["erase_events"])
    connection.execute(SQL["erase_rejects"], [list(found.rejects)])
    connection.execute(SQL["remember_ids"], [sorted(found.ids)])
    for step in ("erase_ties", "clear_identities", "identities_anew"):
        connection.execute(SQL[step])
    removed = [Removed(kind, None, n) for kind, n in sorted(found.events.items())]
    if found.rejects:
        removed.append(Removed("rejects", None, len(found.rejects)))
    note(connection, removed, why=f"erasure by {subject.by}", now=now)
    fold_anew(connection)
