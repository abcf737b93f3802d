"""Candidates handed to the team as a branch of a git repository, each once: what a timer does.

Which were handed over is kept in FOLDER/mining/NAME/delivered.jsonl: a branch that was thrown away is not made again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sayso_ingest.errors import SaysoError
from sayso_ingest.evalsets.candidates import WAITING, locked, not_erased, proposals
from sayso_ingest.evalsets.case import EvalCase
from sayso_ingest.evalsets.files import (
    checked_name,
    decode_lines,
    encode_lines,
    reachable,
    replace_durably,
    stamp,
)
from sayso_ingest.evalsets.repository import Repository

FILE = "delivered.jsonl"


def undelivered(folder: Path, name: str, cases: Sequence[EvalCase]) -> list[EvalCase]:
    """Those of the cases that wait for a review and are in no branch yet, in their order.

    Raises:
        SaysoError: what was kept cannot be read.
    """
    there = {str(row["case_id"]) for row in _kept(folder, name)}
    waiting = {one.case.case_id for one in proposals(folder, name) if one.state in WAITING}
    return [case for case in cases if case.case_id in waiting - there]


def deliver(
    folder: Path, name: str, cases: Sequence[EvalCase], *, into: Repository, page: str, now: datetime
) -> str:
    """Write cases, a line each, and a page about them as a branch of their own, and return its name.

    Below the repository's folder they are NAME/candidates/DATE.jsonl and .md. The branch is sayso/NAME-DATE; a number
    follows where one of that name has other candidates.

    Raises:
        SaysoError: git refuses it, one was erased meanwhile, or it cannot be kept that it was done.
    """
    with locked(folder, name):
        if len(not_erased(folder, cases)) < len(cases):
            raise SaysoError(
                f"Candidates for {name} were erased meanwhile, so there is no branch. Mine again."
            )
        branch = _branch(name, encode_lines(case.row() for case in cases), into=into, page=page, now=now)
        rows = [{"case_id": case.case_id, "branch": branch, "delivered_at": stamp(now)} for case in cases]
        replace_durably(_path(folder, name), encode_lines([*_kept(folder, name), *rows]))
    return branch


def _branch(name: str, data: bytes, *, into: Repository, page: str, now: datetime) -> str:
    number = 1
    while True:
        date = f"{now:%Y-%m-%d}" + (f"-{number}" if number > 1 else "")
        branch = f"sayso/{_as_ref(name)}-{date}"
        place = f"{name}/candidates/{date}"
        if not into.has_branch(branch):
            message = f"Propose {len(data.splitlines())} cases for {name}\n\nWhy each of them: {place}.md\n"
            files = {f"{place}.md": page.encode("utf-8", "backslashreplace"), f"{place}.jsonl": data}
            into.add_branch(branch, files, message=message, now=now)
            return branch
        if into.read(branch, f"{place}.jsonl") == data:  # made by a run that could not keep that it had
            return branch
        number += 1


def _as_ref(name: str) -> str:
    """The name of a set as part of a branch's: git takes no two dots in a row."""
    return ".".join(filter(None, name.split(".")))


def _kept(folder: Path, name: str) -> list[dict[str, object]]:
    path = _path(folder, name)
    with reachable(path, doing="read"):
        return decode_lines(path.read_bytes(), source=path) if path.exists() else []


def _path(folder: Path, name: str) -> Path:
    return folder / "mining" / checked_name(name) / FILE
