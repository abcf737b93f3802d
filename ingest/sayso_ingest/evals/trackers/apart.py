"""Trackers in a process of their own, so that nothing of theirs gets into ours.

Their packages print, report to their makers, start threads and services, and hook into imports and the end of a
process. Here they are told not to, and what they do all the same ends with their process.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sayso_ingest.errors import MissingExtra, SaysoError, UsageError
from sayso_ingest.evals.runs import Run
from sayso_ingest.evals.trackers.figures import logged
from sayso_ingest.evals.trackers.tracker import Logged
from sayso_ingest.evalsets import EvalCase
from sayso_ingest.excerpt import one_line

PROGRAM = "sayso_ingest.evals.trackers"
LONGEST = 300.0
"""Seconds after which a tracker is given up."""
TOLD = 400
"""Characters of what a package says that an error repeats."""
_READ = 4096
"""Bytes of the end of what it said that are read for them."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A tracker that there is: the module that talks to it, and what to install for it."""

    name: str
    title: str
    module: str
    package: str
    distribution: str


TRACKERS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind("mlflow", "MLflow", f"{PROGRAM}.mlflow", "mlflow", "mlflow-skinny"),
        Kind("wandb", "W&B", f"{PROGRAM}.wandb", "wandb", "wandb"),
        Kind("comet", "Comet", f"{PROGRAM}.comet", "comet_ml", "comet-ml"),
    )
}
"""By the name of each, which is that of its extra too."""


def track(run: Run, name: str, *, cases: Iterable[EvalCase] = ()) -> str:
    """Log a finished run with the tracker of this name, and return where it can be seen.

    With `cases`, those of the set, the table has questions and expected answers as well.

    Raises:
        UsageError: there is no such tracker, or the run is not finished.
        MissingExtra: the tracker's package is not installed.
        SaysoError: the tracker is away, or does not take it; the run is kept, and can be tracked later.
    """
    if name not in TRACKERS:
        raise UsageError(f"There is no tracker {name!r}. Those that there are: {', '.join(TRACKERS)}.")
    return Apart(TRACKERS[name]).log(logged(run, cases))


class Apart:
    """A tracker behind a process that lives for one run."""

    def __init__(self, kind: Kind, *, python: str | Path = sys.executable, seconds: float = LONGEST) -> None:
        self._kind: Final = kind
        self._command: Final = (str(python), "-P", "-m", PROGRAM, kind.module)
        self._seconds: Final = seconds

    def log(self, logged: Logged) -> str:
        """Log a run, and return where it can be seen.

        Raises:
            MissingExtra: the tracker's package is not installed.
            SaysoError: the tracker is away, or does not take it; the run is kept.
        """
        said = self._ask(json.dumps(logged.row()), logged.run_id)
        if "seen" in said:
            return str(said["seen"])
        if said.get("missing") == self._kind.package:
            raise MissingExtra(self._kind.distribution, self._kind.name)
        raise self._failed(logged.run_id, said.get("problem") or f"its package needs {said.get('missing')}")

    def _ask(self, request: str, run_id: str) -> dict[str, Any]:
        # Not a pipe: whatever a package leaves behind would hold it open, and us with it.
        with tempfile.TemporaryFile() as noise:
            try:
                done = subprocess.run(
                    self._command,
                    input=request.encode(),
                    stdout=subprocess.PIPE,
                    stderr=noise,
                    timeout=self._seconds,
                    check=False,
                )
            except subprocess.TimeoutExpired as error:
                raise self._failed(run_id, f"nothing came of it within {self._seconds:g} s") from error
            try:
                said: dict[str, Any] = json.loads(done.stdout)
                return said
            except ValueError as error:
                raise self._failed(run_id, _end_of(noise)) from error

    def _failed(self, run_id: str, why: str) -> SaysoError:
        return SaysoError(
            f"{self._kind.title} has not taken {run_id}: {one_line(why, TOLD).rstrip('.')}. The run is kept. Once that "
            f"is put right: sayso eval track {run_id} --with {self._kind.name}"
        )


def _end_of(noise: Any) -> str:
    """The last line of what a process said before it ended without an answer."""
    noise.seek(0, 2)
    noise.seek(max(0, noise.tell() - _READ))
    lines = noise.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "its process ended without a word"
