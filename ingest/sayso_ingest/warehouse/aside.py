"""The lander stands aside while another command works on a project's live file, and comes back by itself.

Whoever wants the file takes this lock, and waits until the lander has let go of the file; a command that is killed
gives both back.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sayso_ingest import locks
from sayso_ingest.owner import make_folder

LOCK = "aside.lock"


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
            raise StandAside
        yield
    finally:
        os.close(handle)


@contextmanager
def asked(folder: Path) -> Iterator[None]:
    """Ask the lander to let go of the live file in `folder`, and to stay away for the block."""
    make_folder(folder)
    handle = os.open(folder / LOCK, os.O_CREAT | os.O_RDONLY, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
