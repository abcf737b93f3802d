"""The edge of the doctor at a published copy: what lies there, and what it says of traffic."""

from __future__ import annotations

from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from sayso_ingest.errors import NotFound, SaysoError, WarehouseNewer
from sayso_ingest.eventlog import Positions
from sayso_ingest.operate.doctor.facts import CopyFacts
from sayso_ingest.operate.doctor.files import FileFacts, look_at
from sayso_ingest.operate.looking import Page, positions_of
from sayso_ingest.operate.orphans import DAY, PATIENCE, Orphans
from sayso_ingest.warehouse import FILE, Home, LakeReport, Published, read_statements

_SQL = read_statements(files(__package__) / "doctor.sql")


def in_folder(folder: Path) -> tuple[Positions, CopyFacts | None]:
    """Look at the copy in a project's folder, and up to where it has the log; none where nothing is published."""
    path = folder / FILE
    file = look_at(path)
    if file is None:
        return {}, None
    return _published(folder, file, stray=path.with_name(f"{FILE}.wal").exists())


def in_lake(lake: LakeReport) -> tuple[Positions, CopyFacts | None]:
    """Look at what is published in a lake, as far as the lake is to be had."""
    return ({}, None) if lake.part else _published(lake.lake, None)


def _published(
    home: Home, file: FileFacts | None, *, stray: bool = False
) -> tuple[Positions, CopyFacts | None]:
    try:
        with Published.open(home) as copy:
            return positions_of(copy), CopyFacts(file, stray, **_landed(copy))
    except NotFound:
        return {}, None
    except SaysoError as error:
        newer = error.scripts if isinstance(error, WarehouseNewer) else ()
        return {}, CopyFacts(file, stray, problem=str(error), newer=newer)


def _landed(copy: Published) -> dict[str, Any]:
    page = Page.of(copy)
    made = page.published_at
    since = {"since": made - DAY}
    times = {"until": made - PATIENCE, **since}
    lately = Orphans.of(copy, published_at=made, since=made - DAY)
    found = {
        "page": page,
        "rejects": copy.query(_SQL["rejects"], since),
        "losses": copy.query(_SQL["losses"], since),
        "repeats": copy.query(_SQL["repeats"], since)[0]["n"],
        "skewed": copy.query(_SQL["skewed"], since),
        "keys": copy.query(_SQL["keys"], {"since": made - timedelta(days=30)}),
        "orphans": {
            "feedback": lately.feedback,
            "orphans": lately.orphans,
            "interactions": copy.query(_SQL["interactions"])[0]["n"],
        },
    }
    if lately.orphans:
        found["near_miss"] = next(iter(copy.query(_SQL["near_miss"], times)), None)
    return found
