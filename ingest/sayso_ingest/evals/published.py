"""evals.duckdb: what SQL knows of eval sets and of their runs, put together of both."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from sayso_ingest.errors import SaysoError
from sayso_ingest.evals.runs.folder import checked_results, read_manifest, run_folder, run_folders
from sayso_ingest.evals.runs.manifest import Manifest
from sayso_ingest.evalsets import rows_of_sets
from sayso_ingest.event import JSON
from sayso_ingest.warehouse import EvalRows, publish_evals

_PROMPT = ("name", "version", "sha256", "commit", "dirty", "path")
_TOTALS = ("answered", "unanswered", "scored", "passed", "tokens_in", "tokens_out", "cost")
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
"""Half of a surrogate pair as lines have it, which DuckDB does not read as JSON."""


def publish(folder: Path) -> list[str]:
    """Make evals.duckdb of a project anew; return what could not be read, and is left out.

    Raises:
        WarehouseError: the file cannot be written.
    """
    problems: list[str] = []
    publish_evals(folder, lambda: _gather(folder, problems))
    return problems


def _gather(folder: Path, problems: list[str]) -> EvalRows:
    runs = _readable(folder, problems)
    return {
        **rows_of_sets(folder, problems),
        "eval_runs": (_of_run(manifest) for manifest in runs),
        "eval_results": _results(folder, runs),
    }


def _readable(folder: Path, problems: list[str]) -> list[Manifest]:
    found = []
    for path in run_folders(folder):
        try:
            manifest = read_manifest(path)
            if manifest.finished_at:
                checked_results(path, manifest)
        except SaysoError as error:
            problems.append(str(error))
            continue
        found.append(manifest)
    return found


def _of_run(manifest: Manifest) -> dict[str, JSON]:
    prompt, score = manifest.prompt, manifest.totals.get("score") or {}
    return {
        "run_id": manifest.run_id,
        "identity": manifest.identity,
        "set_name": manifest.set.name,
        "version": manifest.set.version,
        "set_sha256": manifest.set.sha256,
        "split": manifest.set.split,
        "cases": manifest.set.cases,
        **{f"prompt_{name}": getattr(prompt, name) for name in _PROMPT if prompt},
        "system_kind": manifest.system["kind"],
        "system_name": manifest.system["name"],
        "samples": manifest.samples,
        "seed": manifest.seed,
        "scorers": list(manifest.scorers),
        "created_at": manifest.created_at,
        "finished_at": manifest.finished_at,
        **{name: manifest.totals.get(name) for name in _TOTALS},
        "mean": score.get("value"),
        "low": score.get("low"),
        "high": score.get("high"),
        "code_version": manifest.code.get("sayso"),
        "erased": manifest.erased,
        "note": manifest.note,
    }


def _results(folder: Path, runs: Iterable[Manifest]) -> Iterator[bytes]:
    """The lines of all finished runs, one at a time: a run may have more answers than memory takes."""
    for manifest in runs:
        if manifest.finished_at:
            place = run_folder(folder) / manifest.run_id
            with checked_results(place, manifest).open("rb") as lines:
                yield from (_line_of(manifest.run_id, line) for line in lines if line.strip())


def _line_of(run_id: str, line: bytes) -> bytes:
    if _HALF.search(line):
        line = json.dumps(json.loads(line), ensure_ascii=False).encode("utf-8", "replace")
    return b'{"run_id": %b, %b' % (json.dumps(run_id).encode(), line.strip()[1:])
