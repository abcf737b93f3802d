"""What was made of published copies: of the newest, and for a while of those before it."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeAlias

Version: TypeAlias = tuple[int, int]
"""What tells one published copy from another."""

MOST = 400
"""Answers, whatever they are of."""


@dataclass(frozen=True, slots=True)
class Made:
    """Something that was made of a copy, and the seconds that it took."""

    value: Any
    seconds: float


class Kept:
    """What was made of copies. What is of one that was replaced is forgotten `behind` seconds later."""

    def __init__(self, *, behind: float = 0.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._behind = behind
        self.clock = clock
        self._lock = threading.Lock()
        self._newest: Version | None = None
        self._replaced: dict[Version, float] = {}
        self._made: OrderedDict[tuple[Version | None, Hashable], Made] = OrderedDict()

    def see(self, version: Version | None) -> None:
        """Take note of the copy that is published now."""
        with self._lock:
            now = self.clock()
            if version != self._newest:
                if self._newest is not None:
                    self._replaced[self._newest] = now
                self._newest = version
                if version is not None:
                    self._replaced.pop(version, None)  # an older file may have been put back in its place
            over = {one for one, at in self._replaced.items() if now - at >= self._behind}
            if over:
                self._forget(over)

    def _forget(self, versions: set[Version]) -> None:
        for version in versions:
            del self._replaced[version]
        for entry in [entry for entry in self._made if entry[0] in versions]:
            del self._made[entry]

    def find(self, version: Version | None, key: Hashable) -> Made | None:
        """Return what is kept of a copy under `key`."""
        with self._lock:
            made = self._made.get((version, key))
            if made is not None:
                self._made.move_to_end((version, key))
            return made

    def keep(self, version: Version | None, key: Hashable, made: Made) -> None:
        """Keep what was made of a copy, unless it is too old by now."""
        with self._lock:
            if version is not None and (version == self._newest or version in self._replaced):
                self._made[version, key] = made
                while len(self._made) > MOST:
                    self._made.popitem(last=False)
