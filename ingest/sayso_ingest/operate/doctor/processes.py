"""What /proc and file locks tell about other processes; nothing where there is no such thing."""

from __future__ import annotations

import fcntl
import os
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FLOCK = "hhqqi4x"
"""struct flock of Linux: type, whence, start, length, process."""


@dataclass(frozen=True, slots=True)
class HeldCopy:
    """A copy that was replaced, and that a process still has open: its space is free when that process lets go."""

    pid: int
    bytes: int


def lock_owner(path: Path) -> int | None:
    """Return the process that holds the POSIX lock on a file, as DuckDB takes it for writing; None for nobody.

    Only asked for, never taken. Not to be called in the lander's own process: closing the file drops its lock.
    """
    if sys.platform != "linux":
        return None
    try:
        with path.open("rb") as file:
            asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
            kind, _, _, _, pid = struct.unpack(_FLOCK, fcntl.fcntl(file, fcntl.F_GETLK, asked))
    except OSError:
        return None
    return None if kind == fcntl.F_UNLCK else pid


def held_copies(path: Path) -> list[HeldCopy]:
    """Name the processes that have an older copy of a published file open, as far as this user may see."""
    deleted = Path(f"{path.absolute()} (deleted)")
    found: dict[tuple[int, int], HeldCopy] = {}
    for pid, descriptor in _descriptors():
        try:
            if descriptor.readlink() == deleted:
                stat = descriptor.stat()
                found[pid, stat.st_ino] = HeldCopy(pid, stat.st_blocks * 512)
        except OSError:
            continue
    return list(found.values())


def _descriptors() -> Iterator[tuple[int, Path]]:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            for descriptor in (process / "fd").iterdir():
                yield int(process.name), descriptor
        except OSError:
            continue
