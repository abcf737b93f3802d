"""One export of an eval set: a version in, a folder with files for a test tool and a manifest out."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from sayso_ingest import __version__
from sayso_ingest.errors import SaysoError
from sayso_ingest.evalsets import EvalCase, Split, Version, reachable, replace_durably
from sayso_ingest.event import JSON
from sayso_ingest.export.formats.item import CaseFormat, Item, read_lines
from sayso_ingest.export.manifest import File
from sayso_ingest.export.writing import MANIFEST, check_place
from sayso_ingest.mining import Query


@dataclass(frozen=True, slots=True)
class CasesManifest:
    """The account of one export of an eval set: which version, how many cases of what kind, the files."""

    format: str
    sayso: str
    set: str
    version: int
    sha256: str
    side: str | None
    cases: int
    strata: dict[str, int]
    references: dict[str, int]
    files: list[File]

    def encode(self) -> bytes:
        """The bytes of manifest.json."""
        return json.dumps(dataclasses.asdict(self), indent=2, sort_keys=True).encode() + b"\n"

    def rows(self) -> list[dict[str, JSON]]:
        """One row a kind of case, for a table."""
        strata = [(f"stratum: {name}", n) for name, n in self.strata.items()]
        references = [(f"expected answer: {name}", n) for name, n in self.references.items()]
        return [
            {"cases": kind, "count": count} for kind, count in [*strata, *references, ("cases", self.cases)]
        ]


def export_cases(
    version: Version, format: CaseFormat, query: Query, *, out: Path | None, side: Split | None = None
) -> CasesManifest:
    """Write the cases of a version, or of one side of it, with what was retrieved for them; without `out` only count.

    The same version gives the same bytes, as long as the interactions it was made of are as they were.

    Raises:
        SaysoError: the folder cannot be written.
    """
    chosen = [case for case in version.cases if side in (None, case.split)]
    contents = format.files(_items(chosen, query))
    manifest = CasesManifest(
        format=format.name,
        sayso=__version__,
        set=version.name,
        version=version.number,
        sha256=version.sha256,
        side=side,
        cases=len(chosen),
        strata=dict(sorted(Counter(str(case.stratum) for case in chosen).items())),
        references=dict(sorted(Counter(str(case.reference_kind) for case in chosen).items())),
        files=[
            _described(name, data, rows=len(chosen) if name == format.rows_in else 0)
            for name, data in contents.items()
        ],
    )
    if out is not None:
        check_place(out)
        _write(contents, out)
        _check(out / format.rows_in, format, len(chosen))
        replace_durably(out / MANIFEST, manifest.encode())
    return manifest


def _items(cases: Sequence[EvalCase], query: Query) -> list[Item]:
    sql = files(__package__).joinpath("contexts.sql").read_text(encoding="utf-8")
    rows = query(sql, [[case.provenance.target for case in cases if case.provenance.target]])
    texts = {row["target"]: tuple(row["texts"]) for row in rows}
    return [Item(case, texts.get(case.provenance.target, ())) for case in cases]


def _described(name: str, data: bytes, *, rows: int) -> File:
    return File(name, rows=rows, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


def _write(contents: Mapping[str, bytes], out: Path) -> None:
    for name, data in contents.items():
        with reachable(out, doing="written"):
            (out / name).parent.mkdir(parents=True, exist_ok=True)
        replace_durably(out / name, data)


def _check(path: Path, format: CaseFormat, cases: int) -> None:
    """Read again what was written.

    Raises:
        SaysoError: a case is missing, or is not what the format is.
    """
    number = 0
    for number, row in enumerate(_rows_of(path), start=1):
        wrong = format.fault(row)
        if wrong:
            raise SaysoError(f"Row {number} of {path} is not {format.name}: {wrong}. Export it again.")
    if number != cases:
        raise SaysoError(f"{path} has {number} cases, and {cases} were written. Export it again.")


def _rows_of(path: Path) -> Sequence[JSON]:
    match path.suffix:
        case ".parquet":
            import pyarrow.parquet as pq

            rows: list[JSON] = pq.read_table(path).to_pylist()
            return rows
        case ".json":
            return list(json.loads(path.read_bytes()))
        case _:
            return list(read_lines(path))
