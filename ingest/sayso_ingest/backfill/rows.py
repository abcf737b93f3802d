"""Rows of a file with their line numbers: JSON lines, CSV, Parquet; a few in memory at a time."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from sayso_ingest.errors import NotFound, UsageError

CELL_CHARACTERS = 1_000_000
"""More than the largest event: a cell that is longer is a quotation mark that nobody closed."""
SUFFIXES = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
}


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row, where it stands (a line, or the number of a row in Parquet), and what is wrong where it is none."""

    line: int
    fields: dict[str, Any]
    problem: str = ""
    text: str = ""


def read_rows(path: Path) -> Iterator[SourceRow]:
    """Yield the rows of a file; the name's ending says what it is.

    Raises:
        NotFound: there is no such file.
        UsageError: the ending is none that is known, or the file is not what it says.
    """
    kind = _kind(path)
    if kind == "parquet":
        yield from _parquet(path)
    elif kind == "csv":
        yield from _csv(path)
    else:
        yield from _jsonl(path)


def count_rows(path: Path) -> int:
    """Say about how many rows a file has, for a progress bar."""
    if _kind(path) == "parquet":
        return int(_open_parquet(path).metadata.num_rows)
    with path.open("rb") as file:
        lines = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
    return max(0, lines - (_kind(path) == "csv"))


def _kind(path: Path) -> str:
    if not path.is_file():
        raise NotFound(f"There is no file {path}.")
    try:
        return SUFFIXES[path.suffix.lower()]
    except KeyError:
        raise UsageError(
            f"{path.name} ends in none of {', '.join(SUFFIXES)}: rename it, or convert it."
        ) from None


def _jsonl(path: Path) -> Iterator[SourceRow]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            text = line.decode("utf-8", errors="replace").rstrip("\r\n")
            try:
                fields = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
            except (ValueError, RecursionError) as error:
                yield SourceRow(number, {}, f"It is not JSON: {error}.", text)
                continue
            if isinstance(fields, dict):
                yield SourceRow(number, fields, text=text)
            else:
                yield SourceRow(number, {}, "It is not a JSON object.", text)


def columns_of(path: Path) -> list[str] | None:
    """Name the columns of a file; None where each row names its own, as JSON lines do.

    Raises:
        NotFound, UsageError: as `read_rows`.
    """
    kind = _kind(path)
    if kind == "parquet":
        return list(_open_parquet(path).schema_arrow.names)
    if kind == "csv":
        with _open_csv(path) as file:
            return next(_cells(path, file), [])
    return None


def _open_csv(path: Path) -> TextIO:
    # What is not UTF-8 comes as lone surrogates, by which it is known.
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def _cells(path: Path, file: TextIO) -> Any:
    csv.field_size_limit(CELL_CHARACTERS)
    return csv.reader(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ",")


def _csv(path: Path) -> Iterator[SourceRow]:
    """Every value is a text; an empty one is missing. A row that cannot be read is said, and the next is read."""
    with _open_csv(path) as file:
        reader = _cells(path, file)
        names: list[str] | None = None
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                yield SourceRow(reader.line_num, {}, f"It is not CSV: {error}.")
                continue
            if cells is None:
                return
            if names is None:
                names = cells
            elif cells:
                fields = {name: cell for name, cell in zip(names, cells, strict=False) if cell != ""}
                yield SourceRow(reader.line_num, fields, _wrong_cells(cells, names), ",".join(cells))


def _wrong_cells(cells: Sequence[str], names: Sequence[str]) -> str:
    if len(cells) != len(names):
        return f"It has {len(cells)} columns, and the first line {len(names)}."
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        return "It is not UTF-8. Convert the file: iconv -f LATIN1 -t UTF-8."
    return ""


def _parquet(path: Path) -> Iterator[SourceRow]:
    number = 0
    for batch in _open_parquet(path).iter_batches(batch_size=2_000):
        for fields in batch.to_pylist():
            number += 1
            yield SourceRow(number, {name: value for name, value in fields.items() if value is not None})


def _open_parquet(path: Path) -> Any:
    import pyarrow.lib
    import pyarrow.parquet

    try:
        return pyarrow.parquet.ParquetFile(path)
    except pyarrow.lib.ArrowException as error:
        raise UsageError(f"{path.name} is not Parquet: {error}.") from error
