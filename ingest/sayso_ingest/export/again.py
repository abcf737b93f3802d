"""Reading again what was written, row by row, before it takes the place of an earlier export."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from sayso_ingest.errors import SaysoError
from sayso_ingest.event import JSON
from sayso_ingest.export.formats.format import TrainingFormat
from sayso_ingest.export.formats.item import CaseFormat


def check(path: Path, format: TrainingFormat | CaseFormat, written: int) -> None:
    """See that all rows that were written are there.

    Raises:
        SaysoError: a row is not what the format is, or one is missing.
    """
    rows = validate(path, format)
    if rows != written:
        raise SaysoError(f"{path} has {rows} rows, and {written} were written. Export it again.")


def validate(path: Path, format: TrainingFormat | CaseFormat) -> int:
    """Read a file again, say how many rows it has.

    Raises:
        SaysoError: a row is not one of this format; says which and why.
    """
    number = 0
    for number, row in enumerate(_rows_of(path), start=1):
        wrong = format.fault(row)
        if wrong:
            raise SaysoError(f"Row {number} of {path} is not {format.name}: {wrong}. Export it again.")
    return number


def _rows_of(path: Path) -> Iterator[JSON]:
    match path.suffix:
        case ".parquet":
            import pyarrow.parquet as pq

            with pq.ParquetFile(path) as table:
                for batch in table.iter_batches(1000):
                    yield from batch.to_pylist()
        case ".json":
            yield from json.loads(path.read_bytes())
        case _:
            yield from _lines_of(path)


def _lines_of(path: Path) -> Iterator[JSON]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                raise SaysoError(f"{path} does not end in a line end: it is cut off. Export it again.")
            try:
                yield json.loads(line)
            except ValueError as error:
                raise SaysoError(f"Row {number} of {path} is not JSON. Export it again.") from error
