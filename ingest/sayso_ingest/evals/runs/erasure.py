"""Erasing out of runs: what was answered to cases that are erased, and whatever else quotes somebody.

A result keeps its scores, and the run its counts. The id of such a case is a hash of what was asked: in its place comes
one that says nothing, the same in all runs, so that they can be compared as before.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import uuid4

from sayso_ingest import locks
from sayso_ingest.durable import sync
from sayso_ingest.errors import SaysoError
from sayso_ingest.evals.runs.folder import (
    ACCOUNT,
    LOCK,
    MANIFEST,
    RESULTS,
    UNFINISHED,
    manifest_bytes,
    read_manifest,
    run_folders,
)
from sayso_ingest.evals.runs.manifest import Manifest, RanSet
from sayso_ingest.evalsets import TOMBSTONE, encode_lines, kept_cases, replace_durably
from sayso_ingest.event import JSON

Row = dict[str, JSON]
_SHORT = 12
"""Characters of the id of a case by which an account may name it."""


@dataclass(frozen=True)
class Erasing:
    """What goes out of the runs of a project."""

    quotes: Callable[[bytes], bool]
    """Says whether a text quotes or names them."""
    cases: Mapping[str, Set[str]] = field(default_factory=dict)
    """By the name of a set the ids of the cases that will go from it; those that have gone are known."""
    _ids: dict[str, str] = field(default_factory=dict)

    def id_for(self, case_id: str) -> str:
        """What the id of an erased case becomes."""
        return self._ids.setdefault(case_id, f"{TOMBSTONE}-{uuid4().hex[:_SHORT]}")


@dataclass
class ErasedResults:
    """How many results went out of which run, and the runs that another process carries out and holds."""

    results: dict[str, int] = field(default_factory=dict)
    held: list[str] = field(default_factory=list)


def held_runs(project_folder: Path) -> list[str]:
    """The ids of the runs that some process carries out at this moment."""
    return [folder.name for folder in run_folders(project_folder) if not _is_free(folder)]


def erase_results(project_folder: Path, erasing: Erasing) -> ErasedResults:
    """Take out of every run what is somebody's. One that is killed is run again, and goes on.

    Raises:
        OSError, SaysoError: a file cannot be changed.
    """
    erased, cases = ErasedResults(), _Cases(project_folder, erasing)
    for folder in run_folders(project_folder):
        with _alone(folder) as is_alone:
            if not is_alone:
                erased.held.append(folder.name)
            elif (run := _Run.at(folder, erasing, cases)) and (count := run.erase()):
                erased.results[folder.name] = count
    return erased


def count_results(project_folder: Path, erasing: Erasing) -> dict[str, int]:
    """Say by run what `erase_results` would take out; nothing is changed."""
    cases = _Cases(project_folder, erasing)
    runs = (_Run.at(folder, erasing, cases) for folder in run_folders(project_folder))
    return {run.manifest.run_id: count for run in runs if run and (count := run.count())}


class _Cases:
    """Tells which cases are erased, or will be."""

    def __init__(self, project_folder: Path, erasing: Erasing) -> None:
        self._folder = project_folder
        self._going = erasing.cases
        self._kept: dict[tuple[str, int], Set[str] | None] = {}

    def test(self, ran: RanSet) -> Callable[[str], bool]:
        """Tell it of the cases of a run: versions never change, so what one lacks that it was run with was erased."""
        key = ran.name, ran.version
        if key not in self._kept:
            self._kept[key] = kept_cases(self._folder, *key)
        kept, going = self._kept[key], self._going.get(ran.name, frozenset())
        return lambda case_id: case_id in going or (kept is not None and case_id not in kept)


@dataclass(frozen=True)
class _Run:
    """The files of a run, a line at a time: it may have more answers than memory takes."""

    folder: Path
    manifest: Manifest
    erasing: Erasing
    is_gone: Callable[[str], bool]

    @classmethod
    def at(cls, folder: Path, erasing: Erasing, cases: _Cases) -> _Run | None:
        """Read what the run was made of; None where that is no manifest, so that nothing is known of its results."""
        try:
            manifest = read_manifest(folder)
        except SaysoError:
            return None
        return cls(folder, manifest, erasing, cases.test(manifest.set))

    @property
    def path(self) -> Path:
        return self.folder / (RESULTS if self.manifest.finished_at else UNFINISHED)

    def count(self) -> int:
        """How many results would change."""
        return sum(line != cleaned for line, cleaned in self._lines())

    def erase(self) -> int:
        """Change them, and what else quotes them; say how many."""
        for left in self._left_by_a_kill():
            left.unlink()
        count = self.count()
        self._erase_account()
        if count:
            draft, sha256, erased = self._draft()
            finished = bool(self.manifest.finished_at)
            manifest = replace(self.manifest, erased=erased, results_sha256=sha256 if finished else None)
            # First: until the results have their place, they are found to be erased still.
            replace_durably(self.folder / MANIFEST, manifest_bytes(manifest))
            draft.replace(self.path)
            sync(self.folder)
        return count

    def _left_by_a_kill(self) -> Iterator[Path]:
        """What whoever was killed had not yet put into place, or taken away."""
        yield from self.folder.glob("*.draft")
        if self.manifest.finished_at and (unfinished := self.folder / UNFINISHED).exists():
            yield unfinished

    def _erase_account(self) -> None:
        path = self.folder / ACCOUNT
        if path.exists() and self._is_told_in(path.read_bytes()):
            text = (
                f"# {self.manifest.run_id}\n\nWhat stood here named what was erased. Figures: {MANIFEST}.\n"
            )
            replace_durably(path, text.encode())

    def _is_told_in(self, account: bytes) -> bool:
        return self.erasing.quotes(account) or any(
            row["case_id"][:_SHORT].encode() in account
            for row in map(_row_of, self._file())
            if row and self._is_erased(row)
        )

    def _draft(self) -> tuple[Path, str, int]:
        """Write the results as they will be, those of erased cases last: their place told of the id that they had."""
        path, digest, erased = self.path.with_suffix(".draft"), hashlib.sha256(), 0
        last: list[Row] = []
        with path.open("xb") as file:

            def write(line: bytes) -> None:
                digest.update(line)
                file.write(line)

            for _, cleaned in self._lines():
                row = _row_of(cleaned)
                erased += row is not None and row["output"] is None
                if row and row["case_id"].startswith(TOMBSTONE):
                    last.append(row)
                else:
                    write(cleaned)
            write(encode_lines(sorted(last, key=lambda row: (row["case_id"], row["sample"]))))
            file.flush()
            os.fsync(file.fileno())
        return path, digest.hexdigest(), erased

    def _file(self) -> Iterator[bytes]:
        if self.path.exists():
            with self.path.open("rb") as file:
                yield from file

    def _lines(self) -> Iterator[tuple[bytes, bytes]]:
        """Each line, and what becomes of it; one that is broken, and may be somebody's, becomes nothing."""
        for line in self._file():
            row = _row_of(line)
            if row is None:
                yield line, b"" if self.erasing.quotes(line) else line
            else:
                cleaned = self._cleaned(row)
                yield line, line if cleaned == row else encode_lines([cleaned])

    def _cleaned(self, row: Row) -> Row:
        without = {**row, "output": None, "why": None, "problem": ""}
        if self._is_erased(row):
            return {**without, "case_id": self.erasing.id_for(row["case_id"])}
        said = (row.get(name) or "" for name in ("output", "why", "problem"))
        quotes = any(self.erasing.quotes(text.encode("utf-8", "backslashreplace")) for text in said)
        return without if quotes else row

    def _is_erased(self, row: Row) -> bool:
        return not row["case_id"].startswith(TOMBSTONE) and self.is_gone(row["case_id"])


def _row_of(line: bytes) -> Row | None:
    """The result in a line; None where there is none."""
    try:
        row = json.loads(line)
    except ValueError:
        return None
    whole = isinstance(row, dict) and isinstance(row.get("case_id"), str) and "output" in row
    return row if whole else None


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Keep whoever carries a run out from beginning to; say whether nobody does."""
    path = folder / LOCK
    if not path.exists():
        yield True
        return
    with path.open("ab") as lock:
        yield locks.take(lock.fileno())


def _is_free(folder: Path) -> bool:
    with _alone(folder) as is_alone:
        return is_alone
