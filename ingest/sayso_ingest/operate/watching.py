"""What the private port says that no process counts: sizes, free space, and what is in the way of being ready."""

from __future__ import annotations

import http.client
import inspect
import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from sayso_ingest import __version__, errors
from sayso_ingest.eventlog import reserved_bytes
from sayso_ingest.metrics.exposed import Looked
from sayso_ingest.metrics.table import (
    BUILD,
    DISK_FREE,
    DISK_RESERVE,
    DISK_SIZE,
    FAILED,
    FAILURES,
    LOG_BYTES,
    ROUND,
    WAL_BYTES,
    WAREHOUSE_BYTES,
    Row,
)
from sayso_ingest.operate.ports import reached_at
from sayso_ingest.operate.project import project_folders
from sayso_ingest.operate.room import lands_elsewhere, needed
from sayso_ingest.places import live_warehouse, log_folder
from sayso_ingest.settings import Settings

ROUND_WITHIN = 60.0
"""Seconds in which a lander goes through its projects, however much waits in one of them: a round lands one batch of
each."""
ANSWER_WITHIN = 5.0
"""Seconds that a collector may take to say whether its logs can be written."""

Value = Callable[[Row], Mapping[tuple[str, ...], float]]
"""Looks up the values of a metric, by its labels' values: `Exposed.value`."""


def look(settings: Settings) -> Looked:
    """Sizes of what each project keeps, and the space that is left."""
    data = settings.data
    folders = {(folder.name,): folder for folder in project_folders(data)}
    live = {name: live_warehouse(folder) for name, folder in folders.items()}
    disk = os.statvfs(data)
    reserve = reserved_bytes(settings.disk_reserve, disk.f_blocks * disk.f_frsize)
    return {
        LOG_BYTES: {name: sum(map(size, files(log_folder(folder)))) for name, folder in folders.items()},
        WAREHOUSE_BYTES: {name: size(path) for name, path in live.items()},
        WAL_BYTES: {name: size(path.with_name(f"{path.name}.wal")) for name, path in live.items()},
        DISK_FREE: {(): disk.f_bavail * disk.f_frsize},
        DISK_SIZE: {(): disk.f_blocks * disk.f_frsize},
        DISK_RESERVE: {(): reserve + needed(data, elsewhere=lands_elsewhere(settings))},
        BUILD: {(__version__,): 1},
    }


def files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, as far as they can be seen."""
    return (Path(place, name) for place, _, names in os.walk(folder) for name in names)


def size(path: Path) -> int:
    """Bytes of a file; 0 where it is gone."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def collector_problems(host: str, port: int) -> list[str]:
    """Ask the collector that listens there whether it can take events."""
    connection = http.client.HTTPConnection(reached_at(host), port, timeout=ANSWER_WITHIN)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        said = answer.read(1000).decode(errors="replace").strip().removeprefix("not ready: ")
        return [] if answer.status == http.client.OK else [f"the collector says: {said}"]
    except TimeoutError:
        return [f"the collector has not said within {ANSWER_WITHIN:.0f} s whether its logs take records"]
    except (OSError, http.client.HTTPException) as error:
        return [f"the collector does not answer ({error})"]
    finally:
        connection.close()


STANDS_BY = "it stands by: another lander is at work on this folder, and this one takes over when that ends"
"""What is in the way of a standby, as long as all is well."""


def lander_problems(value: Value, *, now: Callable[[], float] = time.time) -> list[str]:
    """Say from what a lander counts whether it does its work."""
    last = value(ROUND).get((), 0)
    if not last:
        return ["the lander has not gone through its projects yet"]
    # Read in the order that is not the one of writing: of each failure that is found the kind is there.
    failures = value(FAILURES)
    failed = value(FAILED)
    problems = [
        f"landing project {project} failed {n:.0f} times in a row: {_last_error(project, failed)}"
        for (project,), n in failures.items()
        if n
    ]
    if now() - last > ROUND_WITHIN:
        problems.append(f"the lander has not gone through its projects for {now() - last:.0f} s")
    return problems


def _last_error(project: str, failed: Mapping[tuple[str, ...], float]) -> str:
    """What kind of error was the last one; its words may name files and brokers, and are for our own log."""
    _, kind = max((at, error) for (name, error), at in failed.items() if name == project)
    said = inspect.getdoc(getattr(errors, kind, None)) or "It was none that is expected."
    return f"{kind}. {said.partition('; ')[0].rstrip('.')}. `sayso doctor` says more"
