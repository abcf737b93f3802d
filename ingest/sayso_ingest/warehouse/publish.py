"""Publishing: a consistent copy of the live file for readers, made while landing goes on.

Fold, checkpoint, then a child process copies while no checkpoint may happen: what is landed meanwhile goes into
the WAL and leaves the file alone. Then rename, so that a reader sees the old copy or the new one, never a part.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sayso_ingest.warehouse import copy_file
from sayso_ingest.warehouse.live import Warehouse
from sayso_ingest.warehouse.published import FILE

log = logging.getLogger(__name__)

COPY_SHARE = 4
"""A copy that took a second is not repeated before 4 seconds have passed."""
BYTES_PER_SECOND = 10_000_000
"""What publishing may write on average: 763 MB every 76 s, so that it does not wear out the disk."""

COPIER = (sys.executable, "-S", "-E", copy_file.__file__)
"""The command that copies a file durably: given the source and the target."""

Stat = tuple[int, int, int]


@dataclass(slots=True)
class _Copy:
    """A copy under way."""

    child: subprocess.Popen[bytes]
    path: Path
    landing: int
    started: float


class Publisher:
    """Publishes a warehouse into its project's folder, when something changed and not too often."""

    def __init__(
        self,
        warehouse: Warehouse,
        project_folder: Path,
        *,
        interval: float = 2.0,
        copier: Sequence[str] = COPIER,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._warehouse = warehouse
        self._target = project_folder / FILE
        self._interval = interval
        self._copier = copier
        self._clock = clock
        self._copy: _Copy | None = None
        self._next = clock()
        self._published: tuple[int, Stat] | None = None
        self._failures = 0

    @property
    def copying(self) -> bool:
        """A copy is under way: the live file must not be checkpointed now."""
        return self._copy is not None

    def due(self) -> bool:
        """It is time, and there is something new, or the published file is not as it was left."""
        return self._copy is None and self._clock() >= self._next and self.changed()

    def changed(self) -> bool:
        """Something landed since the last copy, or the published file is not as it was left."""
        return self._published is None or self._published != (self._warehouse.landing(), self._stat())

    def start(self, *, now: datetime) -> None:
        """Fold and checkpoint, then let a child process copy; `poll` finishes.

        Raises:
            WarehouseError: folding or the checkpoint failed. Nothing is published then: a copy made now would be stale.
        """
        self._next = self._clock() + self._interval
        self._warehouse.fold(now=now)
        self._warehouse.checkpoint()
        path = self._target.with_name(f".{FILE}.draft")
        path.unlink(missing_ok=True)  # what a lander that was killed has left
        command = [*self._copier, str(self._warehouse.path), str(path)]
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self._copy = _Copy(child, path, self._warehouse.landing(), self._clock())

    def poll(self, *, wait: bool = False) -> bool:
        """Finish a copy whose child has ended; say whether a new copy was published."""
        copy = self._copy
        if copy is None or (copy.child.poll() is None and not wait):
            return False
        _, stderr = copy.child.communicate()
        self._copy = None
        took = self._clock() - copy.started
        if copy.child.returncode != 0:
            copy.path.unlink(missing_ok=True)
            self._failures += 1
            self._next = self._clock() + min(60.0, max(1.0, self._interval) * 2**self._failures)
            log.error(
                "publishing %s failed, readers keep the last copy: %s", self._target, _last_line(stderr)
            )
            return False
        self._take_place(copy.path)
        self._failures = 0
        stat = self._stat()
        self._published = (copy.landing, stat)
        self._next = self._clock() + max(self._interval, took * COPY_SHARE, stat[2] / BYTES_PER_SECOND)
        return True

    def cancel(self) -> None:
        """End a copy that is under way, if there is one; readers keep the last one."""
        copy, self._copy = self._copy, None
        if copy is not None:
            copy.child.kill()
            copy.child.communicate()
            copy.path.unlink(missing_ok=True)

    def _take_place(self, copy: Path) -> None:
        # A writer that was killed leaves a WAL, which would be replayed into the next copy.
        self._drop_stray_wal()
        copy.replace(self._target)
        self._drop_stray_wal()
        folder = os.open(self._target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _drop_stray_wal(self) -> None:
        wal = self._target.with_name(self._target.name + ".wal")
        if wal.exists():
            log.warning("%s was opened for writing by somebody; what they wrote is dropped", self._target)
            wal.unlink(missing_ok=True)

    def _stat(self) -> Stat:
        wal = self._target.with_name(self._target.name + ".wal")
        try:
            stat = self._target.stat()
        except FileNotFoundError:
            return (0, 0, 0)
        return (stat.st_ino, -1 if wal.exists() else stat.st_mtime_ns, stat.st_size)


def _last_line(text: bytes) -> str:
    lines = text.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "no message"
