"""The order of an erasure: what waits is landed, derived files and the log are cleaned, the warehouse comes last.

The warehouse knows what is somebody's, so until it has forgotten that, the same command goes on where it was killed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sayso_ingest.durable import full_disk
from sayso_ingest.errors import Busy, SaysoError, WarehouseError, WarehouseLocked
from sayso_ingest.evals.runs import held_runs, run_folder
from sayso_ingest.eventlog import LogReader, rewrite_log
from sayso_ingest.lander import Lander
from sayso_ingest.operate import erased
from sayso_ingest.operate.doctor.processes import held_copies
from sayso_ingest.operate.erasure.account import Account
from sayso_ingest.operate.erasure.derived import erase_derived, erase_vectors
from sayso_ingest.operate.erasure.elsewhere import leftovers
from sayso_ingest.operate.erasure.records import Cleaner
from sayso_ingest.owner import given_to_owner
from sayso_ingest.places import live_warehouse, log_folder
from sayso_ingest.warehouse import FILE, Home, LakePublisher, Publisher, Store, Subject
from sayso_ingest.warehouse.aside import asked

PATIENCE = 600.0
"""Seconds in which a lander that runs lets go of the warehouse: a publish, or folding anew, may be under way. Another
erasure has as many to end."""
OpenTables = Callable[[], tuple[Store, Publisher | LakePublisher]]


def erase(
    project_folder: Path,
    subject: Subject,
    *,
    home: Home,
    open_reader: Callable[[], LogReader],
    open_tables: OpenTables,
    log: str,
    say: Callable[[str], None] = lambda _: None,
    patience: float = PATIENCE,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Account:
    """Erase a subject from a project, which is read at `home`; its lander stands aside meanwhile, a collector goes on.

    Raises:
        Busy: an eval set is being run. Nothing was done.
        SaysoError: it failed, or the disk is full. Run it again: it goes on.
    """
    _refuse_held_runs(project_folder)
    account = Account()
    with (
        _full_disk_told(),
        asked(live_warehouse(project_folder).parent, patience=patience, say=say),
        given_to_owner(project_folder),
        _opened(project_folder, open_tables, patience, say) as (warehouse, publisher),
    ):
        erased.remember(warehouse, project_folder)
        lander = Lander(open_reader(), warehouse, publisher, now=now)
        try:
            lander.catch_up()  # what waits in the log may be theirs
            warehouse.fold(now=now())  # which says whose a browser is
            found = warehouse.belongings(subject)
            account.events, account.rejects = found.events, len(found.rejects)
            erase_derived(project_folder, found, account)
            # Also where the log is in Kafka by now: files that are kept, or were moved aside, are still there.
            landed = {**warehouse.positions(), **erased.sources_removed(warehouse)}
            account.log_records = rewrite_log(log_folder(project_folder), Cleaner(found, landed))
            warehouse.erase(subject, now=now())
            erased.note(warehouse, project_folder)
            lander.rewrite()
            _publish(lander, publisher)
            account.left += publisher.purge(now=now())
            erase_derived(
                project_folder, found, account
            )  # what others have written meanwhile of what they had read
            erase_vectors(project_folder, home)
        finally:
            lander.abandon()
        account.left += leftovers(project_folder, found)
    account.left += _out_of_reach(project_folder, log)
    return account


def _refuse_held_runs(project_folder: Path) -> None:
    """See that no eval set is run: whoever does has read its cases, and writes down what is answered to them."""
    held = held_runs(project_folder)
    if held:
        raise Busy(
            f"{run_folder(project_folder) / held[0]} is being carried out, with cases that may be theirs. End it with "
            "Ctrl-C (what is answered is kept, and the same command goes on with it), then run this again. Nothing is "
            "erased yet."
        )


@contextmanager
def _full_disk_told() -> Iterator[None]:
    """Say of a full disk that it is one, whichever step met it and whatever that would advise."""
    try:
        yield
    except (SaysoError, OSError) as error:
        if (full := full_disk(error)) is None:
            raise
        raise SaysoError(
            f"The disk is full, and not all of it is erased: {full}. Make room, and run the same command again: it "
            "goes on."
        ) from error


def _publish(lander: Lander, publisher: Publisher | LakePublisher) -> None:
    lander.publish_if_due(last=True)
    if publisher.changed():
        raise WarehouseError(
            "It is erased, and what readers have still holds it: no new copy could be published (why, is said above). "
            "Put that right, and run this again."
        )


@contextmanager
def _opened(
    folder: Path, open_tables: OpenTables, patience: float, say: Callable[[str], None]
) -> Iterator[tuple[Store, Publisher | LakePublisher]]:
    """Open what is landed in as soon as a lander that runs has let go of it."""
    deadline = time.monotonic() + patience
    told = False
    while True:
        try:
            warehouse, publisher = open_tables()
            break
        except WarehouseLocked as error:
            if time.monotonic() > deadline:
                raise WarehouseError(
                    f"The lander of {folder.name} has not let go of its warehouse within {patience:.0f} s. "
                    "If an earlier version runs there, stop it, and run this again."
                ) from error
            if not told:
                say(f"Waiting until the lander lets go of {folder.name} ...")
                told = True
            time.sleep(0.1)
    try:
        yield warehouse, publisher
    finally:
        warehouse.close()


def _out_of_reach(folder: Path, log: str) -> Iterator[str]:
    """Say what is known to hold it and cannot be changed from here."""
    if log.startswith("kafka:"):
        topic = f"{log.rpartition('/')[2]}.{folder.name}"
        yield (
            f"topic {topic} in Kafka, until its retention.ms removes what was written until now: shorten that for a "
            "while, or wait"
        )
    for held in held_copies(folder / FILE):
        yield (
            f"process {held.pid} holds an older copy of the warehouse open, until it opens it anew or ends: what it "
            "writes of that goes when this is run again then"
        )
