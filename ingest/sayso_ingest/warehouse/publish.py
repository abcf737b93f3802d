"""Publishing: a consistent copy of the live file for readers, made while landing goes on.

Fold, checkpoint, then a child process copies while no checkpoint may happen: what is landed meanwhile goes into
the WAL, or, where it is much, into blocks of the file that are free as of that checkpoint. What leads to them is
written by the next one, so the copy holds what the last one knew, whatever lies in its free blocks. Then rename, so
that a reader sees the old copy or the new one, never a part.
The copy before the last is kept aside, for the next one to be made of: most of its blocks are right already.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sayso_ingest.durable import sync
from sayso_ingest.places import kept_copy
from sayso_ingest.warehouse import copy_file
from sayso_ingest.warehouse.copy_file import WHOLE_UP_TO
from sayso_ingest.warehouse.live import Warehouse
from sayso_ingest.warehouse.published import FILE

log = logging.getLogger(__name__)

COPY_SHARE = 0.2
"""The share of the time that a copy may be under way."""
LANDER_SHARE = 0.05
"""The share of the lander's time that it may take: to fold, to checkpoint, and to put the copy in its place."""
SMALL_SHARE = 0.1
"""The same of a small warehouse, whose readers see what was said within two seconds or three: its lander has little to
do."""
SMALL, LARGE = 0.4, 0.8
"""Seconds for which a publish may hold the lander up: of a small warehouse at most, of a large one at least. Between
them the share falls steadily, so that a slower machine is no sudden step."""
SOON = 2.5
"""Seconds within which nobody waits for the next copy: what takes the share of a large warehouse may come sooner."""
MOST = 60.0
"""Seconds for which the lander is left alone at most, however long it was held up. To fold and to checkpoint what has
landed takes as long sooner or later: where more than the share comes in, waiting would only make it more each time."""
BYTES_PER_SECOND = 10_000_000
"""What publishing may write on average: 0.9 TB a day at most, so that it does not wear out the disk."""
COPY_WITHIN = 3600.0
"""Seconds after which a copy counts as hung: 36 GB at `BYTES_PER_SECOND`, and no disk is as slow as that."""

COPIER = (sys.executable, "-S", "-E", copy_file.__file__)
"""The command that copies a file durably: given source, target, the copy kept aside and the bytes up to which it
is to write all of it; it prints the bytes it wrote."""

Stat = tuple[int, int, int]


@dataclass(slots=True)
class _Copy:
    """A copy under way."""

    child: subprocess.Popen[bytes]
    path: Path
    landing: int
    began: float
    copying_since: float


def pause_after(held_up: float) -> float:
    """Seconds from a publish that held the lander up for so many seconds to the next; never less for more of them."""
    smallness = min(1.0, max(0.0, (LARGE - held_up) / (LARGE - SMALL)))
    share = LANDER_SHARE + (SMALL_SHARE - LANDER_SHARE) * smallness
    pause = max(held_up / share, min(held_up / LANDER_SHARE, SOON))
    return min(pause, held_up + MOST)


