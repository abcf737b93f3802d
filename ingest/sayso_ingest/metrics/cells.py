"""Where one process keeps its numbers: in files that the one with the private port reads at any time.

The files are those of prometheus_client's mode for several processes, which reads and adds them up. They are written
here, as numbers in mapped memory: its own counters took a tenth of what the collector takes for a request.
"""

from __future__ import annotations

import os
import time
from bisect import bisect_left
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
    """One number where it stands in a file, and after it when it was set; who changes it holds the lock of all."""

    __slots__ = ("at", "numbers")

    def __init__(self, numbers: memoryview[float], at: int) -> None:
        self.numbers = numbers
        self.at = at

    def add(self, n: float) -> None:
        """Count."""
        self.numbers[self.at] += n

    def set(self, value: float, at: float) -> None:
        """Say what it is since then."""
        self.numbers[self.at] = value
        self.numbers[self.at + 1] = at


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
        bucket, total = self._buckets[bisect_left(self._bounds, value)], self._sum
        with self._lock:  # in place of two calls: they cost more than what they do
            bucket.numbers[bucket.at] += 1
            total.numbers[total.at] += value


class Cells:
    """The numbers of one process."""

    def __init__(self, folder: Path, room: str) -> None:
        """Count into the files of a slot of this room; call it after the last fork."""
        self._folder = folder
        self._slot, self._held = claim_slot(folder, room)
        self._files: dict[str, MmapedDict] = {}
        self._cells: dict[tuple[str, tuple[str, ...]], Cell] = {}
        self._mapped: dict[int, memoryview[float]] = {}
        self.lock = RLock()

    def add(self, row: Row, labels: tuple[str, ...], n: float = 1) -> None:
        """Count up."""
        cell = self._cells.get((row.name, labels)) or self._make(row, labels, row.name)
        with self.lock:
            cell.numbers[cell.at] += n

    def set(self, row: Row, labels: tuple[str, ...], value: float) -> None:
        """Say what a gauge is now."""
        with self.lock:
            self.cell(row, labels).set(value, time.time())

    def close(self) -> None:
        """Leave the slot to another process."""
        for numbers in self._mapped.values():
            numbers.release()
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
            return self._cells.setdefault((name, labels), self._cell(self._files[file], key))

    def _cell(self, file: MmapedDict, key: str) -> Cell:
        file.read_value(key)  # type: ignore[no-untyped-call]  # makes it, if whoever had the slot before has not
        # A file that has grown is mapped anew; what is mapped already stays the same bytes.
        mapped = file._m
        numbers = self._mapped.setdefault(id(mapped), memoryview(mapped).cast("d"))
        return Cell(numbers, file._positions[key] // numbers.itemsize)
