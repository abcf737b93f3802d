"""The log in memory: the public twin of the durable ones, for tests inside one process."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import ClassVar
from uuid import uuid4

from sayso_ingest.errors import LogGap
from sayso_ingest.eventlog.base import Entry, LogReader, LogWriter, Positions


class MemoryLog:
    """Records of one project in memory, in sources of their own for each writer.

    While `full` is true, writers answer as they do on a full disk.
    """

    _by_name: ClassVar[dict[str, MemoryLog]] = {}

    def __init__(self) -> None:
        self.full = False
        self._guard = threading.Lock()
        self._records: dict[str, list[bytes]] = {}
        self._growing: set[str | None] = set()

    @classmethod
    def named(cls, name: str) -> MemoryLog:
        """Return the log of this name in this process, the same one each time."""
        return cls._by_name.setdefault(name, cls())

    def writer(self) -> LogWriter:
        """Make a writer with a source of its own."""
        return _Writer(self)

    def reader(self) -> LogReader:
        """Make a reader of all sources."""
        return _Reader(self)


class _Writer:
    def __init__(self, log: MemoryLog) -> None:
        self._log = log
        self._source: str | None = None

    def append(self, records: Sequence[bytes]) -> list[bool]:
        log = self._log
        with log._guard:
            if log.full:
                return [False] * len(records)
            if self._source is None:
                self._source = str(uuid4())
                log._records[self._source] = []
                log._growing.add(self._source)
            log._records[self._source].extend(records)
            return [True] * len(records)

    def problem(self) -> str:
        return "it is full" if self._log.full else ""

    def close(self) -> None:
        with self._log._guard:
            self._log._growing.discard(self._source)
            self._source = None


class _Reader:
    def __init__(self, log: MemoryLog) -> None:
        self._log = log
        self.unread: frozenset[str] = frozenset()

    def read(self, positions: Positions, *, max_bytes: int) -> list[Entry]:
        entries: list[Entry] = []
        room = max_bytes
        with self._log._guard:
            self._check(positions)
            for source, records in self._log._records.items():
                begin = positions.get(source, 0)
                for offset, payload in enumerate(records[begin:], start=begin):
                    if entries and len(payload) > room:
                        return entries
                    entries.append(Entry(source, offset, payload))
                    room -= len(payload)
        return entries

    def behind(self, positions: Positions) -> int:
        with self._log._guard:
            self._check(positions)
            records = self._log._records.items()
            return sum(len(payloads) - positions.get(source, 0) for source, payloads in records)

    def ends(self, positions: Positions) -> Positions:
        with self._log._guard:
            self._check(positions)
            return {source: len(records) for source, records in self._log._records.items()}

    def prune(self, positions: Positions) -> list[str]:
        log = self._log
        with log._guard:
            self._check(positions)
            landed = {
                source for source, records in log._records.items() if positions.get(source, 0) == len(records)
            }
            gone = sorted(landed - log._growing)
            for source in gone:
                del log._records[source]
            return gone

    def close(self) -> None:
        pass

    def _check(self, positions: Positions) -> None:
        for source, records in self._log._records.items():
            if positions.get(source, 0) > len(records):
                raise LogGap(
                    f"Source {source} of the log in memory has {len(records)} records, and "
                    f"{positions[source]} are said to be landed. Use the log and the positions that belong "
                    "together."
                )
