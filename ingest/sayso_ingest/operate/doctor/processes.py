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


@dataclass(frozen=True, slots=True)
class Process:
    """A process on this machine: its command line as far as it can be seen, and whether somebody has stopped it."""

    pid: int
    words: tuple[str, ...] = ()
    stopped: bool = False

    @property
    def lands(self) -> bool:
        """Whether it is a lander, or may be one."""
        return not self.words or bool({"land", "serve"} & set(self.words))


def look_at_process(pid: int) -> Process:
    """Look at a process, as far as this user may see."""
    place = Path("/proc", str(pid))
    try:
        words = (place / "cmdline").read_bytes().decode(errors="replace").split("\0")
        state = (place / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return Process(pid)
    return Process(pid, tuple(filter(None, words)), stopped=state in "Tt")


def outliving(data: Path) -> list[Process]:
    """Name the rooms of a service on this data folder whose supervisor is gone."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        process = look_at_process(int(place.name))
        options = dict(zip(process.words, process.words[1:], strict=False))
        supervisor = options.get("--supervised-by", "")
        mine = supervisor.isdigit() and Path(options.get("--data", "")).absolute() == data.absolute()
        if mine and not Path("/proc", supervisor).exists():
            found.append(process)
    return found


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


def flock_owner(path: Path) -> int | None:
    """Return the process that alone has locked a file with flock, as a lander does; None for nobody."""
    try:
        stat, locks = path.stat(), Path("/proc/locks").read_text()
    except OSError:
        return None
    place = f"{os.major(stat.st_dev):02x}:{os.minor(stat.st_dev):02x}:{stat.st_ino}"
    for line in locks.splitlines():
        _, *words = line.split()
        if words[:3] == ["FLOCK", "ADVISORY", "WRITE"] and words[4] == place:
            return int(words[3])
    return None


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
