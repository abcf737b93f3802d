"""Events on disk, so that they outlive the process: its own files, and those that processes before it have left.

A folder holds, for each owner (one client in one process), a lock and any number of segments. An owner that is gone
holds no lock; whoever gets it sends the segments and removes them (`takeover.py`), if it sends to the same collector
with the same key: their mark begins the names of all files. Whoever calls
a spool holds the lock of `Shared`, except for what may take as long as a disk takes: `measure`, `look` and `read`. What
cannot be written is nobody's failure: the caller keeps the event in memory, and is told why.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import uuid4

from sayso.retry import GIVE_UP_ON_DISK_AFTER
from sayso.spool.lock import Lock
from sayso.spool.segment import FOREIGN, SUFFIX, Segment, read
from sayso.spool.takeover import AT_ONCE, LOCK, UNREADABLE, Takeover, age

SEGMENT = 256 * 1024
"""Bytes after which a segment is closed: they are forgotten one by one, when all events of one are settled."""
TRY_AGAIN = 5.0
"""Seconds for which a disk that refused a write is left alone."""


def mark(url: str = "", key: str = "") -> str:
    """Return 16 hexadecimal digits that stand for a collector and a key, and tell neither."""
    return hashlib.sha256(f"{url.strip().rstrip('/')}\0{key.strip()}".encode()).hexdigest()[:16]


ANYBODY = mark()
"""Of clients that know neither, for they have a transport of their own."""


class Spool:
    """One owner's files, and what it has taken over."""

    def __init__(
        self,
        folder: Path,
        *,
        most: int,
        whose: str = ANYBODY,
        size: int = SEGMENT,
        at_once: int = AT_ONCE,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._most = most
        self._size = size
        self._now = now
        self._whose = whose
        self._process = os.getpid()
        self._others = Takeover(folder, whose, at_once=at_once, now=now)
        self._lock: Lock | None = None
        self._name = self._new_name()
        self._made = 0
        self._files = 0
        self._own_bytes = 0
        self._other_bytes = 0
        """What others have in the folder, when it was last measured."""
        self._current: Segment | None = None
        self._resting: deque[Segment] = deque()
        self._reading: Segment | None = None
        self.closed = False
        self._write_at = 0.0
        self.waiting = 0
        """Events of its own that are on disk alone."""
        self.lost = 0
        """Events that are in memory alone, because somebody has deleted their file."""
        self.trouble = ""
        """Why the last event could not be written."""

    @property
    def spills(self) -> bool:
        """Whether events of its own found no room in memory, so that those after them wait on disk, too."""
        return bool(self._resting) or (self._reading is not None and self._reading.seq != FOREIGN)

    @property
    def to_read(self) -> bool:
        """Whether there are events on disk that are still to be read, or nobody has looked yet."""
        return bool(self._resting or self._reading or self._others.rests) and not self.closed

    @property
    def oldest(self) -> int:
        """The lowest number of what is on disk alone; FOREIGN when nothing of its own is."""
        unread = (*(() if self._reading is None else (self._reading,)), *self._resting)
        return FOREIGN if self.closed else min((segment.seq for segment in unread), default=FOREIGN)

    @property
    def forgotten(self) -> int:
        """How many files of other collectors or keys nobody has come for, when others' were last looked for."""
        return self._others.forgotten

    @property
    def _disk_rests(self) -> bool:
        """Whether the disk is left alone after it refused a write; not for longer when the clock is put back."""
        return 0 < self._write_at - self._now() <= TRY_AGAIN

    def measure(self) -> None:
        """Look how much others have in the folder, if a segment is about to begin (without the lock of `Shared`)."""
        current = self._current
        if self.closed or self._disk_rests or (current and current.size < self._size):
            return
        with contextlib.suppress(OSError):
            others = (path for path in self._folder.glob(f"*{SUFFIX}") if not path.match(f"{self._name}.*"))
            self._other_bytes = sum(map(_size, others))

    def append(self, payload: bytes, *, rest: bool, seq: int = 0) -> Segment | None:
        """Write one event, and return the segment it is in; None when it cannot be written.

        Args:
            rest: the event is not kept in memory; `next` brings it back.
            seq: its number.
        """
        if self.closed or self._disk_rests:
            return None
        try:
            self._look_after_current()
            segment = self._open(rest, seq)
            before = segment.size
            segment.append(payload)
        except OSError as error:
            self._write_at = self._now() + TRY_AGAIN
            self.trouble = error.strerror or type(error).__name__
            return None
        self._own_bytes += segment.size - before
        self.trouble = ""
        self.waiting += rest
        return segment

    def settle(self, segment: Segment) -> None:
        """Forget one event of a segment, and the segment with its last one."""
        segment.pending -= 1
        if segment.pending == 0:
            if segment is self._current and segment.size < self._size:
                before = segment.size
                segment.empty()
                self._own_bytes += segment.size - before
            else:
                self._remove(segment)

    def look(self) -> bool:
        """Take over what others have left, if it is time to look; `adopt` it then (without the lock of `Shared`)."""
        return not self.closed and self._others.look(self._name)

    def adopt(self) -> None:
        """Let what was found by `look` be read."""
        if self.closed:
            self._others.close()
        self._others.adopt()

    def next(self) -> Segment | None:
        """Return a segment to be read, its own first; `loaded` says that this was done."""
        if self.closed:
            return None
        if self._resting:
            self._reading = self._resting.popleft()
            if self._reading is self._current:
                self._close_current()
        else:
            self._reading = self._others.next()
        return self._reading

    def loaded(self, segment: Segment, count: int) -> int:
        """Note how many events of a segment are in memory now; return how many it was known to have."""
        known, segment.pending, self._reading = segment.pending, count, None
        self.waiting -= known
        if not count:
            self._remove(segment)
        return known

    def read(self, segment: Segment) -> tuple[list[bytes], int]:
        """Read a segment, and return its events and how many could not be read (without the lock of `Shared`)."""
        try:
            events, unreadable = read(segment.path)
        except OSError:
            events, unreadable = [], 1
        if unreadable and not events:
            with contextlib.suppress(OSError):  # people may want to look at it
                segment.path.rename(segment.path.with_suffix(UNREADABLE))
        return events, unreadable

    def expired(self, segment: Segment) -> bool:
        """Say whether the events of a segment are too old to be worth anything."""
        return age(segment.path, self._now()) > GIVE_UP_ON_DISK_AFTER

    def give_up(self, segments: Iterable[Segment]) -> tuple[int, int]:
        """Let go of everything, and say how many events stay on disk, and how many are gone with a deleted file.

        Args:
            segments: where each event stands that is in memory, too.
        """
        counts = Counter(segments)
        unread = (*(() if self._reading is None else (self._reading,)), *self._resting)
        alone = Counter({segment: segment.pending for segment in unread if segment.seq != FOREIGN})
        gone = {segment for segment in (*counts, *alone) if not segment.there}
        self.waiting += sum(counts.values()) - sum(counts[segment] + alone[segment] for segment in gone)
        self.close()
        return self.waiting, sum(counts[segment] + alone[segment] for segment in gone)

    def close(self) -> None:
        """Let go: what is not settled is there for whoever comes next."""
        self.closed = True
        self._close_current()
        self._resting.clear()
        self._others.close()
        if self._lock is not None:
            self._lock.release(remove=not self._files)
            self._lock = None

    def __del__(self) -> None:
        """Let go when a client is dropped without `close()`, too; not in a forked child, whose files these are not."""
        if not self.closed and self._process == os.getpid():
            self.close()

    def abandon(self) -> None:
        """Close in a forked child what belongs to the parent, which keeps its locks."""
        if self._current is not None:
            self._current.close()
        if self._lock is not None:
            self._lock.close()
        self._others.abandon()

    def _open(self, rest: bool, seq: int) -> Segment:
        """Return the segment to write to."""
        current = self._current
        if current is not None and (current.size >= self._size or current.rests != rest):
            self._close_current()
        if self._current is None:
            self._make_room()
            if self._lock is None or not self._lock.there:
                self._lock = self._own_lock()
            self._made += 1
            path = self._folder / f"{self._name}.{self._made:06d}{SUFFIX}"
            self._current = Segment.make(path, rests=rest, seq=seq)
            self._files += 1
            self._own_bytes += self._current.size
            if rest:
                self._resting.append(self._current)
        return self._current

    def _own_lock(self) -> Lock:
        """Take a lock of its own; another name if somebody who looks for orphans was faster, which is rare."""
        if self._lock is not None:
            self._lock.close()  # its file was deleted
            self._name = self._new_name()
        while (lock := Lock.take(self._folder / f"{self._name}{LOCK}")) is None:
            self._name = self._new_name()
        return lock

    def _new_name(self) -> str:
        return f"{self._whose}-{uuid4()}"

    def _look_after_current(self) -> None:
        """Go on with another file when somebody has deleted the one that is written to."""
        current = self._current
        if current is not None and not current.there:
            self.lost += 0 if current.rests else current.pending
            self._close_current()

    def _make_room(self) -> None:
        """Make the folder, and see that another segment fits into it."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = self._own_bytes + self._other_bytes
        if held + self._size > self._most:
            raise OSError(0, f"it holds {held} bytes and may hold {self._most}, see Limits(spool_bytes=...)")

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
        if segment.seq == FOREIGN:
            self._others.removed(segment)
        else:
            self._files -= 1
            self._own_bytes -= segment.size


def _size(path: Path) -> int:
    """Bytes of a file; none when it is gone: other processes that share the folder remove theirs at any time."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
