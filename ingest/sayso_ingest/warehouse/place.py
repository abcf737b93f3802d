"""Whether the live file is the one that it should be: where it was, and no older than what was published from it."""

from __future__ import annotations

import logging
from contextlib import closing
from pathlib import Path

from sayso_ingest.errors import NotFound, WarehouseError, WarehouseLocked
from sayso_ingest.warehouse.connect import LOCKED, DriverError, open_published
from sayso_ingest.warehouse.migrate import check_not_newer
from sayso_ingest.warehouse.statements import STATEMENTS

log = logging.getLogger(__name__)

MOVED = ".moved"
"""What a live file's name ends with once all of it is in a lake."""
Place = tuple[int, int]
"""The device and the inode of a file."""


def place_of(path: Path) -> Place | None:
    """Say where a file is; None where there is none."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_dev, stat.st_ino


def check_place(path: Path, place: Place | None) -> None:
    """Refuse to go on in a file that was removed or replaced underneath: what it holds, nobody would find.

    Raises:
        WarehouseError: it is not where it was when it was opened.
    """
    if place_of(path) != place:
        raise WarehouseError(
            f"{path} was removed or replaced while it was open. Stop the service before changing files in "
            "its folder, put the file back, and start it again."
        )


def check_not_gone(path: Path, published: Path) -> None:
    """Refuse to begin anew where something was published already.

    Raises:
        WarehouseError: the live file is gone.
    """
    if not path.exists() and path.with_name(path.name + MOVED).exists():
        raise WarehouseError(
            f"What {path} held was moved into a lake. Name that in SAYSO_WAREHOUSE; the file as it was then is "
            f"{path.name}{MOVED} beside it."
        )
    if published.exists() and not path.exists():
        raise WarehouseError(
            f"{path} is gone, and {published} is still there. Put it back from a backup, or go on from "
            f"what was last published: cp {published} {path} && chmod u+w {path}"
        )


def check_not_older(path: Path, landing: int, published: Path) -> None:
    """Refuse to go on in a file that is older than the copy that readers have: rows would be gone silently.

    Raises:
        WarehouseError: the copy is of a later landing.
    """
    newest = _published_landing(published)
    if newest > landing:
        raise WarehouseError(
            f"{path} is at landing {landing} and what was published from it at landing {newest}: an older "
            f"file was put back.\nThe published copy has all of it; go on from it: "
            f"rm -f {path}.wal && cp {published} {path}\n"
            f"If the older state is what you want, take the copy away: rm {published}"
        )


def look_at_live(path: Path, published: Path) -> None:
    """See whether a live file that nobody has open could be opened by its lander; nothing is changed.

    Raises:
        WarehouseLocked: somebody has it open by now.
        WarehouseNewer: a newer version wrote it.
        WarehouseError: it cannot be read, or is older than what was published from it.
    """
    try:
        with closing(open_published(path)) as live:
            check_not_newer(live, str(path))
            landing = int(live.execute(STATEMENTS["progress"]).fetchall()[0][0])
    except DriverError as error:
        raise WarehouseError(f"{path} is no warehouse: {error}") from error
    except WarehouseError as error:
        if LOCKED in str(error):
            raise WarehouseLocked(f"{path} is open in another process.") from error
        raise
    check_not_older(path, landing, published)


def _published_landing(published: Path) -> int:
    try:
        with closing(open_published(published)) as copy:
            rows = copy.execute(STATEMENTS["published_landing"]).fetchall()
    except NotFound:
        return 0
    except (WarehouseError, DriverError) as error:
        log.warning("%s cannot be read, the next publish replaces it: %s", published, error)
        return 0
    return max((landing for (landing,) in rows), default=0)
