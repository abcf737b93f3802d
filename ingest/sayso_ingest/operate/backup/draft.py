"""A folder that is there whole or not at all: made under a hidden name, renamed when it is complete."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import time
from uuid import uuid4

from sayso_ingest import locks
from sayso_ingest.durable import sync
from sayso_ingest.errors import SaysoError

_DRAFT = re.compile(r"\..+\.draft-[0-9a-f]{8}")
_YOUNG = 86_400.0
"""Seconds."""
LOST = "lost+found"
"""What is on a disk before anything is."""


def is_taken(target: Path) -> bool:
    """Whether there is anything at a place, but for what a killed process left of a draft."""
    if not target.is_dir():
        return target.exists()
    prefix = _prefix(target.absolute())
    return any(not path.name.startswith(prefix) and path.name != LOST for path in target.iterdir())


@contextmanager
def draft_of(target: Path, *, doing: str) -> Iterator[Path]:
    """Give a hidden folder beside `target` that takes its name at the end of the block; what was killed before goes.

    Whatever it was to be called, once it is a day old: each night has a name of its own, and what many killed ones left
    would fill the disk.

    Raises:
        SaysoError: the disk is full or cannot be written, or the name is taken; then nothing is left.
    """
    place = target.absolute()
    # Where a disk is mounted at the target, or its parent is somebody else's, it is filled from within.
    within = place.is_dir() and (place.is_mount() or not os.access(place.parent, os.W_OK))
    beside, prefix = place if within else place.parent, _prefix(place)
    try:
        beside.mkdir(parents=True, exist_ok=True)
        _remove_dead(beside, prefix)
        with _held(beside, prefix) as draft:
            yield draft
            _take_place(draft, place)
    except OSError as error:
        raise SaysoError(_explain(error, target, doing)) from error


def _prefix(place: Path) -> str:
    return f".{place.name}.draft-"


@contextmanager
def _held(beside: Path, prefix: str) -> Iterator[Path]:
    """Make a draft and hold its lock; whatever bears its name at the end of the block is removed."""
    while True:
        draft, handle = beside / f"{prefix}{uuid4().hex[:8]}", None
        try:
            draft.mkdir(mode=0o700)
            with suppress(FileNotFoundError):
                handle = os.open(draft, os.O_RDONLY)
                fcntl.flock(handle, fcntl.LOCK_EX)
            if handle is not None and draft.exists():
                yield draft
                return
            # Another one, which looked before it was locked, took it for dead.
        finally:
            shutil.rmtree(draft, ignore_errors=True)
            if handle is not None:
                os.close(handle)


def _remove_dead(beside: Path, prefix: str) -> None:
    """Remove drafts whose maker does not live any more."""
    for left in _drafts(beside):
        try:
            handle = os.open(left, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            continue  # another one has its place by now, or it is somebody else's
        try:
            # On a share whose locks are each machine's own, another machine's draft only looks dead.
            old = left.name.startswith(prefix) or time() - os.fstat(handle).st_mtime > _YOUNG
            if old and locks.take(handle):  # or another one is at work
                shutil.rmtree(left, ignore_errors=True)
        finally:
            os.close(handle)


def _drafts(beside: Path) -> list[Path]:
    try:
        return [path for path in beside.iterdir() if _DRAFT.fullmatch(path.name)]
    except PermissionError:  # it may be written and not listed
        return []


def _take_place(draft: Path, place: Path) -> None:
    if draft.parent == place:
        for path in sorted(draft.iterdir(), key=lambda path: path.is_file()):
            path.rename(place / path.name)
    else:
        draft.rename(place)  # which an empty folder does not hinder
    try:
        sync(place.parent)
    except PermissionError:  # where it may not be listed, it cannot be synced alone
        os.sync()


def _explain(error: OSError, target: Path, doing: str) -> str:
    if error.errno in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR):
        return f"{target} is there already. {doing.capitalize()} to a place that is not: nothing was changed."
    why = error.strerror or str(error)
    if error.filename:
        why = f"{why} ({error.filename})"
    then = "Put that right, or name another place."
    if error.errno == errno.ENOSPC or "full" in str(error):
        why, then = "the disk is full", "Make room, or name another place."
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        then = "Run it as somebody who may write there, or name another place."
    untouched = "Nothing was left there, and nothing else was changed."
    return f"The {doing} to {target} was broken off: {why}. {untouched} {then}"
