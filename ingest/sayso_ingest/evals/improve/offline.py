"""What runs of eval sets say of each version of a prompt: the newest finished run of each set and side of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sayso_ingest.evals.runs import Manifest, RanSet, read_run, runs_of
from sayso_ingest.evals.runs.summary import summarise

if TYPE_CHECKING:
    from sayso_ingest.analysis.stats.mean import Mean

Named = tuple[str, str]
"""A prompt's name and version."""


@dataclass(frozen=True, slots=True)
class Offline:
    """A finished run of a version; `score` is the mean over its cases, 0 to 1, None where none of them has one."""

    run_id: str
    set: RanSet
    created_at: str
    answered_by: str
    score: Mean | None

    @property
    def sentence(self) -> str:
        """The run in a few words: which cases, and how good the answers were."""
        cases = f"{self.set.name} v{self.set.version} {self.set.split}"
        if self.score is None:
            return f"{cases}: not scored"
        return f"{cases}: {self.score.value:.2f} ({self.score.low:.2f} to {self.score.high:.2f})"


def newest_runs(manifests: list[Manifest]) -> Mapping[Named, list[Manifest]]:
    """The newest finished run of each set and side by version, by set; `manifests` are the oldest first."""
    found: dict[Named, dict[tuple[str, str], Manifest]] = {}
    for one in manifests:
        if one.prompt and one.finished_at:
            of_version = found.setdefault((one.prompt.name, one.prompt.version), {})
            of_version[one.set.name, one.set.split] = one
    return {named: [runs[of] for of in sorted(runs)] for named, runs in found.items()}


def read_offline(project_folder: Path, *, only: str | None = None) -> Mapping[Named, tuple[Offline, ...]]:
    """Read those runs and reckon their figures; with `only`, those of the prompt of this name.

    Raises:
        SaysoError: a run cannot be read.
    """
    newest = newest_runs(runs_of(project_folder))
    return {
        named: tuple(_offline(project_folder, one) for one in manifests)
        for named, manifests in newest.items()
        if only in (None, named[0])
    }


def _offline(project_folder: Path, manifest: Manifest) -> Offline:
    score = summarise(read_run(project_folder, manifest.run_id).results).whole.score
    return Offline(manifest.run_id, manifest.set, manifest.created_at, str(manifest.system["name"]), score)
