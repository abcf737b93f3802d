"""What others have left: looked for now and then, taken over from owners that are gone, and handed out to be sent."""

from __future__ import annotations

import contextlib
import re
import stat
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sayso.retry import GIVE_UP_ON_DISK_AFTER
from sayso.spool.lock import Lock
from sayso.spool.segment import SUFFIX, Segment

LOOK_EVERY = 60.0
"""Seconds between two looks at what other processes have left."""
AT_ONCE = 16
"""Owners that are taken over before their events are sent; each keeps a file open."""
LOCK = ".lock"
UNREADABLE = ".unreadable"
FORGOTTEN_AFTER = 86_400.0
"""Seconds after which a file that is meant for others looks as if nobody came for it."""
_UUID = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
_ANYBODYS = re.compile(rf"[0-9a-f]{{16}}-{_UUID}\.\d{{6,}}\{SUFFIX}")


@dataclass(eq=False, slots=True)
class Left:
    """What an owner that is gone has left: its lock, which is ours now, and how many of its segments are there."""

    name: str
    lock: Lock
    segments: list[Segment]
    count: int


class Takeover:
    """What one client has taken over. Whoever calls a method holds the lock of `Shared`, except for `look`."""

    def __init__(
        self, folder: Path, whose: str, *, at_once: int = AT_ONCE, now: Callable[[], float] = time.time
    ) -> None:
        """Look into a folder for what clients have left that send to the same collector with the same key.

        Args:
            whose: the mark of collector and key, with which the names of owners begin.
        """
        self._folder = folder
        self._ours = re.compile(rf"({whose}-{_UUID})(?:\{LOCK}|\.\d{{6,}}(?:\{SUFFIX}|\{UNREADABLE}))")
        self._at_once = at_once
        self._now = now
        self._found: list[Left] = []
        """Taken over by `look`, and not yet adopted."""
        self._taken: dict[str, Left] = {}
        """By the names of their owners."""
        self._to_read: deque[Segment] = deque()
        self._closed = False
        self._busy = threading.RLock()
        """Held by a look: `close` waits for its next step, or its locks would tell others that somebody lives here."""
        self._looked_at = 0.0
        self._complete = False
        """Whether everything that others have left was found."""
        self.forgotten = 0
        """Files of other collectors or keys that nobody has come for, when it last looked. They stay."""

    @property
    def rests(self) -> bool:
        """Whether there is something to be read, or nobody has looked yet."""
        return bool(self._to_read) or not self._complete

    def look(self, own: str) -> bool:
        """Take over what others have left, if it is time to look; `adopt` comes next, and nobody else looks meanwhile.

        Without the lock of `Shared`, for it takes as long as the disk takes.

        Args:
            own: the owner who looks.
        """
        if not self._is_time():
            return False
        self._looked_at = self._now()
        with self._busy:
            self._take_all(own)
        return True

    def adopt(self) -> None:
        """Let what was found be read."""
        for left in self._found:
            self._taken[left.name] = left
            self._to_read.extend(left.segments)
        self._found = []

    def next(self) -> Segment | None:
        """Return a segment to be read."""
        return self._to_read.popleft() if self._to_read else None

    def removed(self, segment: Segment) -> None:
        """Note that a segment is gone; with its last one an owner is gone, too."""
        owner = segment.path.name.partition(".")[0]
        left = self._taken.get(owner)
        if left is None:
            return
        left.count -= 1
        if not left.count:
            self._taken.pop(owner).lock.release(remove=True)

    def close(self) -> None:
        """Leave what is not settled to whoever comes next."""
        self._closed = True
        self._to_read.clear()
        with self._busy:
            for left in (*self._taken.values(), *self._found):
                left.lock.release()
            self._taken, self._found = {}, []

    def abandon(self) -> None:
        """Close in a forked child what the parent keeps."""
        for left in (*self._taken.values(), *self._found):
            left.lock.close()

    def _is_time(self) -> bool:
        if not self._complete:
            return not self._taken
        return not 0 <= self._now() - self._looked_at < LOOK_EVERY  # also when the clock was put back

    def _take_all(self, own: str) -> None:
        for name in self._others(own):
            if self._closed:
                return
            if len(self._taken) + len(self._found) >= self._at_once:
                self._complete = False  # there are more, for when these are sent
                return
            with contextlib.suppress(OSError):
                self._take(name)
        self._complete = True

    def _others(self, own: str) -> list[str]:
        """Name other owners, gone or not; on the way, delete what nobody has come to look at."""
        try:
            files = list(self._folder.iterdir())
        except OSError:
            return []
        names, forgotten = set(), 0
        for path in files:
            ours = self._ours.fullmatch(path.name)
            if not ours:
                forgotten += self._is_forgotten(path)
            elif not _regular(path):
                continue  # somebody else's, whatever it is
            elif path.suffix != UNREADABLE:
                names.add(ours[1])
            elif age(path, self._now()) > GIVE_UP_ON_DISK_AFTER:
                with contextlib.suppress(OSError):
                    path.unlink()
        self.forgotten = forgotten
        return sorted(names - {own, *self._taken})

    def _is_forgotten(self, path: Path) -> bool:
        """Say whether a file that is not ours is the spool of another collector or key, and nobody has come for it."""
        return bool(_ANYBODYS.fullmatch(path.name)) and age(path, self._now()) > FORGOTTEN_AFTER

    def _take(self, name: str) -> None:
        """Take over from one owner, if it is gone."""
        lock = Lock.take(self._folder / f"{name}{LOCK}")
        if lock is None:
            return
        paths = sorted(self._folder.glob(f"{name}.*{SUFFIX}"))
        segments = [Segment(path) for path in paths if self._ours.fullmatch(path.name) and _regular(path)]
        if segments:
            self._found.append(Left(name, lock, segments, len(segments)))
        else:
            lock.release(remove=True)


def _regular(path: Path) -> bool:
    """Say whether this is a file, and neither a folder nor a pipe nor a link to what is elsewhere."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def age(path: Path, now: float) -> float:
    """Seconds since a file was written to; 0 when nobody knows."""
    try:
        return now - path.stat().st_mtime
    except OSError:
        return 0.0
