"""A run that goes on: what is answered is on disk at once, and the same run is found again after whatever ended it."""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

from sayso_ingest import __version__, locks
from sayso_ingest.durable import sync
from sayso_ingest.errors import Busy
from sayso_ingest.evals.runs.account import account_of, totals_of
from sayso_ingest.evals.runs.folder import (
    ACCOUNT,
    LOCK,
    MANIFEST,
    PROMPT,
    RESULTS,
    UNFINISHED,
    manifest_bytes,
    read_results,
    read_run,
    results_bytes,
    run_folder,
    runs_of,
)
from sayso_ingest.evals.runs.manifest import Manifest
from sayso_ingest.evals.runs.plan import Plan, ran_prompt
from sayso_ingest.evals.runs.result import Result
from sayso_ingest.evals.runs.run import Run
from sayso_ingest.evals.runs.summary import summarise
from sayso_ingest.evalsets import encode_lines, reachable, replace_durably, stamp


class Draft:
    """The folder of a run that is not finished; several threads may add to it."""

    def __init__(
        self, project_folder: Path, manifest: Manifest, file: IO[bytes], known: Iterable[Result]
    ) -> None:
        """Use `open_draft`."""
        self._project_folder: Final = project_folder
        self.manifest: Final = manifest
        self._file: Final = file
        self._lock: Final = threading.Lock()
        self._known: Final = {(result.case_id, result.sample): result for result in known}

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return run_folder(self._project_folder) / self.manifest.run_id

    @property
    def known(self) -> Mapping[tuple[str, int], Result]:
        """What is there, by case and sample."""
        return self._known

    def add(self, result: Result) -> None:
        """Keep a result: it is there after the end of this process, however that comes.

        Raises:
            SaysoError: it cannot be written.
        """
        with self._lock, reachable(self.folder / UNFINISHED, doing="written"):
            self._file.write(encode_lines([result.row()]))
            self._file.flush()
            self._known[result.case_id, result.sample] = result

    def finish(
        self, *, also: Iterable[Result] = (), calls: int = 0, spent: float = 0.0, now: datetime | None = None
    ) -> Run:
        """Write the results for good, with those that are held to be final though they are no answers.

        `calls` were made and `spent` was paid for it, judges and second attempts among them.

        Raises:
            SaysoError: they cannot be written; what is there stays, and the same run goes on.
        """
        results = sorted([*self._known.values(), *also], key=lambda result: (result.case_id, result.sample))
        data, summary = results_bytes(results), summarise(results)
        finished = dataclasses.replace(
            self.manifest,
            finished_at=stamp(now),
            totals=totals_of(summary, results, calls=calls, spent=spent),
            results_sha256=hashlib.sha256(data).hexdigest(),
        )
        account = account_of(finished, summary)
        replace_durably(self.folder / RESULTS, data)
        replace_durably(self.folder / ACCOUNT, account.encode("utf-8", "backslashreplace"))
        replace_durably(self.folder / MANIFEST, manifest_bytes(finished))
        with reachable(self.folder, doing="written"):
            (self.folder / UNFINISHED).unlink()
            (self.folder / LOCK).unlink()
        return read_run(self._project_folder, self.manifest.run_id)


@contextmanager
def open_draft(project_folder: Path, plan: Plan, *, now: datetime | None = None) -> Iterator[Draft]:
    """Go on with the unfinished run of a plan, or begin one.

    Raises:
        Busy: another process carries it out.
        SaysoError: its folder cannot be written, or what is in it cannot be read.
    """
    manifest = _unfinished(project_folder, plan) or _begun(project_folder, plan, now)
    folder = run_folder(project_folder) / manifest.run_id
    with reachable(folder, doing="written"), (folder / LOCK).open("ab") as lock:
        if not locks.take(lock.fileno()):
            raise Busy(f"{folder} is being carried out by another process. Wait for it, or end that one.")
        path = folder / UNFINISHED
        known = read_results(path.read_bytes(), source=path) if path.exists() else ()
        # What was cut off by a crash goes, so that the next line is a line of its own.
        replace_durably(path, results_bytes(known))
        with path.open("ab") as file:
            yield Draft(project_folder, manifest, file, known)


def _unfinished(project_folder: Path, plan: Plan) -> Manifest | None:
    identity = plan.identity
    found = [one for one in runs_of(project_folder) if one.identity == identity and not one.finished_at]
    return found[-1] if found else None


def _begun(project_folder: Path, plan: Plan, now: datetime | None) -> Manifest:
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    home = run_folder(project_folder)
    with reachable(home, doing="written"):
        home.mkdir(parents=True, exist_ok=True)
        folder = _new(home, f"{plan.label}-{moment:%Y%m%dT%H%M%S}")
        sync(home)
    manifest = Manifest(
        run_id=folder.name,
        identity=plan.identity,
        created_at=stamp(moment),
        finished_at=None,
        set=plan.set,
        prompt=ran_prompt(plan.prompt),
        system={"name": plan.system.name, **plan.system.settings},
        samples=plan.samples,
        seed=plan.seed,
        scorers=tuple(scorer.name for scorer in plan.scorers),
        code={"sayso": __version__},
        note=plan.note,
    )
    if plan.prompt is not None:
        replace_durably(folder / PROMPT, plan.prompt.text.encode("utf-8", "backslashreplace"))
    # Last: a folder without a manifest is none of a run.
    replace_durably(folder / MANIFEST, manifest_bytes(manifest))
    return manifest


def _new(home: Path, name: str) -> Path:
    """Make a folder that was not there."""
    for number in range(1, 1000):
        folder = home / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir()
            return folder
        except FileExistsError:
            continue
    raise Busy(f"{home / name} is there a thousand times. Wait a second, and run the same again.")
