"""Decoding every store of an installation, to see whether a text stands anywhere in it."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import pyarrow.parquet as pq

SQLITE = b"SQLite format 3\0"
PACKED: dict[bytes, Callable[[bytes], bytes]] = {
    b"\x1f\x8b": gzip.decompress,
    b"\xfd7zXZ": lzma.decompress,
    b"BZh": bz2.decompress,
}


def found_in(data: Path, *words: str) -> list[str]:
    """Name the files and tables below a folder in which any of the words stands, as bytes or once it is decoded."""
    return sorted(
        f"{path.relative_to(data)}{where}: {word}"
        for path in data.rglob("*")
        if path.is_file()
        for where, content in decoded(path)
        for word in words
        if word.encode() in content
    )


def decoded(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield all that a file says: its bytes as they are, and what they mean."""
    raw = path.read_bytes()
    yield "", raw
    for magic, unpack in PACKED.items():
        if raw.startswith(magic):
            yield " unpacked", unpack(raw)
    if raw.startswith(SQLITE):
        yield from _sqlite(path)
    elif raw[8:12] == b"DUCK":
        yield from _duckdb(path)
    elif raw.startswith(b"PAR1"):
        yield " rows", str(pq.read_table(path).to_pylist()).encode()
        yield " statistics", str(pq.read_metadata(path).to_dict()).encode()
    elif path.suffix == ".npz":
        with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
            yield " arrays", b"".join(np.ascontiguousarray(arrays[name]).tobytes() for name in arrays.files)


def _sqlite(path: Path) -> Iterator[tuple[str, bytes]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            rows = database.execute(f"SELECT * FROM {table}").fetchall()
            yield f" table {table}", b"\n".join(_bytes(value) for row in rows for value in row)


def _duckdb(path: Path) -> Iterator[tuple[str, bytes]]:
    with TemporaryDirectory() as folder, duckdb.connect() as connection:
        # A copy with its WAL: somebody may have the file open.
        for file in (path, path.with_name(f"{path.name}.wal")):
            if file.exists():
                shutil.copyfile(file, Path(folder) / file.name)
        connection.execute(f"ATTACH '{Path(folder) / path.name}' AS it")
        for (table,) in connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'it'"
        ).fetchall():
            rows = connection.execute(f"SELECT * FROM it.{table}").fetchall()
            yield f" table {table}", b"\n".join(_bytes(value) for row in rows for value in row)


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
