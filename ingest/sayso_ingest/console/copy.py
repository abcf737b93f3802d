"""The published copy as pages read it: within limits, and asked once for what does not change until the next one."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from flask import current_app, g

from sayso_ingest.console.kept import Kept, Made, Version
from sayso_ingest.warehouse import Home, Published
from sayso_ingest.warehouse.published import Params

MEMORY = "1GB"
"""What one question of a page may need. Landing and the collectors are on the same machine."""
SECONDS = 15.0
"""How long the questions of one page may take together."""
TRIES = 3
"""How often a copy is opened, where another one was published meanwhile."""

Rows = list[dict[str, Any]]
Value = TypeVar("Value")


class Unkept(Exception):
    """Something has to be asked where only what is kept of one copy will do: the page is made anew."""


class Copy:
    """The copy that was published when the request came in; opened when it is first asked what is not kept.

    With `only`, nothing is asked: all is what was kept of that copy, be it an older one. A copy that is read for a
    `whole` page is never two: where another was published on the way, it raises Unkept.
    """

    def __init__(
        self,
        home: Home,
        kept: Kept,
        *,
        only: Version | None = None,
        whole: bool = False,
        memory: str = MEMORY,
        seconds: float = SECONDS,
    ) -> None:
        self._home = home
        self._kept = kept
        self._only = only is not None
        self._whole = whole
        self._limits = (memory, seconds)
        self.version = only or Published.version(home)
        if not only:
            kept.see(self.version)
        self._published: Published | None = None
        self._inside = 0.0
        self._taken: set[Hashable] = set()
        self.cost = 0.0
        """Seconds that it takes, or took, to ask all that was taken from here."""

    def rows(self, sql: str, params: Params = ()) -> Rows:
        """Answer a question with a dictionary per row.

        Raises:
            NotFound: nothing has been published yet.
            WarehouseError: the copy cannot be read.
            QueryError: it does not run, or not within the limits.
        """
        columns, rows = self.table(sql, params)
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def one(self, sql: str, params: Params = ()) -> dict[str, Any]:
        """Answer a question whose answer is one row."""
        [row] = self.rows(sql, params)
        return row

    def table(self, sql: str, params: Params = ()) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Answer a question with the columns' names and the rows."""
        return self.keep(("table", sql, repr(params)), lambda: self.open().table(sql, params))

    def lookup(self, sql: str, params: Params = ()) -> Rows:
        """Look up single things by their ids, not to be kept: what was said, as it stands in the newest copy."""
        return self._opened().query(sql, params)

    def keep(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return what was made of this copy under `key`, or make it now; nobody may change it."""
        made = self._kept.find(self.version, key)
        if made is None:
            if self._only:
                raise Unkept
            made = self._make(make)
            self._kept.keep(self.version, key, made)
        if key not in self._taken:
            self._taken.add(key)
            self.cost += made.seconds
        return cast(Value, made.value)

    def _make(self, make: Callable[[], Value]) -> Made:
        """Make it, with the time that it took; what was made and kept on the way has its own."""
        began, inside = time.perf_counter(), self._inside
        value = make()
        took = time.perf_counter() - began
        own = took - (self._inside - inside)
        self._inside = inside + took
        return Made(value, own)

    def open(self) -> Published:
        """Open the copy, or return it where that was done."""
        if self._only:
            raise Unkept
        return self._opened()

    def _opened(self) -> Published:
        if self._published is None:
            version, self._published = self._open()
            if not self._only and version != self.version:
                if self._whole and self._taken:
                    raise Unkept
                self.version = version
                if version is not None:
                    self._kept.see(version)
        return self._published

    def _open(self) -> tuple[Version | None, Published]:
        """Open what is there, and say which it is: what lies under the name may change at any time.

        Where it changes faster than it is opened nobody can say which it is: nothing is kept of it then.
        """
        memory, seconds = self._limits
        for left in reversed(range(TRIES)):
            version = Published.version(self._home)
            published = Published.open(self._home, memory=memory, seconds=seconds)
            if version == Published.version(self._home):
                return version, published
            if left:
                published.close()
        return None, published

    def interrupt(self) -> None:
        """Stop the question that is being answered, from another thread."""
        if self._published is not None:
            self._published.interrupt()

    def close(self) -> None:
        """Let go of the copy."""
        if self._published is not None:
            self._published.close()


def open_copy(home: Home) -> Published:
    """Open a copy within the limits of the console, for a caller who closes it."""
    return Published.open(home, memory=MEMORY, seconds=SECONDS)


def copy() -> Copy:
    """Return the copy of this request."""
    if "copy" not in g:
        g.copy = Copy(current_app.config["HOME"], current_app.extensions["sayso_kept"])
    return cast(Copy, g.copy)


def take(copied: Copy) -> Copy:
    """Let this request read another copy than it did."""
    close_copy()
    g.copy = copied
    return copied


def close_copy(_error: BaseException | None = None) -> None:
    """Let go of the copy of this request, if it had one."""
    if "copy" in g:
        g.copy.close()
