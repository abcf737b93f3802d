"""What an export is made of: enough to make it again and to trust it, and nothing that changes by itself."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Self

from sayso_ingest.event import JSON
from sayso_ingest.mining import Dropped


@dataclass(frozen=True, slots=True)
class File:
    """One written file; `rows` is 0 where it has none."""

    name: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Shape:
    """How even examples are; what has no meaning for them, or for none at all, is None.

    `people` said so, one of them `largest_share` (0 to 1) of it. `chosen_longer` is the share of pairs whose preferred
    answer is the longer one, `length_ratio` the mean of its characters by those of the other. `good` and `bad` count
    the ratings that are trained on.
    """

    people: int = 0
    largest_share: float | None = None
    chosen_longer: float | None = None
    length_ratio: float | None = None
    good: int | None = None
    bad: int | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """The account of one export. `considered` = `kept` + everything in `dropped`.

    `asked` is what was asked for, `guard` what compared questions with those of `eval_sets` (all versions of each), and
    from which cosine or share of words on they were the same.
    """

    format: str
    purpose: str
    sayso: str
    asked: dict[str, JSON]
    considered: int
    kept: int
    dropped: dict[str, int]
    sources: dict[str, int]
    splits: dict[str, int]
    prompts: dict[str, int]
    shape: Shape
    warnings: list[str]
    thresholds: dict[str, JSON]
    guard: dict[str, JSON]
    eval_sets: list[dict[str, JSON]]
    files: list[File]

    def encode(self) -> bytes:
        """The bytes of manifest.json."""
        return _encode(self)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read manifest.json back."""
        fields = json.loads(data)
        files = [File(**file) for file in fields["files"]]
        return cls(**{**fields, "shape": Shape(**fields["shape"]), "files": files})

    def rows(self) -> list[dict[str, JSON]]:
        """One row a fate, for a table: what was kept, of which source, what was left out for which reason, and all."""
        kept = [(f"kept: {source}", n) for source, n in sorted(self.sources.items())]
        dropped = [(f"left out: {Dropped.of(reason).words}", n) for reason, n in sorted(self.dropped.items())]
        return [
            {"examples": fate, "count": count}
            for fate, count in [*kept, *dropped, ("considered", self.considered)]
        ]


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
        return _encode(self)

    def rows(self) -> list[dict[str, JSON]]:
        """One row a kind of case, for a table."""
        strata = [(f"stratum: {name}", n) for name, n in self.strata.items()]
        references = [(f"expected answer: {name}", n) for name, n in self.references.items()]
        return [
            {"cases": kind, "count": count} for kind, count in [*strata, *references, ("cases", self.cases)]
        ]


def _encode(manifest: Manifest | CasesManifest) -> bytes:
    return json.dumps(dataclasses.asdict(manifest), indent=2, sort_keys=True).encode() + b"\n"
