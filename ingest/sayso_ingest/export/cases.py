"""One export of an eval set: a version in, a folder with files for a test tool and a manifest out."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from sayso_ingest import __version__
from sayso_ingest.evalsets import EvalCase, Split, Version
from sayso_ingest.export.again import check
from sayso_ingest.export.card import card_of_cases
from sayso_ingest.export.formats.item import CaseFormat, Item
from sayso_ingest.export.manifest import CasesManifest
from sayso_ingest.export.place import CARD, placing
from sayso_ingest.mining import Query


def export_cases(
    version: Version, format: CaseFormat, query: Query, *, out: Path | None, side: Split | None = None
) -> CasesManifest:
    """Write the cases of a version, or of one side of it, with what was retrieved for them; without `out` only count.

    The same version gives the same bytes, as long as the interactions it was made of are as they were.

    Raises:
        UsageError: something is in the folder that no export wrote.
        SaysoError: the folder cannot be written.
    """
    chosen = [case for case in version.cases if side in (None, case.split)]
    contents = dict(format.files(_items(chosen, query)))
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
        files=[],
    )
    if format.schema:
        contents[CARD] = card_of_cases(manifest, format.rows_in, format.schema())
    with placing(out, list(contents)) as place:
        written = [
            place.write(name, data, rows=len(chosen) if name == format.rows_in else 0)
            for name, data in contents.items()
        ]
        if out:
            check(place.waiting / format.rows_in, format, len(chosen))
        manifest = dataclasses.replace(manifest, files=written)
        place.take(manifest.encode())
    return manifest


def _items(cases: Sequence[EvalCase], query: Query) -> list[Item]:
    sql = files(__package__).joinpath("contexts.sql").read_text(encoding="utf-8")
    rows = query(sql, [[case.provenance.target for case in cases if case.provenance.target]])
    texts = {row["target"]: tuple(row["texts"]) for row in rows}
    return [Item(case, texts.get(case.provenance.target, ())) for case in cases]
