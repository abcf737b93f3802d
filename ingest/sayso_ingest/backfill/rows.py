"""Rows of a file with their line numbers: JSON lines, CSV, Parquet; a few in memory at a time."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sayso_ingest.errors import NotFound, UsageError

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


def _csv(path: Path) -> Iterator[SourceRow]:
    """Every value is a text; an empty one is missing."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
        try:
            names = next(reader, [])
            for cells in reader:
                fields = {name: cell for name, cell in zip(names, cells, strict=False) if cell != ""}
                wrong = (
                    f"It has {len(cells)} columns, and the first line {len(names)}."
                    if len(cells) != len(names)
                    else ""
                )
                if cells:
                    yield SourceRow(reader.line_num, fields, wrong, ",".join(cells))
        except csv.Error as error:
            raise UsageError(f"{path.name}, line {reader.line_num}, is not CSV: {error}.") from error


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
