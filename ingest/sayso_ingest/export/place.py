"""The folder of an export: nothing in it is replaced but an earlier export, and that only by a whole one."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from sayso_ingest import locks
from sayso_ingest.durable import sync
from sayso_ingest.errors import UsageError
from sayso_ingest.evalsets import reachable
from sayso_ingest.export.manifest import File
from sayso_ingest.export.writing import Draft, writable

MANIFEST = "manifest.json"
CARD = "README.md"
FORMER = ".former.json"
"""The manifest of the export before, while the next one takes its place."""

_HIDDEN = ".sayso-export-"


@contextmanager
def aside(out: Path | None) -> Iterator[Path]:
    """A folder for what waits, gone in the end: in the one that is written, for its room, or else in the system's.

    Raises:
        UsageError: there are files in the folder, and no export wrote them; or another export writes there now.
        SaysoError: the folder cannot be written.
    """
    with ExitStack() as stack:
        if out:
            stack.enter_context(_made(out))
            with _claimed(out):
                _clear(out)
                _check_place(out)
                waiting = stack.enter_context(_hidden(out))
        else:
            waiting = stack.enter_context(_hidden(Path(tempfile.gettempdir())))
        yield waiting


class Place:
    """Where the files of one export wait until all are whole; without a folder they are counted and go nowhere."""

    def __init__(self, out: Path | None, waiting: Path, stack: ExitStack) -> None:
        self._out: Final = out
        self.waiting: Final = waiting
        self._stack: Final = stack

    def draft(self, name: str) -> Draft:
        """Begin a file."""
        draft = Draft(name, self._out, self.waiting)
        self._stack.callback(draft.abandon)
        return draft

    def write(self, name: str, data: bytes, *, rows: int = 0) -> File:
        """Write all of a file."""
        draft = self.draft(name)
        draft.write(data)
        return draft.finish(rows)

    def take(self, manifest: bytes) -> None:
        """Take the place of the export before, to the end also when somebody interrupts: it is a moment's work."""
        if self._out is None:
            return
        self.write(MANIFEST, manifest)
        try:
            _swap(self.waiting, self._out)
        except KeyboardInterrupt:
            _swap(self.waiting, self._out)
            raise


@contextmanager
def placing(out: Path | None, names: Sequence[str]) -> Iterator[Place]:
    """Open the place of an export of these files; what has not taken it when the block ends leaves nothing behind.

    Raises:
        UsageError: something would be replaced or removed that is not as an export left it; or another export
            writes there now.
        SaysoError: the folder cannot be written.
    """
    with ExitStack() as stack:
        waiting = Path()
        if out:
            waiting = stack.enter_context(aside(out))
            stack.enter_context(_claimed(out))
            _to_replace(out, waiting, dict.fromkeys(names, ""))
        yield Place(out, waiting, stack)


@contextmanager
def _made(out: Path) -> Iterator[None]:
    """Make a folder and those above it; those of them that are empty in the end go again."""
    if out.is_symlink() and not out.exists():
        raise UsageError(
            f"{out} is a link to {out.readlink()}, and nothing is there. Make that folder, or choose another one "
            "with --out."
        )
    with writable(out):
        new = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        with writable(out):
            out.mkdir(parents=True, exist_ok=True)
        yield
    finally:
        for folder in new:
            with suppress(OSError):  # there is more in it
                folder.rmdir()


@contextmanager
def _claimed(out: Path) -> Iterator[None]:
    """Keep other exports out of a folder."""
    with _held(out) as held:
        if not held:
            raise UsageError(
                f"Another export writes to {out}. Wait until it has ended, or choose another folder with --out."
            )
        yield


