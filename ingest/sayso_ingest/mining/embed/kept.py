"""Vectors that were computed before, by embedder: a question is embedded once, and an interrupted run goes on.

    FOLDER/salt
    FOLDER/EMBEDDER/DIGEST.npy, ...

A file has some thousand vectors, in float16, each under a keyed hash of its text: no text is kept, and without the salt
none can be looked up. It is written once, whole, and named by what is in it, so a damaged one is known and set aside.
All of it can be deleted at any time: what is lost is the time to compute it again.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sayso_ingest.mining.arrays import Integers, Vectors

VERSION = 1
"""Of what files hold; belongs to the name of their folder, so that those of another are not read."""
MOST = 2**30
"""Bytes that are kept of all embedders together."""
DAYS = 30
"""Days after which an embedder's vectors go that no run has asked for."""
FILES = 16
"""Files of an embedder from which on they are joined."""
_DAMAGED = ".damaged"

Keys = npt.NDArray[np.uint64]
Say = Callable[[str], None]


class VectorStore:
    """The vectors of a project. What cannot be written is not kept, and nothing fails for it."""

    def __init__(self, folder: Path, *, say: Say = lambda _: None, most: int = MOST) -> None:
        self._folder = folder
        self._say = say
        self._most = most
        self._salt = _salt(folder)

    @property
    def salt(self) -> str:
        """What precedes a text when its key is made: 32 hexadecimal digits that are this folder's alone."""
        return self._salt

    def keys(self, texts: Sequence[str]) -> Keys:
        """The key (n,) of each text: the first 64 bits of the SHA-256 of the salt and the text."""
        salted = hashlib.sha256(self._salt.encode())
        found = np.empty(len(texts), dtype=np.uint64)
        for row, text in enumerate(texts):
            one = salted.copy()
            one.update(text.encode("utf-8", "surrogatepass"))
            found[row] = int.from_bytes(one.digest()[:8], "big")
        return found

    def shelf(self, embedder: str) -> Shelf:
        """The vectors of one embedder, by its id."""
        readable = re.sub(r"[^A-Za-z0-9-]+", "-", embedder)[:60]
        digest = hashlib.sha256(f"{VERSION}:{embedder}".encode()).hexdigest()[:12]
        return Shelf(self._folder / f"{readable}-{digest}", say=self._say)

    def kept(self) -> Keys:
        """Every key there is, of whatever embedder, once."""
        return np.unique(
            np.concatenate([np.zeros(0, np.uint64), *(shelf.every for shelf in self._shelves())])
        )

    def forget(self, gone: Keys) -> None:
        """Let go of the vectors with these keys, whatever embedder they are of, and of what is too old or too much."""
        for shelf in self._shelves():
            shelf.forget(gone)
        left, now = self._most, time.time()
        for shelf in sorted(self._shelves(), key=lambda shelf: shelf.used, reverse=True):
            left -= shelf.size
            if left < 0 or now - shelf.used > DAYS * 86_400:
                shelf.remove()

    def _shelves(self) -> Iterator[Shelf]:
        with suppress(OSError):
            for path in sorted(path for path in self._folder.iterdir() if path.is_dir()):
                yield Shelf(path, say=self._say)


