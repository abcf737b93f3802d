"""Where runs lie, and reading them.

    PROJECT/runs/RUN_ID/{manifest.json, results.jsonl, prompt.md, README.md}

While a run goes on its results are in unfinished.jsonl, in the order in which they came.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from sayso_ingest.errors import NotFound, SaysoError
from sayso_ingest.evals.runs.manifest import Manifest
from sayso_ingest.evals.runs.result import Result
from sayso_ingest.evals.runs.run import Run
from sayso_ingest.evalsets import decode_lines, encode_lines, reachable

MANIFEST = "manifest.json"
RESULTS = "results.jsonl"
UNFINISHED = "unfinished.jsonl"
PROMPT = "prompt.md"
ACCOUNT = "README.md"
LOCK = ".lock"
"""Whoever carries the run out holds it."""


def run_folder(project_folder: Path) -> Path:
    """Return where the runs of a project lie."""
    return project_folder / "runs"


def run_folders(project_folder: Path) -> list[Path]:
    """Return the folders of all runs, finished or not, by name; one without a manifest is of none."""
    return sorted(path.parent for path in run_folder(project_folder).glob(f"*/{MANIFEST}"))


def runs_of(project_folder: Path) -> list[Manifest]:
    """Return the manifests of all runs, oldest first, those that are not finished too.

    Raises:
        SaysoError: one cannot be read.
    """
    found = [read_manifest(path) for path in run_folders(project_folder)]
    return sorted(found, key=lambda manifest: (manifest.created_at, manifest.run_id))


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a run.

    Raises:
        SaysoError: it cannot be read, or is none.
    """
    path = folder / MANIFEST
    with reachable(path, doing="read"):
        data = path.read_bytes()
    try:
        return Manifest.from_row(json.loads(data))
    except (ValueError, TypeError, KeyError) as error:
        raise SaysoError(
            f"{path} is not the manifest of a run ({error}). Restore it, or remove its folder."
        ) from error


def manifest_bytes(manifest: Manifest) -> bytes:
    """A manifest as it reads well in git: a line a field, in order."""
    text = json.dumps(manifest.row(), ensure_ascii=False, indent=2, sort_keys=True)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def read_run(project_folder: Path, name: str) -> Run:
    """Read one run, by its id or the beginning of it; `latest` is the newest that is finished.

    Raises:
        NotFound: there is none, or several begin so.
        SaysoError: it cannot be read, or its results are not those that it was finished with.
    """
    return open_run(project_folder, _named(runs_of(project_folder), name))


def open_run(project_folder: Path, manifest: Manifest) -> Run:
    """Read the run of a manifest, for who has that already.

    Raises:
        SaysoError: it cannot be read, or its results are not those that it was finished with.
    """
    folder = run_folder(project_folder) / manifest.run_id
    prompt = folder / PROMPT
    path = checked_results(folder, manifest) if manifest.finished_at else folder / UNFINISHED
    with reachable(folder, doing="read"):
        # Between its manifest and its first answer a run has no file of these.
        data = path.read_bytes() if manifest.finished_at or path.exists() else b""
        text = prompt.read_text(encoding="utf-8") if manifest.prompt else None
    return Run(manifest, read_results(data, source=path), text, folder)


def checked_results(folder: Path, manifest: Manifest) -> Path:
    """Return where the results of a finished run are, once it is certain that they are its own.

    Raises:
        SaysoError: they cannot be read, or somebody changed them.
    """
    path = folder / RESULTS
    with reachable(path, doing="read"), path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != manifest.results_sha256:
        raise SaysoError(
            f"{path} was changed after the run. Runs are never edited: restore the file, or run it again."
        )
    return path


def _named(found: list[Manifest], name: str) -> Manifest:
    finished = [one for one in found if one.finished_at]
    if name == "latest" and finished:
        return finished[-1]
    named = [one for one in found if one.run_id == name] or [
        one for one in found if one.run_id.startswith(name)
    ]
    if len(named) == 1:
        return named[0]
    if named:
        raise NotFound(
            f"{name!r} begins the ids of {len(named)} runs. Write more of it; list them: sayso eval list"
        )
    raise NotFound(f"There is no run {name!r}. List those that there are: sayso eval list")


def read_results(data: bytes, *, source: Path) -> tuple[Result, ...]:
    """Read lines of results, ordered by case and sample; a last line that is not whole was never finished.

    Raises:
        SaysoError: a line is none.
    """
    whole = data[: data.rfind(b"\n") + 1]
    try:
        found = [Result.from_row(row) for row in decode_lines(whole, source=source)]
    except (ValueError, TypeError, KeyError) as error:
        raise SaysoError(
            f"{source} holds a line that is no result of a run ({error}). Restore the file."
        ) from error
    return tuple(sorted(found, key=lambda result: (result.case_id, result.sample)))


def results_bytes(results: Iterable[Result]) -> bytes:
    """The results as results.jsonl holds them: the same results are the same bytes."""
    return encode_lines(result.row() for result in results)
