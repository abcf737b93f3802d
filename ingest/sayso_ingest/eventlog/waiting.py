"""How many bytes of a log in files have not landed, told by its lander to the collectors, whichever of them lives.

The lander writes down how much the files hold whenever nothing in them waits; what they hold beyond that waits. Where
it has not written for long, because it is away or behind, that is too much rather than too little.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

STEP = 256 << 10
"""Bytes by which it may be behind: to write it down at every landing would be worth nothing."""


def size_of(log: Path) -> int:
    """Bytes of the files in a log's folder."""
    try:
        with os.scandir(log) as entries:
            return sum(entry.stat().st_size for entry in entries if not entry.name.endswith("-shm"))
    except OSError:  # it is not there yet, or a file went in this moment
        return 0


def waiting_bytes(log: Path, mark: Path) -> int:
    """Bytes of the log that have not landed, at most."""
    return max(0, size_of(log) - _read(mark))


class LandedMark:
    """The lander's side."""

    def __init__(self, log: Path, mark: Path) -> None:
        """Write into `mark` about the files in `log`."""
        self._log = log
        self._mark = mark
        self._written = -1

    def everything(self) -> None:
        """Say that nothing waits."""
        now = size_of(self._log)
        if self._written < 0 or abs(now - self._written) > STEP:
            self._write(now)

    def nothing(self) -> None:
        """Say that all of it may wait: files went from it, and how much of what is left has landed is not known."""
        self._write(0)

    def _write(self, landed: int) -> None:
        self._written = landed
        with contextlib.suppress(
            OSError
        ):  # what stands there is too little at most, and the next one may succeed
            draft = self._mark.with_name(f".{self._mark.name}")
            draft.write_text(f"{landed}\n")
            draft.replace(self._mark)


def _read(mark: Path) -> int:
    try:
        return int(mark.read_text())
    except (OSError, ValueError):
        return 0
