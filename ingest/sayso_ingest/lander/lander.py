"""One project's lander: reads, lands, publishes, prunes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sayso_ingest.errors import UnstorableBatch, WarehouseError
from sayso_ingest.event import Reason
from sayso_ingest.eventlog import LandedMark
from sayso_ingest.eventlog.base import LogReader, Positions
from sayso_ingest.lander.ahead import ReadAhead, Reading
from sayso_ingest.lander.batch import without_repeats
from sayso_ingest.lander.pruning import Pruning
from sayso_ingest.lander.read import read_entries
from sayso_ingest.lander.rejects import refuse
from sayso_ingest.lander.retention import Ages, cutoffs
from sayso_ingest.record import received_at
from sayso_ingest.warehouse import Batch, LakePublisher, Publisher, Row, Rows, Store
from sayso_ingest.warehouse.aside import check_not_asked

log = logging.getLogger(__name__)

BATCH_SHARE = 12
"""A landing takes in at most as many bytes of records as this part of the driver's memory: 80 MB where there is enough,
some 150,000 events of ordinary size. That many DuckDB writes into the file at once (from 122,880 rows on), where fewer
go into its WAL first, and then cost twice as much."""
HAND_OVER = 0.0005
"""Seconds after which one thread hands over Python's lock: the one that stores asks for it often, and briefly."""
PRUNE_EVERY = 10.0
"""Seconds after which the log is looked through again for what may go, though nothing was landed."""
LOOK_FOR_OLD_EVERY = 3600.0
"""Seconds after which it is looked whether anything is past its age."""
STUCK = 3
"""Landings in a row that bring nothing of what was to be landed, after which nothing is to be had of it: one may have
been read ahead, and a log in two places is read in turns."""
UNSAVED_BYTES = 64 << 20
"""Committed bytes outside the file at which a checkpoint is due: they take half as much again in memory."""


@dataclass(frozen=True, slots=True)
class Landed:
    """How much was landed."""

    events: int = 0
    rejects: int = 0


@dataclass(frozen=True, slots=True)
class Lag:
    """How far the warehouse is behind the log."""

    records: int
    seconds: float


