"""A lock on a file, held for as long as the process lives; the system lets go of it however the process ends."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _locked(file: int) -> bool:
        """Lock a file for this process, without waiting; False when another has it."""
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True
else:
    import fcntl

    def _locked(file: int) -> bool:
        """Lock a file for this process, without waiting; False when another has it."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class Lock:
    """A lock that this process holds."""

    def __init__(self, path: Path, file: int) -> None:
        self._path = path
        self._file = file

    @classmethod
    def take(cls, path: Path) -> Lock | None:
        """Take a lock, making its file; None when another process, or another client of this one, has it.

        Raises:
            OSError: the file cannot be made, or files here know no locks.
        """
        lock = cls(path, os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        try:
            if _locked(lock._file) and _same(path, lock._file):
                return lock
        except OSError:
            lock.close()
            raise
        lock.close()
        return None

    @property
    def there(self) -> bool:
        """Whether its file is still the one that others find."""
        return self._file >= 0 and _same(self._path, self._file)

    def release(self, *, remove: bool = False) -> None:
        """Let go, and remove the file when there is nothing left to own."""
        if remove and sys.platform == "win32":
            self.close()  # nobody can remove an open file there
        if remove:
            with contextlib.suppress(OSError):
                self._path.unlink()  # elsewhere before letting go: nobody should find an owner that has nothing
        self.close()

    def close(self) -> None:
        """Close the file; a parent process that has it open too keeps its lock."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def _same(path: Path, file: int) -> bool:
    """Say whether a locked file is still the one that is there: its last owner may have removed it meanwhile."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file))
    except OSError:
        return False
