"""What the manifests of a set say, without reading its cases: a line a version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sayso_ingest.errors import SaysoError
from sayso_ingest.evalsets.files import checked_name, reachable
from sayso_ingest.evalsets.version import MANIFEST, version_numbers
from sayso_ingest.event import JSON


@dataclass(frozen=True, slots=True)
class Summary:
    """A version by its manifest: how many cases it has, by stratum and by where their expected answers come from."""

    number: int
    created_at: str
    note: str
    sha256: str
    cases: int
    strata: Mapping[str, int]
    reference_kinds: Mapping[str, int]


def summaries(folder: Path, name: str) -> list[Summary]:
    """The versions of a set, oldest first; none if there is no such set. Only `read` checks that nobody changed one.

    Raises:
        SaysoError: a manifest cannot be read.
    """
    home = folder / "evalsets" / checked_name(name)
    return [_summary(number, home / f"v{number}" / MANIFEST) for number in version_numbers(home)]


def _summary(number: int, source: Path) -> Summary:
    try:
        with reachable(source, doing="read"):
            manifest = json.loads(source.read_bytes())
        return Summary(
            number=number,
            created_at=str(manifest["created_at"]),
            note=str(manifest["note"]),
            sha256=str(manifest["cases_sha256"]),
            cases=int(manifest["cases"]),
            strata=_counts(manifest["strata"]),
            reference_kinds=_counts(manifest["reference_kinds"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SaysoError(
            f"{source} is not the manifest of a version ({error}). Versions are never edited: restore the file."
        ) from error


def _counts(row: JSON) -> dict[str, int]:
    return {str(name): int(count) for name, count in row.items()}