class Lander:
    """Moves records of one project from its log into its warehouse."""

    def __init__(
        self,
        reader: LogReader,
        warehouse: Store,
        publisher: Publisher | LakePublisher,
        *,
        ages: Callable[[], Ages] = dict,
        mark: LandedMark | None = None,
        batch_bytes: int | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reader = reader
        self._warehouse = warehouse
        self._publisher = publisher
        self._ages = ages
        self._mark = mark
        self._next_look = 0.0
        self._rewritten = False  # and not published yet
        self._leaving = False  # what is published last, is being published or was
        self._ahead = ReadAhead(
            reader,
            lambda entries: read_entries(entries, warehouse.rows),
            batch_bytes=batch_bytes or warehouse.memory() // BATCH_SHARE,
            sizes=mark.sizes if mark else lambda: None,
        )
        self._now = now
        self._clock = clock
        self._positions = warehouse.positions()
        self._pruning = Pruning(warehouse.folder)
        self._saved: Mapping[str, int] = {}  # what the file itself is known to hold
        self._saved_landing = 0
        self._next_prune = 0.0
        self.landed = Landed()
        """What was landed since it was opened."""

    @property
    def behind(self) -> bool:
        """Whether much may wait in the log still, as much did the last time it was read."""
        return self._ahead.behind

    def step(self) -> bool:
        """Land what is waiting, one batch of it; say whether there was any. Verdicts follow with the next publish.

        Raises:
            LogError: the log cannot be read, or does not fit the stored positions.
            WarehouseError: nothing of the batch was written. Abandon this lander: the next one starts from the stored
            positions.
        """
        reading = self._ahead.next(self._positions)
        read = reading.read()
        if read is None:
            self._say_landed(reading)
            return False
        if self._recall(read.positions.keys()):
            return True
        self._ahead.go_on({**self._positions, **read.positions})
        self._land(without_repeats(read, self._warehouse.stored(read.ids)))
        self._positions = self._warehouse.positions()
        self._say_landed(reading)
        return True

    def catch_up(self) -> int:
        """Land all that was in the log when this began, publishing as ever; return how many landings that took.

        It ends however much goes on coming, and where something of it cannot be landed. Raises like `step`.
        """
        landings = stuck = 0
        ends = self._reader.ends(self._positions)
        left = self._short_of(ends)
        while self.step():
            landings += 1
            before, left = left, self._short_of({source: ends[source] for source in left})
            self.publish_if_due()  # sources that are landed whole go with it
            stuck = stuck + 1 if left == before else 0
            if not left or stuck == STUCK:
                break
        return landings

    def _short_of(self, ends: Positions) -> Positions:
        """Return how many records lack until each source has landed to there, if any do."""
        lacking = {source: end - self._positions.get(source, 0) for source, end in ends.items()}
        return {source: records for source, records in lacking.items() if records > 0}

    def stand_aside_if_asked(self) -> None:
        """See whether somebody else wants the live file.

        Raises:
            StandAside: somebody does. Abandon this lander, and open it anew later.
        """
        check_not_asked(self._warehouse.folder)

    def publish_if_due(self, *, last: bool = False) -> bool:
        """Start or finish a publish as far as one is due; say whether a new copy is there.

        With `last`, publish what is not yet published, and wait for it.
        """
        published = self._poll(wait=last)
        if self._publisher.due() or (last and self._publisher.changed()):
            self._publisher.start(now=self._now())
            self._prune_behind_checkpoint()
            published = self._poll(wait=last) or published
        elif not self._publisher.copying and self._warehouse.unsaved_bytes() > UNSAVED_BYTES:
            self._warehouse.checkpoint()
            self._prune_behind_checkpoint()
        elif self._clock() >= self._next_prune:
            self._prune()
        return published

    def has_published_all(self) -> bool:
        """Publish once more, asked again and again; say whether that has ended, well or not. Nothing lands any more."""
        self._poll(wait=False)
        if not self._publisher.copying and not self._leaving and self._publisher.changed():
            self._leaving = True
            self._publisher.start(now=self._now())
            self._poll(wait=False)
        return not self._publisher.copying

    def lag(self) -> Lag:
        """Look how much waits in the log, and since when.

        Raises:
            LogError: the log cannot be read, or does not fit the stored positions.
        """
        records = self._reader.behind(self._positions)
        if not records:
            return Lag(0, 0.0)
        first = self._ahead.oldest(self._positions)
        came = received_at(first.payload) if first else None
        return Lag(records, max(0.0, (self._now() - came).total_seconds()) if came else 0.0)

    def dropped(self) -> dict[str, int]:
        """How many events clients say they dropped so far, by their reasons."""
        return self._warehouse.dropped()

    def remove_old(self) -> None:
        """Remove what is past its age, if it is time to look; readers see it with the next copy.

        Raises:
            WarehouseError: nothing, or not all of it, was removed. Abandon this lander.
        """
        if self._clock() < self._next_look or self._publisher.copying:
            return
        self._next_look = self._clock() + LOOK_FOR_OLD_EVERY
        before = cutoffs(self._ages(), self._now())
        removed = self._warehouse.remove_by_age(before, now=self._now()) if before else []
        if removed:
            log.info("removed for their age: %s", ", ".join(f"{one.n:,} {one.what}" for one in removed))
        if self._warehouse.rewrite_due():
            try:
                self.rewrite()
            except WarehouseError as error:
                log.error(
                    "%s. What was removed is not read any more, but its bytes are still there. It is tried again in "
                    "%.0f s",
                    error,
                    LOOK_FOR_OLD_EVERY,
                )
                self._warehouse.reopen()

    def rewrite(self) -> None:
        """Write the warehouse anew without what was removed from it; readers have it with the next copy.

        The driver frees whole row groups only, and leaves what was in them where it was.

        Raises:
            WarehouseError: it failed. Until it has been done, whoever opens it next finds that it is due.
        """
        self._publisher.forget()
        self._warehouse.rewrite()
        self._rewritten = True

    def close(self) -> None:
        """Publish once more and let go of the log and the file."""
        try:
            self.publish_if_due(last=True)
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Let go of the log and the file as they are."""
        self._publisher.cancel()
        self._ahead.close()
        self._reader.close()
        self._warehouse.close()

    def _poll(self, *, wait: bool) -> bool:
        published = self._publisher.poll(wait=wait)
        if published and self._rewritten:
            self._warehouse.say_rewritten()
            self._rewritten = False
        return published

    def _recall(self, sources: Set[str]) -> bool:
        """Take up the positions of sources that were removed from the log and are back; say whether there are any."""
        back = self._warehouse.recall(sources - self._positions.keys())
        for source in back:
            log.warning(
                "log source %s had landed and was removed; it is back, and read from where it was", source
            )
        if back:
            self._positions = self._warehouse.positions()
        return bool(back)

    def _say_landed(self, reading: Reading) -> None:
        if self._mark and reading.all_of is not None:
            self._mark.landed(reading.all_of)

    def _prune_behind_checkpoint(self) -> None:
        # Only there: until then the rows are in a WAL that the driver does not always sync.
        self._saved, self._saved_landing = self._positions, self._warehouse.landing()
        self._prune()

    def _prune(self) -> None:
        self._next_prune = self._clock() + PRUNE_EVERY
        with self._pruning.permitted(self._saved_landing) as permitted:
            gone = self._reader.prune(self._saved) if permitted else []
        if gone:
            self._warehouse.forget(gone, now=self._now())
            self._positions = self._warehouse.positions()

    def _land(self, batch: Batch) -> None:
        try:
            self._warehouse.land(batch, now=self._now())
        except UnstorableBatch as error:
            log.warning("a batch holds an event that cannot be stored, looking for it: %s", error)
            self._warehouse.check_storing()
            self._land_apart(batch, str(error))
        events = sum(len(rows) for rows in batch.events)
        self.landed = Landed(self.landed.events + events, self.landed.rejects + len(batch.rejects))

    def _land_apart(self, batch: Batch, message: str) -> None:
        """Find by halving the rows that cannot be stored, and land them as rejects with the rest."""
        good: list[Rows] = []
        bad: list[Row] = []
        for rows in batch.events:
            self._sift(rows, good, bad)
        rejects = [*batch.rejects, *(refuse(row, Reason.UNSTORABLE, message) for row in bad)]
        self._warehouse.land(replace(batch, events=good, rejects=rejects), now=self._now())

    def _sift(self, rows: Rows, good: list[Rows], bad: list[Row]) -> None:
        count = len(rows)
        if self._warehouse.can_store(rows):
            good.append(rows)
        elif count == 1:
            bad.append(rows.row(0))
        else:
            for half in (range(count // 2), range(count // 2, count)):
                self._sift(rows.chosen(half), good, bad)
