"""Copying files of a data folder while they are used, and hashing what was written."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sayso_ingest.durable import sync
from sayso_ingest.operate.backup.manifest import FileEntry

CHUNK = 1 << 20
SQLITE = b"SQLite format 3\0"
LEFT_OUT = (".draft", ".wal", "-wal", "-shm", "-journal")
"""How names end of what is being written, or belongs to a database that is copied whole."""


def ordinary_files(folder: Path, *, without: frozenset[str] = frozenset()) -> Iterator[Path]:
    """Yield every file below a folder that is not hidden or being written, but for what is named at its top."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name.endswith(LEFT_OUT) or path.name in without:
            continue
        if path.is_dir():
            yield from ordinary_files(path)
        elif path.is_file():
            yield path


def copy_in_use(source: Path, target: Path) -> None:
    """Copy a file that may be written meanwhile, as of one moment; one that is gone meanwhile is left out.

    Raises:
        OSError: it cannot be read, or the target cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with source.open("rb") as reader:
            is_database = reader.read(len(SQLITE)) == SQLITE
        if is_database:
            _copy_database(source, target)
        else:
            shutil.copyfile(source, target)
    except FileNotFoundError:
        if source.exists():
            raise


def _copy_database(source: Path, target: Path) -> None:
    """Let SQLite copy it, with what is in its WAL."""
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=30)) as reader,
            closing(sqlite3.connect(target)) as writer,
        ):
            reader.backup(writer)
    except sqlite3.Error as error:
        raise OSError(f"{source} cannot be copied: {error}") from error


def seal(folder: Path) -> dict[str, FileEntry]:
    """Make all files below a folder durable and their owner's alone; return their hashes, read from the disk."""
    entries = {}
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o700)
        else:
            path.chmod(0o600)
            sync(path)
            entries[str(path.relative_to(folder))] = entry_of(path)
    for path in (*(p for p in folder.rglob("*") if p.is_dir()), folder):
        sync(path)
    return entries


def entry_of(path: Path) -> FileEntry:
    """Hash a file as it is on the disk, not as it is remembered of when it was written, where that can be told."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return FileEntry(digest.hexdigest(), size)
