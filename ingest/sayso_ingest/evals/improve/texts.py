"""The text of a version, wherever it is kept: in git, in the file, or with a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sayso_ingest.errors import NotFound
from sayso_ingest.evals.improve.versions import KnownVersion
from sayso_ingest.evals.runs import read_run

SHORT_COMMIT = 10


@dataclass(frozen=True, slots=True)
class VersionText:
    """The text of a version, and in words where it was found."""

    label: str
    text: str
    source: str


def version_text(project_folder: Path, known: KnownVersion) -> VersionText:
    """Find the text of a version: in git or the file, else beside a run that used it.

    Raises:
        NotFound: it is in neither.
        SaysoError: the run cannot be read.
    """
    label = f"{known.name}@{known.version}"
    prompt = known.prompt
    if prompt is not None:
        if prompt.commit and not prompt.dirty:
            return VersionText(label, prompt.text, f"{prompt.path}, commit {prompt.commit[:SHORT_COMMIT]}")
        return VersionText(label, prompt.text, f"{prompt.path}, not committed")
    for run in known.runs:
        text = read_run(project_folder, run.run_id).prompt_text
        if text is not None:
            return VersionText(label, text, f"run {run.run_id}")
    where = "no commit of the repository has it" if known.searched else "no repository was looked into"
    raise NotFound(
        f"The text of {label} is nowhere here: {where}, and no run used it. Name the repository that its application "
        "is built from with --repo DIR, with all of its branches: git fetch --all"
    )
