"""A whole table as a file, written as the rows come: for spreadsheets, programs and data frames."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask import Response

from sayso_ingest.spelling import cell, plain
from sayso_ingest.warehouse import Published
from sayso_ingest.warehouse.published import Params

TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Rows = Iterable[Sequence[Any]]


def download(copy: Published, sql: str, params: Params, *, format: str, name: str) -> Response:
    """Answer with all rows of a question as a file; the copy is closed when it is written.

    Raises:
        QueryError: the question does not run.
    """
    try:
        body = _parquet(copy, sql, params) if format == "parquet" else _text(copy, sql, params, format)
        first = next(body, b"")  # what does not run is an answer of its own, not a broken file
    except BaseException:
        copy.close()
        raise
    response = Response(_then_close(copy, first, body), mimetype=TYPES[format])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{format}"'
    return response


def _then_close(copy: Published, first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    with copy:
        yield first
        yield from rest


def _text(copy: Published, sql: str, params: Params, format: str) -> Iterator[bytes]:
    columns, rows = copy.stream(sql, params)
    write = {"csv": csv_lines, "json": _json, "jsonl": _jsonl}[format]
    for piece in write(columns, rows):
        yield piece.encode()


def csv_lines(columns: Sequence[str], rows: Rows) -> Iterator[str]:
    """Write rows as CSV for spreadsheets, a line at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _cell(value: Any) -> str:
    # A spreadsheet would run what a stranger wrote. The other formats have the text as it is.
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else cell(value)


def _json(columns: Sequence[str], rows: Rows) -> Iterator[str]:
    before = "["
    for line in _jsonl(columns, rows):
        yield f"{before}\n  {line.rstrip()}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def _jsonl(columns: Sequence[str], rows: Rows) -> Iterator[str]:
    for row in rows:
        yield json.dumps(plain(dict(zip(columns, row, strict=True))), ensure_ascii=False) + "\n"


def _parquet(copy: Published, sql: str, params: Params) -> Iterator[bytes]:
    import pyarrow.parquet

    schema, batches = copy.arrow(sql, params)
    sink = _Sink()
    with pyarrow.parquet.ParquetWriter(sink, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch.cast(schema))
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """Takes what is written and hands it on, so that a file needs no more memory than one batch of it."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._written = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any, /) -> int:
        self._pieces.append(bytes(piece))
        self._written += len(self._pieces[-1])
        return len(self._pieces[-1])

    def tell(self) -> int:
        return self._written

    def taken(self) -> bytes:
        """Take what was written since."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken
