"""The lander stands aside while another command works on a project's live file, and comes back by itself.

Whoever wants the file takes this lock, and waits until the lander has let go of the file; a command that is killed
gives both back.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sayso_ingest import locks
from sayso_ingest.errors import WarehouseError
from sayso_ingest.owner import make_folder

LOCK = "aside.lock"
LOOK_EVERY = 0.1
LOOKED = 0.5
"""Seconds for which a lander that only looks has the lock at most."""


class StandAside(Exception):
    """Somebody else works on the live file: no failure, and not for long."""


def check_not_asked(folder: Path) -> None:
    """Go on, unless somebody wants the live file in `folder`.

    Raises:
        StandAside: somebody does.
    """
    with while_not_asked(folder):
        pass


@contextmanager
def while_not_asked(folder: Path) -> Iterator[None]:
    """Let who wants the live file in `folder` from now on wait for the end of the block; others may do the same.

    Raises:
        StandAside: somebody wants it already.
    """
    try:
        handle = os.open(folder / LOCK, os.O_RDONLY)
    except FileNotFoundError:
        yield
        return
    try:
        if not locks.take(handle, shared=True):
            raise StandAside(f"Somebody has {folder / LOCK} locked, as an erasure has while it works.")
        yield
    finally:
        os.close(handle)


@contextmanager
def asked(
    folder: Path, *, patience: float = LOOKED, say: Callable[[str], None] = lambda _: None
) -> Iterator[None]:
    """Ask the lander to let go of the live file in `folder`, and to stay away for the block.

    Raises:
        WarehouseError: another one who asked, or a backup, did not let go of it within `patience` seconds.
    """
    make_folder(folder)
    handle = os.open(folder / LOCK, os.O_CREAT | os.O_RDONLY, 0o644)
    try:
        _wait_for(handle, folder / LOCK, patience, say)
        yield
    finally:
        os.close(handle)


def _wait_for(handle: int, lock: Path, patience: float, say: Callable[[str], None]) -> None:
    began, told = time.monotonic(), False
    while not locks.take(handle):
        waited = time.monotonic() - began
        if waited > patience:
            raise WarehouseError(
                f"Another erasure, or a backup, has {lock} locked, and did not end within {patience:.0f} s. "
                "Which process it is says: sayso doctor. Run this again when it has ended."
            )
        if waited > LOOKED and not told:
            say("Waiting until another erasure, or a backup, is done ...")
            told = True
        time.sleep(LOOK_EVERY)
