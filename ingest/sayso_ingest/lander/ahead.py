"""Reading the log a batch ahead: the next one is read and decoded while DuckDB stores the one before it."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from sayso_ingest.errors import LogError
from sayso_ingest.eventlog import Sizes
from sayso_ingest.eventlog.base import Entry, LogReader, Positions
from sayso_ingest.lander.read import Read

log = logging.getLogger(__name__)

MUCH = 256 << 10
"""Bytes of records, some 500 events, that are worth a landing at once. Fewer come within a moment, where a landing
costs what it costs: to land all the time whatever has just come in would keep a processor busy with a few events."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from the log."""

    decoding: Future[Read] | None
    """None where there was nothing."""
    all_of: Sizes | None
    """What the log held before, but for what cannot be read, where this is all that had not landed of it."""

    def read(self) -> Read | None:
        """Wait until it is decoded."""
        return self.decoding.result() if self.decoding else None


class ReadAhead:
    """Reads a log batch by batch; a batch that is read ahead is decoded in a thread of its own."""

    def __init__(
        self,
        reader: LogReader,
        decode: Callable[[Sequence[Entry]], Read],
        *,
        batch_bytes: int,
        sizes: Callable[[], Sizes | None],
    ) -> None:
        """Read from `reader`; `sizes` says how much its log holds, where anybody wants to know."""
        self._reader = reader
        self._decode = decode
        self._batch_bytes = batch_bytes
        self._sizes = sizes
        self._worker = ThreadPoolExecutor(1, "lander-reads-ahead")
        self._ahead: Reading | None = None
        self._first: Entry | None = None  # of what was read last
        self.behind = False
        """Whether much may wait in the log still, as much did the last time it was read."""

    def next(self, positions: Positions) -> Reading:
        """Return what was read ahead, else what follows these positions.

        Raises:
            LogError: the log cannot be read, or does not fit the positions.
        """
        reading, self._ahead = self._ahead or self._begin(positions), None
        return reading

    def go_on(self, positions: Positions) -> None:
        """Begin to read what follows these positions, where much waits; `next` returns it."""
        if not self.behind:
            return
        try:
            reading = self._begin(positions)
            self._ahead = reading if reading.decoding else None
        except LogError as error:
            # What is in hand is landed first; the next step reads from there, and says it.
            log.debug("nothing read ahead: %s", error)

    def oldest(self, positions: Positions) -> Entry | None:
        """Return the first record that waits."""
        # What is read ahead is not read once more: that would throw away what a broker has sent already.
        if self._ahead:
            return self._first
        return next(iter(self._reader.read(positions, max_bytes=1)), None)

    def close(self) -> None:
        """Read nothing more."""
        self._worker.shutdown(cancel_futures=True)

    def _begin(self, positions: Positions) -> Reading:
        sizes = self._sizes()
        entries = self._reader.read(positions, max_bytes=self._batch_bytes)
        self.behind = sum(len(entry.payload) for entry in entries) >= min(MUCH, self._batch_bytes)
        self._first = entries[0] if entries else None
        decoding = self._worker.submit(self._decoded, entries) if entries else None
        if self.behind or sizes is None:
            return Reading(decoding, None)
        unread = self._reader.unread
        return Reading(decoding, {source: size for source, size in sizes.items() if source not in unread})

    def _decoded(self, entries: Sequence[Entry]) -> Read:
        # The objects of a batch hold each other in no circle; Python's search for circles would walk over them again
        # and again, and cost a quarter of the time. Where much waits it is off nearly all the time,
        # which costs nothing: nothing here makes circles but an error now and then.
        gc.disable()
        try:
            return self._decode(entries)
        finally:
            gc.enable()
