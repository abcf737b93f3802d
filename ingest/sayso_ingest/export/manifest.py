"""What an export is made of: enough to make it again and to trust it, and nothing that changes by itself."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Self

from sayso_ingest.event import JSON


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
        """One row a fate, for a table: what was kept, and what was dropped for which reason."""
        return [{"edits": "kept", "count": self.kept}] + [
            {"edits": reason, "count": count} for reason, count in sorted(self.dropped.items())
        ]
