"""Opening the lander of each project, by the settings and what is set of the project."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path

from sayso_ingest.eventlog import LandedMark, Security, open_reader
from sayso_ingest.lander import Lander
from sayso_ingest.operate.looking import topics_in
from sayso_ingest.operate.project import project_folders
from sayso_ingest.operate.tables import open_to_land
from sayso_ingest.places import landed_mark, live_warehouse, log_folder, project_folder, projects_file
from sayso_ingest.projects import ALL, KEPT, ProjectBook, ages_of
from sayso_ingest.settings import Settings
from sayso_ingest.warehouse.aside import check_not_asked

log = logging.getLogger(__name__)


def lander_finder(
    settings: Settings, only: str | None
) -> Callable[[frozenset[str]], Mapping[str, Callable[[], Lander]]]:
    """Make what the lander's loop asks for projects that are new to it."""
    book = ProjectBook(projects_file(settings.data))

    def find(known: frozenset[str]) -> Mapping[str, Callable[[], Lander]]:
        folders = [project_folder(settings.data, only)] if only else project_folders(settings.data)
        return {
            folder.name: partial(open_lander, settings, book, folder)
            for folder in folders
            if folder.name not in known
        }

    return find


def open_lander(settings: Settings, book: ProjectBook, folder: Path) -> Lander:
    """Open what lands and publishes a project; where that fails nothing is left open.

    Raises:
        LogError: its log cannot be read.
        WarehouseLocked: somebody else has its warehouse open, or asks for it.
        WarehouseError: the warehouse cannot be opened, or holds what was erased.
    """
    check_not_asked(live_warehouse(folder).parent)
    reader = open_reader(
        settings.log,
        folder=log_folder(folder),
        project=folder.name,
        keep=settings.log_keep,
        make=True,
        security=Security.of(settings),
    )
    with ExitStack() as opened:
        opened.callback(reader.close)
        tables, publisher = open_to_land(settings, folder)
        opened.pop_all()
    if settings.log == "sqlite" and (topics := topics_in(tables.positions())):
        log.warning(
            "project %s: its log is in files here, and a topic in Kafka has landed (%s): what comes there lands no "
            "more. If that is not meant, say SAYSO_LOG as it was; if it is, nothing else may append there.",
            folder.name,
            topics[0],
        )
    mark = LandedMark(log_folder(folder), landed_mark(folder)) if settings.log == "sqlite" else None
    return Lander(reader, tables, publisher, ages=partial(ages_kept, settings, book, folder.name), mark=mark)


def ages_kept(settings: Settings, book: ProjectBook, project: str) -> Mapping[str, timedelta]:
    """How long what is kept of a project, by what is set of it now."""
    default, one = ages_of(settings.retention), book.get(project)
    ages = {what: one.keeps(what, default.get(what, default.get(ALL))) for what in KEPT if what != ALL}
    return {what: age for what, age in ages.items() if age is not None}
