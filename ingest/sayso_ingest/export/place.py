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

from sayso_ingest.errors import UsageError
from sayso_ingest.evalsets import reachable, sync_folder
from sayso_ingest.export.manifest import File
from sayso_ingest.export.writing import Draft

MANIFEST = "manifest.json"
CARD = "README.md"


def check_place(out: Path) -> None:
    """See that an export takes the place of nothing but an earlier one.

    Raises:
        UsageError: there are files in the folder, and no export wrote them; or it is a link to nothing.
    """
    with reachable(out, doing="read"):
        if out.is_symlink() and not out.exists():
            raise UsageError(
                f"{out} is a link to {out.readlink()}, and nothing is there. Make that folder, or choose another one "
                "with --out."
            )
        names = sorted(path.name for path in out.iterdir()) if out.exists() else []
    there = [name for name in names if not name.startswith(".")]  # a new git repository is empty enough
    if there and _written_before(out) is None:
        raise UsageError(
            f"{out} has files that no export wrote, {there[0]} for one. Choose a new or an empty folder with --out."
        )


@contextmanager
def writable(out: Path) -> Iterator[None]:
    """Turn what the system refuses into an error that names the folder, whichever file in it was refused."""
    with reachable(out, doing="written"):
        try:
            yield
        except OSError as error:
            error.filename = None  # of a draft, of which nobody has heard
            raise


@contextmanager
def aside(out: Path | None) -> Iterator[Path]:
    """A folder for what waits, gone in the end: in the one that is written, for its room, or else in the system's.

    Raises:
        UsageError: there are files in the folder, and no export wrote them.
        SaysoError: the folder cannot be written.
    """
    if out:
        check_place(out)
    parent = out or Path(tempfile.gettempdir())
    folder = parent / f".sayso-export-{secrets.token_hex(8)}"
    try:
        with writable(parent):
            parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700)
        yield folder
    finally:
        try:
            shutil.rmtree(folder, ignore_errors=True)
        except KeyboardInterrupt:  # what is in it is about people
            shutil.rmtree(folder, ignore_errors=True)
            raise


class Place:
    """Where the files of one export wait until all are whole; without a folder they are counted and go nowhere."""

    def __init__(self, out: Path | None, waiting: Path, before: Sequence[str], stack: ExitStack) -> None:
        self._out: Final = out
        self.waiting: Final = waiting
        self._before: Final = before
        self._stack: Final = stack
        self._names: Final[list[str]] = []

    def draft(self, name: str) -> Draft:
        """Begin a file."""
        self._names.append(name)
        return self._begin(name)

    def write(self, name: str, data: bytes, *, rows: int = 0) -> File:
        """Write all of a file."""
        draft = self.draft(name)
        draft.write(data)
        return draft.finish(rows)

    def take(self, manifest: bytes) -> None:
        """Take the place of the export before, to the end also when somebody interrupts: it is a moment's work."""
        if self._out is None:
            return
        draft = self._begin(MANIFEST)
        draft.write(manifest)
        draft.finish(rows=0)
        try:
            self._swap(self._out)
        except KeyboardInterrupt:
            self._swap(self._out)
            raise

    def _begin(self, name: str) -> Draft:
        draft = Draft(name, self.waiting / name if self._out else None)
        self._stack.callback(draft.abandon)
        return draft

    def _swap(self, out: Path) -> None:
        """Go on from wherever this stopped. While there is no manifest, what is there is seen not to be all."""
        if not (self.waiting / MANIFEST).exists():
            return
        (out / MANIFEST).unlink(missing_ok=True)
        for name in self._names:
            (out / name).parent.mkdir(exist_ok=True)
            if (self.waiting / name).exists():
                (self.waiting / name).replace(out / name)
        for name in set(self._before).difference(self._names):
            (out / name).unlink(missing_ok=True)
            with suppress(OSError):  # there is more in it
                (out / name).parent.rmdir()
        for folder in {(out / name).parent for name in self._names}:
            sync_folder(folder)
        (self.waiting / MANIFEST).replace(out / MANIFEST)
        sync_folder(out)


@contextmanager
def placing(out: Path | None, names: Sequence[str]) -> Iterator[Place]:
    """Open the place of an export of these files; what has not taken it when the block ends leaves nothing behind.

    Raises:
        UsageError: something would be replaced or removed that is not as an export left it.
        SaysoError: the folder cannot be written.
    """
    if out is None:
        with ExitStack() as stack:
            yield Place(None, Path(), (), stack)
        return
    with writable(out), aside(out) as waiting, ExitStack() as stack:
        yield Place(out, waiting, _to_replace(out, names), stack)


def _to_replace(out: Path, names: Sequence[str]) -> list[str]:
    """The files of the export before, once it is sure that they and nothing else would be replaced or removed."""
    before = _written_before(out) or {}
    for name in sorted({*before, *names}):
        if not _is_free(out, name, before.get(name)):
            raise UsageError(
                f"{out / name} is not as an export left it. Move it away, or choose another folder with --out."
            )
    return list(before)


def _is_free(out: Path, name: str, sha256: str | None) -> bool:
    """Whether nothing is there, or just what the export before wrote; a link is always somebody else's."""
    path = out / name
    if path.resolve() != out.resolve() / name or (path.parent.exists() and not path.parent.is_dir()):
        return False
    if not os.path.lexists(path):
        return True
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def _written_before(out: Path) -> Mapping[str, str] | None:
    """The SHA-256 of each file by its name, as the manifest in a folder has it; None where no export wrote one."""
    try:
        manifest = json.loads((out / MANIFEST).read_bytes())
        if not {"sayso", "format"} <= manifest.keys():
            return None
        return {str(file["name"]): str(file["sha256"]) for file in manifest["files"]}
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return None