@contextmanager
def _held(folder: Path) -> Iterator[bool]:
    """Hold a folder, False when somebody else does; of who is killed the system takes it."""
    with reachable(folder, doing="read"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield locks.take(handle)
    finally:
        os.close(handle)


@contextmanager
def _hidden(parent: Path) -> Iterator[Path]:
    folder = parent / f"{_HIDDEN}{secrets.token_hex(8)}"
    try:
        with writable(parent):
            folder.mkdir(mode=0o700)
        with _held(folder):
            yield folder
    finally:
        try:
            shutil.rmtree(folder, ignore_errors=True)
        except KeyboardInterrupt:  # what is in it is about people
            shutil.rmtree(folder, ignore_errors=True)
            raise


def _clear(out: Path) -> None:
    """Tidy up after who was killed: an export that had begun to take its place takes it, of others nothing stays."""
    for folder in out.glob(f"{_HIDDEN}*"):
        if folder.is_symlink() or not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            continue  # it is of no export, or of one of somebody else
        with _held(folder) as held:
            if held:
                if not os.path.lexists(out / MANIFEST):
                    _swap(folder, out)
                shutil.rmtree(folder, ignore_errors=True)


def _check_place(out: Path) -> None:
    """See that an export takes the place of nothing but an earlier one.

    Raises:
        UsageError: there are files in the folder, and no export wrote them.
    """
    with reachable(out, doing="read"):
        names = sorted(path.name for path in out.iterdir())
    there = [name for name in names if not name.startswith(".")]  # a new git repository is empty enough
    if there and _files_of(out / MANIFEST) is None:
        raise UsageError(
            f"{out} has files that no export wrote, {there[0]} for one. Choose a new or an empty folder with --out."
        )


def _swap(waiting: Path, out: Path) -> None:
    """Let a whole export take its place, from wherever that stopped.

    While there is no manifest, what is there is seen not to be all: the new one and the former one wait meanwhile.
    """
    new = _files_of(waiting / MANIFEST)
    if new is None:  # it has its place, or is not whole
        return
    if os.path.lexists(out / MANIFEST):
        _check_place(out)
    former = _to_replace(out, waiting, new)
    with writable(out):
        if (out / MANIFEST).exists():
            (out / MANIFEST).replace(waiting / FORMER)
        for name in new:
            (out / name).parent.mkdir(exist_ok=True)
            if (waiting / name).exists():
                (waiting / name).replace(out / name)
        for name in former.keys() - new.keys():
            (out / name).unlink(missing_ok=True)
            with suppress(OSError):  # there is more in it
                (out / name).parent.rmdir()
        for folder in {(out / name).parent for name in new}:
            sync(folder)
        (waiting / MANIFEST).replace(out / MANIFEST)
        sync(out)


def _to_replace(out: Path, waiting: Path, new: Mapping[str, str]) -> Mapping[str, str]:
    """The files of the export before, once it is sure that they and nothing else would be replaced or removed."""
    former = _files_of(out / MANIFEST) or _files_of(waiting / FORMER) or {}
    for name in sorted({*former, *new}):
        if not _is_free(out, name, (former.get(name), new.get(name))):
            raise UsageError(
                f"{out / name} is not as an export left it. Move it away, or choose another folder with --out."
            )
    return former


def _is_free(out: Path, name: str, ours: Sequence[str | None]) -> bool:
    """Whether nothing is there, or just what an export wrote, by its SHA-256; a link is always somebody else's."""
    path = out / name
    if path.resolve() != out.resolve() / name or (path.parent.exists() and not path.parent.is_dir()):
        return False
    if not os.path.lexists(path):
        return True
    if not path.is_file():
        return False
    with reachable(path, doing="read"), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() in ours


def _files_of(manifest: Path) -> Mapping[str, str] | None:
    """The SHA-256 of each file by its name, as a manifest has it; None where it is of no export."""
    try:
        account = json.loads(manifest.read_bytes())
        if not {"sayso", "format"} <= account.keys():
            return None
        files = {str(file["name"]): str(file["sha256"]) for file in account["files"]}
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return None
    outside = any(Path(name).is_absolute() or ".." in Path(name).parts for name in files)
    return None if outside else files
