"""A log that takes no records once its disk is nearly full: what is left is for landing and publishing them.

Set aside are the reserve and what it takes to land what waits: else a reserve would be enough for so much, and a lander
that is away for long would find a disk on which nothing of all that was accepted can be landed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from time import monotonic

from sayso_ingest.eventlog.base import LogWriter
from sayso_ingest.eventlog.outage import Outage
from sayso_ingest.parsers import AUTO, bytes_of

AUTO_BYTES = 500_000_000
AUTO_SHARE = 0.02
"""Of a small disk."""
LANDING = 9
"""Bytes that landing and publishing take for each byte of the log, at most: rows, their write-ahead log and two copies.
Measured of long texts that cannot be compressed: 4.0, and 7.6 of 5 MB of them, whose blocks are not full."""
LOOK_EVERY = 0.25
LOOK_SHARE = 0.02
"""Of the time, which looking may take: with many projects it is done less often."""


class Room:
    """What landing takes, looked up now and then and reckoned between; one for all writers and threads of a process."""

    def __init__(self, needed: Callable[[], int]) -> None:
        """Ask `needed`, which looks at the disk."""
        self._ask = needed
        self._guard = Lock()
        self._needed = 0
        self._next = 0.0

    def take(self, size: int) -> None:
        """Count what was appended since."""
        with self._guard:
            self._needed += LANDING * size

    def needed(self) -> int:
        """Bytes that landing takes now."""
        with self._guard:  # also while it looks: what is appended meanwhile counts on top
            began = monotonic()
            if began >= self._next:
                self._needed = self._ask()
                ended = monotonic()
                self._next = ended + max(LOOK_EVERY, (ended - began) / LOOK_SHARE)
            return self._needed


class Reserved:
    """Appends through another writer as long as as much is free on its disk as is set aside."""

    def __init__(self, writer: LogWriter, folder: Path, reserve: str, room: Room | None = None) -> None:
        self._writer = writer
        self._folder = folder
        self._reserve = reserve
        self._room = room or Room(lambda: 0)
        self._outage = Outage(f"in {folder}")

    def append(self, records: Sequence[bytes]) -> list[bool]:
        """Append, or say as on a full disk that nothing is durable; see `LogWriter`."""
        size = sum(map(len, records))
        problem = self._lacks((1 + LANDING) * size)
        if problem:
            self._outage.begins(f"{problem} (SAYSO_DISK_RESERVE={self._reserve})")
            return [False] * len(records)
        self._outage.ends()
        self._room.take(size)
        return self._writer.append(records)

    def problem(self) -> str:
        """Say whether it is the reserve, or what the other writer says; see `LogWriter`."""
        return self._lacks(0) or self._writer.problem()

    def _lacks(self, size: int) -> str:
        """Say why no more bytes of this number are to be written, if so."""
        try:
            enough = left_over(self._folder, self._reserve) - self._room.needed() >= size
        except OSError as error:
            return f"what is free on the disk cannot be told: {error.strerror}"
        return "" if enough else "less than its reserve is free on the disk once what waits is landed"

    def close(self) -> None:
        """Close the other writer."""
        self._writer.close()


def left_over(folder: Path, reserve: str) -> int:
    """Bytes that are free on the disk of a folder beyond its reserve; negative where that is touched."""
    while not folder.exists():  # a log's folder is made by its first append
        folder = folder.parent
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize - reserved_bytes(reserve, disk.f_blocks * disk.f_frsize)


def reserved_bytes(reserve: str, disk_size: int) -> int:
    """What is set aside of a disk of this size, whatever waits."""
    return min(AUTO_BYTES, int(disk_size * AUTO_SHARE)) if reserve == AUTO else bytes_of(reserve)