class Publisher:
    """Publishes a warehouse into its project's folder, when something changed and not too often.

    Up to `whole_up_to` a copy is made anew each time; beyond, the last but one is brought forward.
    """

    def __init__(
        self,
        warehouse: Warehouse,
        project_folder: Path,
        *,
        interval: float = 1.0,
        whole_up_to: int = WHOLE_UP_TO,
        copier: Sequence[str] = COPIER,
        copy_within: float = COPY_WITHIN,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._warehouse = warehouse
        self._target = project_folder / FILE
        self._wal = project_folder / f"{FILE}.wal"
        self._retired = kept_copy(project_folder)
        self._interval = interval
        self._whole_up_to = whole_up_to
        self._copier = copier
        self._copy_within = copy_within
        self._clock = clock
        self._copy: _Copy | None = None
        self._next = clock()
        self._published: tuple[int, Stat] | None = None
        self._failures = 0
        self._forget = False

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
        began = self._clock()
        self._next = began + self._interval
        self._warehouse.fold(now=now)
        self._warehouse.checkpoint()
        path = self._target.with_name(f".{FILE}.draft")
        path.unlink(missing_ok=True)  # what a lander that was killed has left
        names = [str(name) for name in (self._warehouse.path, path, self._retired)]
        command = [*self._copier, *names, str(self._whole_up_to)]
        pipe = subprocess.PIPE
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe)
        self._copy = _Copy(child, path, self._warehouse.landing(), began, self._clock())

    def forget(self) -> None:
        """Give up a copy that is under way, and make another of whatever is there then, with nothing kept aside of what
        was published before: both hold what is no longer to be kept.
        """
        self.cancel()
        self._forget, self._published = True, None

    def purge(self, *, now: datetime) -> list[str]:  # noqa: ARG002 - a lake needs to know
        """Leave nothing of what was published before, and name what cannot be reached: nothing."""
        self._retired.unlink(missing_ok=True)
        return []

    def poll(self, *, wait: bool = False) -> bool:
        """Finish a copy whose child has ended; say whether a new copy was published."""
        copy = self._copy
        if copy is None or not self._has_ended(copy, wait=wait):
            return False
        stdout, stderr = copy.child.communicate()
        self._copy = None
        if copy.child.returncode != 0:
            self._give_up(
                copy, _last_line(stderr) or f"the copying process ended with {copy.child.returncode}"
            )
            return False
        ended = self._clock()
        size = copy.path.stat().st_size
        written = int(stdout)
        self._take_place(copy.path, keep=written > 0 and size > self._whole_up_to and not self._forget)
        self._forget = False
        self._failures = 0
        self._published = (copy.landing, self._stat())
        self._next = copy.began + self._pause(copy, ended, written)
        return True

    def _has_ended(self, copy: _Copy, *, wait: bool) -> bool:
        """Say whether the child has ended, waiting for it if so told; one that hangs is ended."""
        left = max(0.0, copy.copying_since + self._copy_within - self._clock())
        try:
            copy.child.wait(left if wait else 0)
        except subprocess.TimeoutExpired:
            if left and not wait:
                return False
            log.warning(
                "%s was not copied within %.0f s: ending that", self._warehouse.path, self._copy_within
            )
            copy.child.kill()
        return True

    def _pause(self, copy: _Copy, ended: float, written: int) -> float:
        """Seconds from the beginning of this publish to the next."""
        copied = ended - copy.copying_since
        # Letting go of an old copy of a gigabyte takes a while too.
        held_up = copy.copying_since - copy.began + self._clock() - ended
        return max(self._interval, copied / COPY_SHARE, pause_after(held_up), written / BYTES_PER_SECOND)

    def _give_up(self, copy: _Copy, problem: str) -> None:
        copy.path.unlink(missing_ok=True)
        self._failures += 1
        pause = min(
            60.0, max(1.0, self._interval) * 2 ** min(self._failures, 10)
        )  # more is no number any more
        self._next = self._clock() + pause
        log.error(
            "publishing %s failed, readers keep the last copy: %s. It is tried again in %.0f s; what is wrong with the "
            "disk, and what to do, says: sayso doctor",
            self._target,
            problem,
            pause,
        )

    def cancel(self) -> None:
        """End a copy that is under way, if there is one; readers keep the last one."""
        copy, self._copy = self._copy, None
        if copy is not None:
            copy.child.kill()
            copy.child.communicate()
            copy.path.unlink(missing_ok=True)

    def _take_place(self, copy: Path, *, keep: bool) -> None:
        """Put the copy in its place; with `keep`, put aside what was there, for the next copy to be made of."""
        # A writer that was killed leaves a WAL, which would be replayed into the next copy.
        self._drop_stray_wal()
        self._retired.unlink(missing_ok=True)
        if keep and self._target.exists():
            # Until the rename both names lead to the file that is being read: the copier leaves such a one alone.
            self._retired.hardlink_to(self._target)
        copy.replace(self._target)
        self._drop_stray_wal()
        sync(self._target.parent)

    def _drop_stray_wal(self) -> None:
        if self._wal.exists():
            log.warning("%s was opened for writing by somebody; what they wrote is dropped", self._target)
            self._wal.unlink(missing_ok=True)

    def _stat(self) -> Stat:
        try:
            stat = self._target.stat()
        except FileNotFoundError:
            return (0, 0, 0)
        return (stat.st_ino, -1 if self._wal.exists() else stat.st_mtime_ns, stat.st_size)


def _last_line(text: bytes) -> str:
    lines = text.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""
