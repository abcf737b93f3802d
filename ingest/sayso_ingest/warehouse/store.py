"""What the live file and the lake share: tables that the lander alone writes, one transaction a batch."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from sayso_ingest.errors import AnotherLander, UnstorableBatch, WarehouseError
from sayso_ingest.warehouse import erasure, positions, removal
from sayso_ingest.warehouse.arrow import Columns, Rows, to_arrow
from sayso_ingest.warehouse.batch import Batch, Types, insert, insert_events, types_of
from sayso_ingest.warehouse.belongings import Belongings
from sayso_ingest.warehouse.connect import Connection, DataErrors, DriverError, memory_of
from sayso_ingest.warehouse.definition import Definition
from sayso_ingest.warehouse.erasure import Subject
from sayso_ingest.warehouse.fold import Slice, fold, slices
from sayso_ingest.warehouse.ids import StoredIds
from sayso_ingest.warehouse.positions import AcceptedGap
from sayso_ingest.warehouse.removal import Removed
from sayso_ingest.warehouse.statements import STATEMENTS
from sayso_ingest.warehouse.transaction import reading, roll_back, transaction

UNSTORABLE = (*DataErrors, pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, TypeError, ValueError)
"""What a row raises that cannot be stored: in the driver, or on the way to it."""

ORDINARY_ROW: Columns = {
    "event_id": ["00000000-0000-0000-0000-000000000000"],
    "kind": ["thumb"],
    "content_hash": [0],
}
"""A row that can be stored wherever anything can."""


class Store(ABC):
    """A project's tables, in a file or in the lake."""

    _failure = WarehouseError
    """What it means where the driver cannot open it."""

    def __init__(self, views: Iterable[Definition]) -> None:
        self._views = list(views)
        self._connection: Connection | None = None
        self._landing: int | None = None
        self._stored_ids: StoredIds | None = None
        self._types: Types = {}

    @property
    @abstractmethod
    def where(self) -> str:
        """What messages call it."""

    @abstractmethod
    def rewrite(self) -> None:
        """Write what is stored anew, without what was removed from it.

        Raises:
            WarehouseError: it failed. Open it again: it holds all that it did.
        """

    @property
    @abstractmethod
    def folder(self) -> Path:
        """Where its lander and who copies it meet, on this machine."""

    @abstractmethod
    def _attach(self) -> Connection:
        """Return a connection on which SQL finds the tables."""

    @abstractmethod
    def _check(self) -> None:
        """Refuse to go on in what is not there any more.

        Raises:
            WarehouseError: it is not.
        """

    @abstractmethod
    def checkpoint(self) -> None:
        """Make everything committed durable, so that the log need not keep it.

        Raises:
            WarehouseError: it failed. Open it again: it holds all that is committed.
        """

    @abstractmethod
    def unsaved_bytes(self) -> int:
        """Bytes that are committed and wait for a checkpoint."""

    @abstractmethod
    def _define(self, connection: Connection) -> None:
        """Bring tables, macros and views up to date."""

    def reopen(self) -> None:
        """Attach it again: what is committed is there, what was not is not.

        After a failed commit or checkpoint the driver's state is not to be trusted, what is stored is.
        """
        self.close()
        self._connection = self._attach()
        try:
            self._define(self._connection)
            # Before all else that is read: what anybody lands after this is noticed at the next landing.
            ((landing, _),) = self._connection.execute(STATEMENTS["progress"]).fetchall()
            self._landing = int(landing)
            self._stored_ids = StoredIds(self._connection, STATEMENTS)
            self._types = types_of(self._connection)
        except DriverError as error:
            self.close()
            raise self._failure(f"{self.where} cannot be brought up to date: {error}") from error
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = self._stored_ids = self._landing = None

    def positions(self) -> dict[str, int]:
        """The next offset to read of each source, as of the last landing."""
        with reading(self.where):
            return positions.stored(self._live)

    def stored(self, ids: Sequence[str]) -> dict[str, int | None]:
        """Say which of these event ids are stored, with the hash of what each said; None where it was erased."""
        with reading(self.where):
            return self._ids.find(ids)

    def rows(self, events: Columns) -> Rows:
        """Make rows of events, ready to be landed. May run in another thread while this one lands others.

        Raises:
            UnstorableBatch: a value does not fit its column.
        """
        try:
            return Rows(to_arrow(events, self._types["events"]), events["event_id"], events["content_hash"])
        except UNSTORABLE as error:
            raise UnstorableBatch(f"A row cannot be stored: {error}") from error

    def land(self, batch: Batch, *, now: datetime) -> None:
        """Write rows, rejects, counts and positions in one transaction. Verdicts follow with the next `fold`.

        Raises:
            UnstorableBatch: a row cannot be stored; nothing was written.
            AnotherLander: another lander has landed here since this one did; nothing was written.
            WarehouseError: what it is stored in failed; nothing was written. Open it again before going on.
        """
        self._check()
        landed_at = now.replace(tzinfo=None)
        landing = self.landing() + 1
        try:
            with transaction(self._live, self.where, "landing") as connection:
                self._move("next_landing", [landing - 1])
                insert(
                    connection,
                    batch,
                    self._types,
                    landed_at=landed_at,
                    landing=landing,
                    fitting=self._fitting,
                )
                self._ids.add([event_id for rows in batch.events for event_id in rows.ids])
                positions.move(connection, batch.positions)
            self._landing = landing
        except UNSTORABLE as error:
            raise UnstorableBatch(f"A row cannot be stored: {error}") from error

    def can_store(self, events: Rows) -> bool:
        """Say whether these rows of `events` could be stored; nothing is.

        Raises:
            WarehouseError: it cannot be said, for the driver failed.
        """
        try:
            self._live.execute("BEGIN")
            try:
                insert_events(self._live, [events], None, None, fitting=self._fitting)
            finally:
                roll_back(self._live)
        except UNSTORABLE:
            return False
        except DriverError as error:
            raise WarehouseError(f"{self.where} failed while rows were tried: {error}") from error
        return True

    def check_storing(self) -> None:
        """Make sure that a row can be stored at all, so that no fault of the file is laid on the rows.

        Raises:
            WarehouseError: not even an ordinary row can be.
        """
        if not self.can_store(self.rows(ORDINARY_ROW)):
            raise WarehouseError(
                f"{self.where} does not even take an ordinary row, so it is where they are stored that is at fault. "
                "Nothing was written. Put a backup back, or install the version that made it."
            )

    def forget(self, sources: Iterable[str], *, now: datetime) -> None:
        """Put away the positions of sources that are gone from the log."""
        with transaction(self._live, self.where, "putting positions away") as connection:
            positions.put_away(connection, sources, now=now)

    def recall(self, sources: Iterable[str]) -> list[str]:
        """Bring back the positions of sources that are in the log again; return those that had been put away."""
        with reading(self.where):
            found = positions.put_away_of(self._live, sources)
        if found:
            with transaction(self._live, self.where, "bringing positions back") as connection:
                positions.bring_back(connection, found)
        return list(found)

    def accept(self, gaps: Iterable[AcceptedGap], *, now: datetime) -> None:
        """Go on as a person decided where the log was not as it had been left, and keep a record of that."""
        with transaction(self._live, self.where, "accepting gaps") as connection:
            positions.accept(connection, gaps, now=now)

    def fold(self, *, now: datetime) -> None:
        """Bring the state tables up to the last landing, and say in `published` what a copy made now holds.

        Where that takes several slices, there is a checkpoint between two: what waits for one is held in memory.
        So no copy of a file may be under way.
        """
        slices = list(self._slices())
        for slice_ in slices[:-1]:
            with transaction(self._live, self.where, "folding"):
                self._fold_slice(slice_)
            self.checkpoint()
        with transaction(self._live, self.where, "folding") as connection:
            for slice_ in slices[-1:]:
                self._fold_slice(slice_)
            self._say_published(connection, now)

    def _fold_slice(self, slice_: Slice) -> None:
        self._fold(self._live, slice_)
        self._move("folded", [slice_.upto, slice_.after])

    def _fold(self, connection: Connection, slice_: Slice) -> None:
        """Fold the events of some landings."""
        fold(connection, after=slice_.after, upto=slice_.upto)

    def _say_published(self, connection: Connection, now: datetime) -> None:
        connection.execute(STATEMENTS["clear_published"])
        connection.execute(STATEMENTS["set_published"], [now.replace(tzinfo=None)])

    def _move(self, statement: str, params: Sequence[int]) -> None:
        """Move a mark on from where this one left it; that holds two landers apart where no lock of a file does.

        Raises:
            AnotherLander: it is not there.
        """
        if self._rows(STATEMENTS[statement], params) != [(1,)]:
            raise AnotherLander(
                f"{self.where} was written by another lander since this one did. One at a time writes it: stop the "
                "other one. Nothing was written twice."
            )

    def _slices(self) -> Iterator[Slice]:
        """The landings that are not folded yet, in slices that fit the memory."""
        last, after = self._rows(STATEMENTS["progress"])[0]
        return slices(self._rows(STATEMENTS["unfolded"]), after=after, last=last)

    def remove_by_age(self, before: Mapping[str, datetime], *, now: datetime) -> list[Removed]:
        """Remove what was received before the time of its kind, or of `rejects`; the next fold makes all state anew.

        Raises:
            AnotherLander: another lander has landed here since this one did.
            WarehouseError: nothing was removed. Open it again before going on.
        """
        naive = {what: time.replace(tzinfo=None) for what, time in before.items()}
        with transaction(self._live, self.where, "removing what is past its age") as connection:
            self._move("still_there", [self.landing()])
            removed = removal.remove_by_age(connection, naive, now=now.replace(tzinfo=None))
        if removed:
            self._landing = self.landing() + 1
        return removed

    def remember_erased(self, ids: Sequence[str]) -> None:
        """See that nothing with these ids lands any more."""
        with transaction(self._live, self.where, "remembering what was erased") as connection:
            connection.execute(erasure.SQL["remember_ids"], [list(ids)])
        self._ids.add(ids)

    def belongings(self, subject: Subject) -> Belongings:
        """Find everything that is a subject's."""
        return erasure.find(self._live, subject)

    def erase(self, subject: Subject, *, now: datetime) -> Belongings:
        """Take out everything that is a subject's: it does not land again. `rewrite` makes the bytes go.

        Raises:
            AnotherLander: another lander has landed here since this one did; nothing was erased.
        """
        with transaction(self._live, self.where, "erasing") as connection:
            self._move("still_there", [self.landing()])
            found = erasure.find(connection, subject)
            erased = erasure.erase(connection, subject, found, now=now.replace(tzinfo=None))
        self._landing = self.landing() + int(erased)
        return found

    def rewrite_due(self) -> bool:
        """Say whether rows were removed, and nobody has said yet that it was written anew without them."""
        return bool(self._rows(STATEMENTS["rewrite_due"])[0][0])

    def say_rewritten(self) -> None:
        """Note that it was written anew, and that readers have a copy of that."""
        with transaction(self._live, self.where, "noting that it is written anew"):
            self._rows(STATEMENTS["rewritten"])

    def landing(self) -> int:
        """The number of the last landing, as this one left it: another lander's is not taken for its own."""
        if self._landing is None:
            raise WarehouseError(f"{self.where} is closed.")
        return self._landing

    def memory(self) -> int:
        """Bytes that the driver may hold of it."""
        return memory_of(self._live)

    def dropped(self) -> dict[str, int]:
        """How many events clients say they dropped so far, by their reasons."""
        return dict(self._rows(STATEMENTS["dropped"]))

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a question on what is newest; for the lander and its tests, readers use what is published."""
        return self._rows(sql)

    @property
    def _ids(self) -> StoredIds:
        if self._stored_ids is None:
            raise WarehouseError(f"{self.where} is closed.")
        return self._stored_ids

    @property
    def _live(self) -> Connection:
        if self._connection is None:
            raise WarehouseError(f"{self.where} is closed.")
        return self._connection

    def _rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with reading(self.where):
            return self._live.execute(sql, list(params)).fetchall()

    def _fitting(self, rows: pa.Table) -> pa.Table:
        """What of rows can be stored here."""
        return rows
