"""A log that takes no records once its disk is nearly full: what is left is for landing and publishing them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from sayso_ingest.eventlog.base import LogWriter
from sayso_ingest.eventlog.outage import Outage
from sayso_ingest.parsers import AUTO, bytes_of

AUTO_BYTES = 500_000_000
AUTO_SHARE = 0.02
"""Of a small disk."""


class Reserved:
    """Appends through another writer as long as as much is free on its disk as was set aside."""

    def __init__(self, writer: LogWriter, folder: Path, reserve: str) -> None:
        self._writer = writer
        self._folder = folder
        self._reserve = reserve
        self._outage = Outage(f"in {folder}")

    def append(self, records: Sequence[bytes]) -> list[bool]:
        """Append, or say as on a full disk that nothing is durable; see `LogWriter`."""
        problem = self._lacks(sum(map(len, records)))
        if problem:
            self._outage.begins(f"{problem} (SAYSO_DISK_RESERVE={self._reserve})")
            return [False] * len(records)
        self._outage.ends()
        return self._writer.append(records)

    def problem(self) -> str:
        """Say whether it is the reserve, or what the other writer says; see `LogWriter`."""
        return self._lacks(0) or self._writer.problem()

    def _lacks(self, size: int) -> str:
        """Say why no more bytes of this number are to be written, if so."""
        try:
            enough = left_over(self._folder, self._reserve) >= size
        except OSError as error:
            return f"what is free on the disk cannot be told: {error.strerror}"
        return "" if enough else "less than its reserve is free on the disk"

    def close(self) -> None:
        """Close the other writer."""
        self._writer.close()


def left_over(folder: Path, reserve: str) -> int:
    """Bytes that are free on the disk of a folder beyond what is set aside; negative where that is touched."""
    while not folder.exists():  # a log's folder is made by its first append
        folder = folder.parent
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize - reserved_bytes(reserve, disk.f_blocks * disk.f_frsize)


def reserved_bytes(reserve: str, disk_size: int) -> int:
    """What is set aside of a disk of this size."""
    return min(AUTO_BYTES, int(disk_size * AUTO_SHARE)) if reserve == AUTO else bytes_of(reserve)
