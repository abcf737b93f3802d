"""The published copy as pages read it: within limits, and asked once for what does not change until the next one."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar, cast

from flask import current_app, g

from sayso_ingest.warehouse import Published
from sayso_ingest.warehouse.published import Params

MEMORY = "1GB"
"""What one question of a page may need. Landing and the collectors are on the same machine."""
SECONDS = 15.0
"""How long the questions of one page may take together."""
_ANSWERS_KEPT = 400

Rows = list[dict[str, Any]]
Value = TypeVar("Value")


class Kept:
    """What was made of the copy that is published now; what was made of an older one is forgotten."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version: object = None
        self._values: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, version: object, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return what is kept under `key`, or make it and keep it; nobody may change it."""
        with self._lock:
            if version != self._version:
                self._version = version
                self._values.clear()
            if key in self._values:
                self._values.move_to_end(key)
                return cast(Value, self._values[key])
        value = make()
        with self._lock:
            if version == self._version:
                self._values[key] = value
                while len(self._values) > _ANSWERS_KEPT:
                    self._values.popitem(last=False)
        return value


class Copy:
    """The copy that was published when the request came in; opened when it is first asked what is not kept."""

    def __init__(self, project_folder: Path, kept: Kept) -> None:
        self._folder = project_folder
        self._kept = kept
        # Read before it is opened: what is made of a newer copy and kept under this version is forgotten with it.
        self._version = Published.version(project_folder)
        self._published: Published | None = None

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

    def keep(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return what was made of this copy under `key`, or make it now."""
        return self._kept.get(self._version, key, make)

    def open(self) -> Published:
        """Open the copy, or return it where that was done."""
        if self._published is None:
            self._published = open_copy(self._folder)
        return self._published

    def close(self) -> None:
        """Let go of the copy."""
        if self._published is not None:
            self._published.close()


def open_copy(project_folder: Path) -> Published:
    """Open a copy within the limits of the console, for a caller who closes it."""
    return Published.open(project_folder, memory=MEMORY, seconds=SECONDS)


def copy() -> Copy:
    """Return the copy of this request."""
    if "copy" not in g:
        g.copy = Copy(current_app.config["PROJECT_FOLDER"], current_app.extensions["sayso_kept"])
    return cast(Copy, g.copy)


def close_copy(_error: BaseException | None = None) -> None:
    """Let go of the copy of this request, if it had one."""
    if "copy" in g:
        g.copy.close()
