"""What root makes in a folder of the service's user belongs to that user, or the service could not write there."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def make_folder(folder: Path) -> None:
    """Make a folder, with those that it lies in, unless it is there."""
    if not folder.exists():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        give_to_owner(folder, of=folder.parent)


def give_to_owner(made: Path | int, *, of: Path) -> None:
    """Give what was made, by its name or handle, to whom another file or folder belongs."""
    if os.geteuid() == 0:
        owner = of.stat()
        os.chown(made, owner.st_uid, owner.st_gid)


@contextmanager
def given_to_owner(folder: Path) -> Iterator[None]:
    """Give to a folder's owner, afterwards, all that root has made in it, also before and also where it failed."""
    try:
        yield
    finally:
        with suppress(FileNotFoundError):
            owner = folder.stat()
            if os.geteuid() == 0 and owner.st_uid != 0:
                for place, folders, files in os.walk(folder):  # passes over what goes meanwhile
                    for name in (*folders, *files):
                        _give(Path(place, name), owner)


def _give(path: Path, owner: os.stat_result) -> None:
    with suppress(FileNotFoundError):  # a collector goes on with its own
        found = path.lstat()
        # A file with another name elsewhere is not of this folder alone: it may have been linked to have it given.
        linked = found.st_nlink > 1 and not stat.S_ISDIR(found.st_mode)
        if found.st_uid == 0 and not linked:
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
