"""A run, whole: its manifest and its results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sayso_ingest.evals.runs.manifest import Manifest
from sayso_ingest.evals.runs.result import Result


@dataclass(frozen=True, slots=True)
class Run:
    """A run of an eval set; results are ordered by case and sample."""

    manifest: Manifest
    results: tuple[Result, ...]
    prompt_text: str | None
    path: Path

    @property
    def run_id(self) -> str:
        """What commands call it."""
        return self.manifest.run_id

    @property
    def label(self) -> str:
        """Which prompt, and what answered."""
        return self.manifest.label

    def by_case(self) -> Mapping[str, tuple[Result, ...]]:
        """The results of each case, in the order of samples."""
        found: dict[str, list[Result]] = {}
        for result in self.results:
            found.setdefault(result.case_id, []).append(result)
        return {case_id: tuple(some) for case_id, some in found.items()}