class Shelf:
    """The vectors of one embedder, found by key, in files that are only ever added or replaced as a whole."""

    def __init__(self, folder: Path, *, say: Say) -> None:
        self._folder = folder
        self._say = say
        self._files: list[npt.NDArray[np.void]] | None = None

    @property
    def every(self) -> Keys:
        """The key of each vector."""
        return np.concatenate([np.zeros(0, np.uint64), *(file["key"] for file in self._read())])

    @property
    def used(self) -> float:
        """When a run asked for it last, in seconds since 1970."""
        return _stat(self._folder).st_mtime if self._folder.is_dir() else 0.0

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(_size(path) for path in self._folder.glob("*"))

    def find(self, keys: Keys) -> tuple[Integers, Vectors]:
        """The rows of keys (n,) that are kept, and the vector (k, d) of each."""
        files = self._read()
        with suppress(OSError):
            os.utime(self._folder)
        every = self.every
        if not len(every):
            return np.zeros(0, dtype=np.int64), np.zeros((0, 0), dtype=np.float32)
        order = np.argsort(every, kind="stable")
        place = np.minimum(np.searchsorted(every[order], keys), len(every) - 1)
        rows = np.flatnonzero(every[order][place] == keys)
        places = order[place[rows]]
        found = np.empty((len(rows), files[0]["vector"].shape[1]), dtype=np.float32)
        begin = 0
        for file in files:
            inside = (places >= begin) & (places < begin + len(file))
            found[inside] = file["vector"][places[inside] - begin]
            begin += len(file)
        return rows, found

    def add(self, keys: Keys, vectors: npt.NDArray[np.float16]) -> int:
        """Keep the vector (n, d) of each key (n,); how many were: none on a full disk, or where nobody may write."""
        if not vectors.size:
            return 0
        rows = np.empty(len(keys), dtype=[("key", "<u8"), ("vector", "<f2", (vectors.shape[1],))])
        rows["key"], rows["vector"] = keys, vectors
        try:
            self._write(rows)
        except OSError:
            return 0
        return len(rows)

    def tidy(self) -> None:
        """Join many small files into one."""
        self._files = None
        if len(self._read()) >= FILES:
            self._keep_only(np.ones(len(self.every), dtype=bool))

    def forget(self, gone: Keys) -> None:
        """Let go of the vectors with these keys, and of what an earlier run has set aside."""
        every = self.every
        stays = ~np.isin(every, gone)
        if not stays.all():
            self._keep_only(stays)
        for path in [*self._folder.glob(f"*{_DAMAGED}"), *self._folder.glob("*.draft")]:
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > 3600:  # of a run that may be at work
                    path.unlink(missing_ok=True)

    def remove(self) -> None:
        """Let go of all of it."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _keep_only(self, stays: npt.NDArray[np.bool_]) -> None:
        old = sorted(self._folder.glob("*.npy"))
        rows = np.concatenate(self._read())[stays]
        _, first = np.unique(rows["key"], return_index=True)
        try:
            written = self._write(rows[first]) if len(first) else None
            for path in old:
                if path != written:
                    path.unlink(missing_ok=True)
        except OSError as error:
            self._say(
                f"{self._folder} cannot be written ({error.strerror}): old vectors stay. Delete it if they must go."
            )
        self._files = None

    def _write(self, rows: npt.NDArray[np.void]) -> Path:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._folder / f"{secrets.token_hex(8)}.draft"
        try:
            with draft.open("xb") as file:
                np.save(file, rows, allow_pickle=False)
            path = draft.with_name(f"{_digest(draft)}.npy")
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        return path

    def _read(self) -> list[npt.NDArray[np.void]]:
        if self._files is None:
            paths = sorted(self._folder.glob("*.npy"))
            self._files = [rows for path in paths if (rows := self._rows(path)) is not None]
        return self._files

    def _rows(self, path: Path) -> npt.NDArray[np.void] | None:
        try:
            if _digest(path) == path.stem:
                rows: npt.NDArray[np.void] = np.load(path, mmap_mode="r", allow_pickle=False)
                return rows
        except FileNotFoundError:  # another run has joined it with others
            return None
        except (OSError, ValueError):
            pass
        self._say(f"{path} is damaged and was set aside. What it held is computed again.")
        with suppress(OSError):
            path.replace(path.with_suffix(_DAMAGED))
        return None


def _salt(folder: Path) -> str:
    """The salt of a folder, made where there is none; where it cannot be kept, it is of this run alone."""
    path = folder / "salt"
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            draft = folder / f"{secrets.token_hex(8)}.draft"
            draft.write_text(secrets.token_hex(16))
            draft.chmod(0o600)
            try:
                os.link(draft, path)  # of two runs that begin at once one is first
            finally:
                draft.unlink()
    with suppress(OSError):
        return path.read_text()
    return secrets.token_hex(16)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _size(path: Path) -> int:
    return _stat(path).st_size


def _stat(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError:
        return os.stat_result([0] * 10)
