"""Who lands: one lander for a whole data folder, or one a project, and a standby that waits for the end of another.

These locks go with the process that holds them, however it ends. Beneath them each project's live file has the lock of
its driver, so that two can never write at once, whatever becomes of these.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from sayso_ingest import locks
from sayso_ingest.errors import SaysoError, WarehouseLocked
from sayso_ingest.owner import make_folder

LOOK_EVERY = 0.2
"""Seconds: far less than nobody may land for."""
LOCK = ".land.lock"


@contextlib.contextmanager
def landing_alone(
    data: Path,
    project: str | None,
    *,
    standby: threading.Event | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[bool]:
    """Be the one that lands a data folder, or one project of it, for the block.

    With `standby` wait until no other one does, or until that event is set; then the value is false, and there is
    nothing to do.

    Raises:
        WarehouseLocked: another lander is at work, and nobody is to wait.
        SaysoError: the folder cannot be used.
    """
    with contextlib.ExitStack() as held:
        for path, shared in _locks(data, project):
            lock = _opened(path)
            held.callback(os.close, lock)
            if locks.take(lock, shared=shared):
                continue
            if standby is None:
                raise WarehouseLocked(
                    f"A lander is at work in {path.parent}. Stop the service or the lander first. To have another "
                    "lander take over when this one ends: sayso land --standby"
                )
            say(f"A lander is at work in {path.parent}; this one waits for its end.")
            while not locks.take(lock, shared=shared):
                if standby.wait(LOOK_EVERY):
                    yield False
                    return
        yield True


def _locks(data: Path, project: str | None) -> list[tuple[Path, bool]]:
    """Whoever lands all projects shares the folder with nobody; landers of one project share it with each other."""
    return (
        [(data / LOCK, False)] if project is None else [(data / LOCK, True), (data / project / LOCK, False)]
    )


def _opened(path: Path) -> int:
    try:
        make_folder(path.parent)
        return os.open(
            path, os.O_CREAT | os.O_RDONLY, 0o644
        )  # root may have made it, and another user locks it
    except OSError as error:
        raise SaysoError(
            f"{path} cannot be written: {error.strerror}. Name a folder that this user may write to, with --data DIR."
        ) from error
