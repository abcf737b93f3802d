"""From one event log to another: the old one is landed to its end, the new one is made ready.

Nothing is copied, so nothing can be doubled: what has no id, counts and rejects, is landed once with its position as
ever. Killed at any point and begun again, it goes on from where it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sayso_ingest.errors import SaysoError
from sayso_ingest.eventlog import LogReader, Security, open_reader, open_writer, written_files
from sayso_ingest.lander import Lander
from sayso_ingest.operate.looking import topics_in
from sayso_ingest.operate.tables import open_to_land
from sayso_ingest.operate.topics import TopicReport, create_topics
from sayso_ingest.owner import given_to_owner
from sayso_ingest.places import log_folder
from sayso_ingest.settings import Settings
from sayso_ingest.warehouse import Store

QUIET = 2.0
"""Seconds in which nobody may append to a topic that is said to have no collectors any more."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was done for a project."""

    project: str
    batches: int
    """Landings that the old log took."""
    topic: TopicReport | None
    """Of the new log, where it is in Kafka."""


def move_log(
    settings: Settings,
    folder: Path,
    *,
    new: str,
    security: Security,
    sleep: Callable[[float], None] = time.sleep,
) -> Moved:
    """Land all that a project's old log holds, which the settings name, and make the new one ready.

    Collectors and the lander are stopped.

    Raises:
        SaysoError: a collector still appends to the old log.
        WarehouseLocked: a lander is at work.
        WarehouseError: the warehouse cannot be opened, or holds what was erased.
        LogError: the old log cannot be read to its end, or the new one not be made.
    """
    _refuse_writers(folder)
    # First, so that nothing is done where the new one is not to be had.
    topic = next(create_topics(new, security, [folder.name]), None) if new.startswith("kafka://") else None
    open_writer(new, folder=log_folder(folder), project=folder.name, security=security).close()
    with given_to_owner(folder):
        batches = _landed(settings, folder, security, sleep)
    return Moved(folder.name, batches, topic)


def _landed(settings: Settings, folder: Path, security: Security, sleep: Callable[[float], None]) -> int:
    """Land all of the old log, see that nothing comes after it, and say in how many landings."""
    tables, publisher = open_to_land(settings, folder)
    reader = open_reader(settings.log, folder=log_folder(folder), project=folder.name, security=security)
    lander = Lander(reader, tables, publisher)
    try:
        batches = _drain(lander, reader, tables)
        _refuse_writers(folder)
        if settings.log.startswith("kafka://"):
            sleep(QUIET)
            _refuse_more(folder.name, reader.behind(tables.positions()))
            # Or they would look, on another cluster, as if they had been lost.
            tables.forget(topics_in(tables.positions()), now=datetime.now(UTC))
    except BaseException:
        lander.abandon()
        raise
    lander.close()
    return batches


def _drain(lander: Lander, reader: LogReader, tables: Store) -> int:
    batches = lander.catch_up()
    left = reader.behind(tables.positions())
    if left:
        raise SaysoError(
            f"{left} batches of the old log cannot be landed. sayso doctor says why; nothing else was changed."
        )
    return batches


def _refuse_writers(folder: Path) -> None:
    writers = written_files(log_folder(folder))
    if writers:
        raise SaysoError(
            f"A collector still writes {', '.join(writers)} in {log_folder(folder)}. Stop the service and all "
            "collectors, then type this again: clients keep what they have meanwhile, and send it afterwards."
        )


def _refuse_more(project: str, behind: int) -> None:
    if behind:
        raise SaysoError(
            f"Collectors still append to the topic of {project}: {behind} batches came while it was landed to its end. "
            "Stop all of them, then type this again."
        )
