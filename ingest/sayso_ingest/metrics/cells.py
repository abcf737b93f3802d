"""Where one process keeps its numbers: in files that the one with the private port reads at any time.

The files are those of prometheus_client's mode for several processes, which reads and adds them up. They are written
here: its own counters took a tenth of what the collector takes for a request, and these take a fortieth.
"""

from __future__ import annotations

import os
import time
from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from sayso_ingest.metrics.slots import claim_slot
from sayso_ingest.metrics.table import Row

if TYPE_CHECKING:
    from prometheus_client.mmap_dict import MmapedDict

# Of a gauge, what holds for all processes is the sum of their values, or the one that was set last.
_FILES = {"counter": "counter", "histogram": "histogram", "gauge": "gauge_mostrecent"}
_SUMMED = "gauge_sum"


class Cell:
    """One number; who changes it holds the lock of all."""

    __slots__ = ("_key", "_write", "value")

    def __init__(self, file: MmapedDict, key: str) -> None:
        # The package has no types.
        self.value: float = file.read_value(key)[0]  # type: ignore[no-untyped-call]  # of who had the slot before
        self._write: Callable[[str, float, float], None] = file.write_value
        self._key = key

    def add(self, n: float) -> None:
        """Count."""
        self.value += n
        self._write(self._key, self.value, 0.0)

    def set(self, value: float, at: float) -> None:
        """Say what it is since then."""
        self.value = value
        self._write(self._key, value, at)


class Histogram:
    """The numbers of a histogram, found without looking for them: one is counted into twice in each request."""

    def __init__(self, cells: Cells, row: Row) -> None:
        bounds = (*map(str, map(float, row.buckets)), "+Inf")
        self._bounds = row.buckets
        self._buckets = [cells.cell(row, (bound,), name=f"{row.name}_bucket") for bound in bounds]
        self._sum = cells.cell(row, (), name=f"{row.name}_sum")
        self._lock = cells.lock

    def observe(self, value: float) -> None:
        """Count a value in the bucket that it belongs to."""
        bucket = self._buckets[bisect_left(self._bounds, value)]
        with self._lock:
            bucket.add(1)
            self._sum.add(value)


class Cells:
    """The numbers of one process."""

    def __init__(self, folder: Path, room: str) -> None:
        """Count into the files of a slot of this room; call it after the last fork."""
        self._folder = folder
        self._slot, self._held = claim_slot(folder, room)
        self._files: dict[str, MmapedDict] = {}
        self._cells: dict[tuple[str, tuple[str, ...]], Cell] = {}
        self.lock = RLock()

    def add(self, row: Row, labels: tuple[str, ...], n: float = 1) -> None:
        """Count up."""
        with self.lock:
            self.cell(row, labels).add(n)

    def set(self, row: Row, labels: tuple[str, ...], value: float) -> None:
        """Say what a gauge is now."""
        with self.lock:
            self.cell(row, labels).set(value, time.time())

    def close(self) -> None:
        """Leave the slot to another process."""
        for file in self._files.values():
            file.close()  # type: ignore[no-untyped-call]
        os.close(self._held)

    def cell(self, row: Row, labels: tuple[str, ...], *, name: str | None = None) -> Cell:
        """Find a number or make it; `name` is another one than the metric's for a part of a histogram."""
        found = self._cells.get((name or row.name, labels))
        return found or self._make(row, labels, name or row.name)

    def _make(self, row: Row, labels: tuple[str, ...], name: str) -> Cell:
        from prometheus_client.mmap_dict import MmapedDict, mmap_key

        with self.lock:
            file = _SUMMED if row.summed else _FILES[row.kind]
            if file not in self._files:
                path = str(self._folder / f"{file}_{self._slot}.db")
                self._files[file] = MmapedDict(path)  # type: ignore[no-untyped-call]
            names = ["le"] if name.endswith("_bucket") else list(row.labels)
            key = mmap_key(row.name.removesuffix("_total"), name, names, list(labels), row.help)
            return self._cells.setdefault((name, labels), Cell(self._files[file], key))
