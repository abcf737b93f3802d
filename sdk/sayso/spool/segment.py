"""One file of a spool: a line that says what it is, then a line for each event, with a checksum."""

from __future__ import annotations

import contextlib
import os
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

SUFFIX = ".events"
HEADER = b"sayso-spool 1\n"
LARGEST = 4 * 1024 * 1024
"""Bytes of a file that is read: more than any client of ours has ever written into one."""
_NEW = (
    os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_WRONLY | getattr(os, "O_BINARY", 0)
)  # Windows would change line ends


FOREIGN = sys.maxsize
"""Stands for the number of what other processes have recorded: after all of our own, and nobody waits for it."""


@dataclass(eq=False, slots=True)
class Segment:
    """One file, and how many of its events are not settled."""

    path: Path
    rests: bool = True
    """Its events are not in memory."""
    seq: int = FOREIGN
    """The number of its first event."""
    pending: int = 0
    size: int = 0
    _file: int = -1

    @classmethod
    def make(cls, path: Path, *, rests: bool, seq: int) -> Segment:
        """Make a new file that only its owner's user can read.

        Raises:
            OSError: it cannot be made.
        """
        file = os.open(path, _NEW, 0o600)
        segment = cls(path, rests, seq, _file=file)
        segment._write(HEADER)
        return segment

    def append(self, payload: bytes) -> None:
        """Write one event: to the system, not to the disk, so it outlives the process and not the machine.

        Raises:
            OSError: the disk is full, or gone; of the event at most a half line is left, which its checksum refuses.
        """
        self._write(b"%08x %s\n" % (zlib.crc32(payload), payload))
        self.pending += 1

    @property
    def there(self) -> bool:
        """Whether its file still has a name: what is written to one that was deleted is lost with the process."""
        try:
            return (os.fstat(self._file) if self._file >= 0 else self.path.stat()).st_nlink > 0
        except OSError:
            return False

    def empty(self) -> None:
        """Forget all events, and go on with the same file: while the collector keeps up this happens with every batch,
        and costs less than a new file and the end of an old one.
        """
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, len(HEADER))
            self.size = len(HEADER)

    def close(self) -> None:
        """Write nothing more."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def remove(self) -> None:
        """Delete the file."""
        self.close()
        with contextlib.suppress(OSError):
            self.path.unlink()

    def _write(self, line: bytes) -> None:
        written = os.write(self._file, line)
        if written < len(line):
            os.ftruncate(self._file, self.size)
            raise OSError(0, "No space left on device")
        self.size += written


def read(path: Path) -> tuple[list[bytes], int]:
    """Return the events of a file, and how many lines could not be read.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        return [], 1
    lines = content.splitlines(keepends=True)
    if lines[:1] != [HEADER]:
        return [], len(lines)
    events = [event for line in lines[1:] if (event := _event(line)) is not None]
    return events, len(lines) - 1 - len(events)


def _event(line: bytes) -> bytes | None:
    """Read one line; what a dying process or machine has cut or mixed up fails the checksum."""
    checksum, payload = line[:8], line[9:-1]
    return payload if line.endswith(b"\n") and checksum == b"%08x" % zlib.crc32(payload) else None
