"""Rows as Parquet or as an Arrow stream: into a file, or on standard output where no terminal is."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from sayso_ingest.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

FORMATS = ("parquet", "arrow")


def write_batches(schema: pa.Schema, batches: Iterable[pa.RecordBatch], *, format: str) -> None:
    """Write batches to standard output as they come, in one of `FORMATS`.

    Raises:
        UsageError: standard output is a terminal, or the format has no type for one of the columns.
    """
    import pyarrow as pa

    if sys.stdout.isatty():
        raise UsageError(
            f"{format} is not for a terminal. Name a file with --out FILE, or send it on with > or |."
        )
    try:
        with _writer(sys.stdout.buffer, schema, format) as writer:
            for batch in batches:
                writer.write_batch(batch.cast(schema))
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise UsageError(
            f"{format} cannot hold this result: {error}. Cast the column in the query, to VARCHAR say."
        ) from error


@contextmanager
def _writer(out: IO[bytes], schema: pa.Schema, format: str) -> Iterator[Any]:
    """Open what writes batches; a stream that fails gets no end, by which its reader knows that it is not whole."""
    if format == "arrow":
        import pyarrow.ipc

        stream = pyarrow.ipc.new_stream(out, schema)
        yield stream
        stream.close()
        return
    import pyarrow.parquet

    with pyarrow.parquet.ParquetWriter(out, schema, compression="zstd") as file:
        yield file
