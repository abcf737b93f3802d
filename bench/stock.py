"""A project with a warehouse that has many events in it already."""

from __future__ import annotations

from pathlib import Path

from sayso_ingest.settings import log_folder

from bench.load.landing import land
from bench.load.records import accepted, write_log
from bench.load.traffic import events, uuid7_from


def stock(project: Path, count: int) -> None:
    """Put that many events into the warehouse of a project."""
    write_log(log_folder(project), accepted(events(count, new_id=uuid7_from())), project=project.name)
    land(project)
