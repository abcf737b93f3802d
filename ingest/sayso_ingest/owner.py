"""What root makes in a folder of the service's user belongs to that user, or the service could not write there."""

from __future__ import annotations

import os
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
        if os.geteuid() == 0 and (owner := folder.stat()).st_uid != 0:
            for path in folder.rglob("*"):
                with suppress(FileNotFoundError):  # a collector goes on with its own
                    if path.lstat().st_uid == 0:
                        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
