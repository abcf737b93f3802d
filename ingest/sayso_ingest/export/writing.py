"""Files written while rows come, counted and hashed as they go."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from io import BufferedWriter
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from sayso_ingest.evalsets import reachable
from sayso_ingest.event import JSON
from sayso_ingest.export.manifest import File

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_AT_ONCE = 10_000
"""Of a group of Parquet."""


@contextmanager
def writable(out: Path) -> Iterator[None]:
    """Turn what the system refuses into an error that names the folder, whichever file in it was refused."""
    with reachable(out, doing="written"):
        try:
            yield
        except OSError as error:
            error.filename = None  # of a draft, of which nobody has heard
            raise


class Draft:
    """A file of `out` that waits to take its place; without that folder its bytes are counted and go nowhere.

    Raises:
        SaysoError: the folder cannot be written, whenever that shows.
    """

    def __init__(self, name: str, out: Path | None, waiting: Path) -> None:
        self.name: Final = name
        self.path: Final = waiting / name if out else None
        self._out: Final = out or waiting
        self._bytes = 0
        self._hash = hashlib.sha256()
        self._file = self._open(self.path) if self.path else None

    def _open(self, path: Path) -> BufferedWriter:
        with writable(self._out):
            path.parent.mkdir(parents=True, exist_ok=True)
            return path.open("xb")

    def write(self, data: bytes) -> int:
        """Add bytes."""
        self._bytes += len(data)
        self._hash.update(data)
        if self._file:
            with writable(self._out):
                self._file.write(data)
        return len(data)

    def finish(self, rows: int) -> File:
        """Have it on disk, and say what it is."""
        if self._file:
            with writable(self._out):
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()
        return File(self.name, rows=rows, bytes=self._bytes, sha256=self._hash.hexdigest())

    def abandon(self) -> None:
        """Let go of it, finished or not."""
        if self._file:
            with suppress(OSError):  # what is buffered may have no room
                self._file.close()

    # What pyarrow wants of a file beside `write`.
    closed = False

    def flush(self) -> None:
        """Hand on what is buffered."""

    def close(self) -> None:
        """Nothing: the file ends when it is finished."""


class Sink(Protocol):
    """Takes rows, and says in the end what file they have become."""

    def write(self, row: Mapping[str, JSON]) -> None:
        """Add a row."""
        ...

    def finish(self) -> File:
        """Have the file there."""
        ...


class Lines:
    """Rows as lines of JSON; the same rows are the same bytes, and half of a surrogate pair is escaped."""

    def __init__(self, draft: Draft) -> None:
        self._draft: Final = draft
        self._rows = 0

    def write(self, row: Mapping[str, JSON]) -> None:
        """Add a line."""
        text = json.dumps(row, ensure_ascii=False, allow_nan=False)
        self._draft.write(text.encode("utf-8", "backslashreplace") + b"\n")
        self._rows += 1

    def finish(self) -> File:
        """Have the file there."""
        return self._draft.finish(self._rows)


class Columns:
    """Rows as Parquet, so many in memory at a time; the same rows and pyarrow give the same bytes."""

    def __init__(self, draft: Draft, schema: pa.Schema) -> None:
        import pyarrow.parquet as pq

        self._draft: Final = draft
        self._schema: Final = schema
        self._writer = pq.ParquetWriter(draft, schema, compression="zstd")
        self._waiting: list[Mapping[str, JSON]] = []
        self._rows = 0

    def write(self, row: Mapping[str, JSON]) -> None:
        """Add a row."""
        self._waiting.append(row)
        self._rows += 1
        if len(self._waiting) == ROWS_AT_ONCE:
            self._put()

    def finish(self) -> File:
        """Have the file there."""
        self._put()
        self._writer.close()
        return self._draft.finish(self._rows)

    def _put(self) -> None:
        import pyarrow as pa

        if self._waiting:
            self._writer.write_table(pa.Table.from_pylist(self._waiting, schema=self._schema))
            self._waiting = []
