"""What an export is made of: enough to make it again and to trust it, and nothing that changes by itself."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from sayso_ingest.event import JSON
from sayso_ingest.mining import Dropped

IN_WORDS: Mapping[Dropped, str] = {
    Dropped.NO_QUESTION: "the question is not known",
    Dropped.NOT_TEXT: "the prompt is not all text",
    Dropped.PART: "only a part of the answer",
    Dropped.EMPTY: "nothing proposed or nothing left",
    Dropped.COSMETIC: "hardly changed",
    Dropped.REWRITE: "rewritten from scratch",
    Dropped.LENGTH: "much longer or shorter",
    Dropped.DUPLICATE: "the same pair again",
    Dropped.CONFLICT: "others made the opposite change",
    Dropped.IN_EVAL_SET: "in an eval set",
    Dropped.NEAR_EVAL_SET: "nearly the same as one in an eval set",
}


@dataclass(frozen=True, slots=True)
class File:
    """One written file."""

    name: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The account of one export. `considered` = `kept` + everything in `dropped`.

    `eval_sets` are the versions that the leakage guard looked at. Shares are None where nothing was kept.
    """

    format: str
    sayso: str
    considered: int
    kept: int
    dropped: dict[str, int]
    thresholds: dict[str, JSON]
    eval_sets: list[dict[str, JSON]]
    prompts: dict[str, int]
    chosen_longer: float | None
    length_ratio: float | None
    files: list[File]

    def encode(self) -> bytes:
        """The bytes of manifest.json."""
        return json.dumps(dataclasses.asdict(self), indent=2, sort_keys=True).encode() + b"\n"

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read manifest.json back."""
        fields = json.loads(data)
        return cls(**{**fields, "files": [File(**file) for file in fields["files"]]})

    def rows(self) -> list[dict[str, JSON]]:
        """One row a fate, for a table: what was kept, what was dropped for which reason, and all of it."""
        dropped = [(f"dropped: {IN_WORDS[Dropped(reason)]}", n) for reason, n in sorted(self.dropped.items())]
        return [
            {"edits": fate, "count": count}
            for fate, count in [("kept", self.kept), *dropped, ("total", self.considered)]
        ]
