"""Events on disk, so that they outlive the process: its own files, and those that processes before it have left.

A folder holds, for each owner (one client in one process), a lock and any number of segments. An owner that is gone
holds no lock; whoever gets it sends the segments and removes them. The buffer guards a spool with its lock, except for
reading and claiming. What cannot be written is nobody's failure: the caller keeps the event in memory, and is told why.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import uuid4

from sayso.retry import GIVE_UP_ON_DISK_AFTER
from sayso.segment import SUFFIX, Segment, read
from sayso.spool_lock import Lock

SEGMENT = 256 * 1024
"""Bytes after which a segment is closed: they are forgotten one by one, when all events of one are settled."""
CLAIM_EVERY = 60.0
"""Seconds between two looks at what other processes have left."""
AT_ONCE = 16
"""Owners that are taken over before their events are sent; each keeps a file open."""
TRY_AGAIN = 5.0
"""Seconds for which a disk that refused a write is left alone."""
LOCK = ".lock"
UNREADABLE = ".unreadable"


class Spool:
    """One owner's files, and what it has claimed."""

    def __init__(
        self, folder: Path, *, most: int, size: int = SEGMENT, now: Callable[[], float] = time.time
    ) -> None:
        self._folder = folder
        self._most = most
        self._size = size
        self._now = now
        self._lock: Lock | None = None
        self._taken: dict[str, Lock] = {}
        """Locks of owners that are gone, by their names."""
        self._name = str(uuid4())
        self._made = 0
        self._current: Segment | None = None
        self._resting: deque[Segment] = deque()
        self._claimed: deque[Segment] = deque()
        self._reading: Segment | None = None
        self._looked_at = 0.0
        self._looked = False
        """Whether everything that others have left was found."""
        self.closed = False
        self._write_at = 0.0
        self.waiting = 0
        """Events of its own that are on disk alone."""
        self.trouble = ""
        """Why the last event could not be written."""

    @property
    def overflows(self) -> bool:
        """Whether there are events of its own that found no room in memory."""
        return bool(self._resting)

    @property
    def rests(self) -> bool:
        """Whether there are events on disk that are still to be read, or nobody has looked yet."""
        to_read = self._resting or self._claimed or self._reading or not self._looked
        return bool(to_read) and not self.closed

    def append(self, payload: bytes, *, rest: bool) -> Segment | None:
        """Write one event, and return the segment it is in; None when it cannot be written.

        Args:
            rest: the event is not kept in memory; `next` brings it back.
        """
        if self.closed or self._now() < self._write_at:
            return None
        try:
            segment = self._open(rest)
            segment.append(payload)
        except OSError as error:
            self._write_at = self._now() + TRY_AGAIN
            self.trouble = error.strerror or type(error).__name__
            return None
        self.trouble = ""
        self.waiting += rest
        return segment

    def settle(self, segment: Segment) -> None:
        """Forget one event of a segment, and the segment with its last one."""
        segment.pending -= 1
        if segment.pending == 0:
            if segment is self._current and segment.size < self._size:
                segment.empty()
            else:
                self._remove(segment)

    def next(self) -> Segment | None:
        """Return a segment to be read; `loaded` says that this was done."""
        if self.closed:
            return None
        if self._resting:
            self._reading = self._resting.popleft()
            if self._reading is self._current:
                self._close_current()
        else:
            self._reading = self._claimed.popleft() if self._claimed else None
        return self._reading

    def loaded(self, segment: Segment, count: int) -> int:
        """Note how many events of a segment are in memory now; return how many it was known to have."""
        known, segment.pending, self._reading = segment.pending, count, None
        self.waiting -= known
        if not count:
            self._remove(segment)
        return known

    def read(self, segment: Segment) -> tuple[list[bytes], int]:
        """Read a segment, and return its events and how many could not be read (without the buffer's lock)."""
        try:
            events, unreadable = read(segment.path)
        except OSError:
            return [], 1
        if unreadable and not events:
            with contextlib.suppress(OSError):  # people may want to look at it
                segment.path.rename(segment.path.with_suffix(UNREADABLE))
        return events, unreadable

    def expired(self, segment: Segment) -> bool:
        """Say whether the events of a segment are too old to be worth anything."""
        return self._age(segment.path) > GIVE_UP_ON_DISK_AFTER

    def orphans(self) -> list[str] | None:
        """Name other owners, gone or not; None while it is not time to look (without the buffer's lock)."""
        now = self._now()
        if (now - self._looked_at < CLAIM_EVERY) if self._looked else self._taken:
            return None
        self._looked_at = now
        try:
            files = list(self._folder.iterdir())
        except OSError:
            return []
        for path in files:
            if path.suffix == UNREADABLE and self._age(path) > GIVE_UP_ON_DISK_AFTER:
                path.unlink(missing_ok=True)
        names = {path.name.partition(".")[0] for path in files if path.suffix in (SUFFIX, LOCK)}
        return sorted(names - {self._name, *self._taken})

    def claim(self, names: Iterable[str]) -> None:
        """Take over what owners have left that are gone."""
        for name in names if not self.closed else ():
            if len(self._taken) >= AT_ONCE:
                self._looked = False  # there are more, for when these are sent
                return
            with contextlib.suppress(OSError):
                self._claim(name)
        self._looked = True

    def close(self) -> None:
        """Let go: what is not settled is there for whoever comes next."""
        self.closed = True
        self._close_current()
        self._claimed.clear()
        self._resting.clear()
        for lock in self._taken.values():
            lock.release()
        self._taken.clear()
        if self._lock is not None:
            self._lock.release(remove=not self._segments(self._name))
            self._lock = None

    def abandon(self) -> None:
        """Close in a forked child what belongs to the parent, which keeps its locks."""
        if self._current is not None:
            self._current.close()
        for lock in (self._lock, *self._taken.values()):
            if lock is not None:
                lock.close()

    def _open(self, rest: bool) -> Segment:
        """Return the segment to write to."""
        current = self._current
        if current is not None and (current.size >= self._size or current.rests != rest):
            self._close_current()
        if self._current is None:
            self._make_room()
            if self._lock is None:
                self._lock = self._own_lock()
            self._made += 1
            path = self._folder / f"{self._name}.{self._made:06d}{SUFFIX}"
            self._current = Segment.make(path, rests=rest)
            if rest:
                self._resting.append(self._current)
        return self._current

    def _own_lock(self) -> Lock:
        """Take a lock of its own; another name if somebody who looks for orphans was faster, which is rare."""
        while (lock := Lock.take(self._folder / f"{self._name}{LOCK}")) is None:
            self._name = str(uuid4())
        return lock

    def _make_room(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = sum(map(_size, self._folder.glob(f"*{SUFFIX}")))
        if held + self._size > self._most:
            raise OSError(0, f"it holds {held} bytes already")

    def _close_current(self) -> None:
        segment, self._current = self._current, None
        if segment is not None:
            segment.close()
            if segment.pending == 0:
                self._remove(segment)

    def _remove(self, segment: Segment) -> None:
        if segment is self._current:
            self._current = None
        segment.remove()
        owner = segment.path.name.partition(".")[0]
        if owner in self._taken and not self._segments(owner):
            self._taken.pop(owner).release(remove=True)

    def _claim(self, name: str) -> None:
        lock = Lock.take(self._folder / f"{name}{LOCK}")
        if lock is None:
            return
        segments = sorted(self._segments(name))
        if not segments:
            lock.release(remove=True)
            return
        self._taken[name] = lock
        self._claimed.extend(Segment(path) for path in segments)

    def _segments(self, name: str) -> list[Path]:
        return list(self._folder.glob(f"{name}.*{SUFFIX}"))

    def _age(self, path: Path) -> float:
        try:
            return self._now() - path.stat().st_mtime
        except OSError:
            return 0.0


def _size(path: Path) -> int:
    """Bytes of a file; none when it is gone: other processes that share the folder remove theirs at any time."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
