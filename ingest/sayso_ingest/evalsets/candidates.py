"""Cases on their way into a set: FOLDER/mining/NAME/candidates.jsonl, each proposed, reviewed or promoted."""

from __future__ import annotations

import dataclasses
import fcntl
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.evalsets.case import EvalCase
from sayso_ingest.evalsets.files import checked_name, decode_lines, encode_lines, sync_folder, write_durably
from sayso_ingest.event import JSON

FILE = "candidates.jsonl"


class State(StrEnum):
    """How far a candidate is. It only moves forward."""

    CANDIDATE = "candidate"
    REVIEWED = "reviewed"
    PROMOTED = "promoted"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A case, how far it is, since when, and what the reviewer said."""

    case: EvalCase
    state: State
    changed_at: str
    note: str = ""

    def row(self) -> dict[str, JSON]:
        """The proposal as plain values: a line of the file."""
        return {
            "state": self.state,
            "changed_at": self.changed_at,
            "note": self.note,
            "case": self.case.row(),
        }


def proposals(folder: Path, name: str) -> list[Proposal]:
    """Every candidate of a set, in the order in which they were proposed; none if nobody mined for it."""
    path = _path(folder, name)
    if not path.exists():
        return []
    return [
        Proposal(EvalCase.from_row(row["case"]), State(row["state"]), row["changed_at"], row["note"])
        for row in decode_lines(path.read_bytes(), source=path)
    ]


def propose(
    folder: Path, name: str, cases: Sequence[EvalCase], *, now: datetime | None = None
) -> list[Proposal]:
    """Add cases as candidates and return the new ones; a question that is known keeps its state."""
    with _locked(folder, name):
        known = proposals(folder, name)
        seen = {proposal.case.case_id for proposal in known}
        new = {case.case_id: case for case in cases if case.case_id not in seen}
        added = [Proposal(case, State.CANDIDATE, _stamp(now)) for case in new.values()]
        _write(folder, name, [*known, *added])
    return added


def advance(
    folder: Path,
    name: str,
    case_ids: Collection[str],
    *,
    to: State,
    now: datetime | None = None,
    note: str = "",
) -> list[Proposal]:
    """Move candidates forward to `reviewed` or `promoted` and return them.

    Raises:
        NotFound: an id is not among the candidates.
        UsageError: a candidate is further already.
    """
    order = list(State)
    with _locked(folder, name):
        known = {proposal.case.case_id: proposal for proposal in proposals(folder, name)}
        missing = sorted(set(case_ids) - known.keys())
        if missing:
            raise NotFound(
                f"Not among the candidates of {name!r}: {', '.join(missing)}. List them to see their ids."
            )
        back = [case_id for case_id in case_ids if order.index(known[case_id].state) > order.index(to)]
        if back:
            raise UsageError(
                f"Already {known[back[0]].state}, so it cannot become {to}: {', '.join(sorted(back))}."
            )
        for case_id in case_ids:
            known[case_id] = dataclasses.replace(
                known[case_id], state=to, changed_at=_stamp(now), note=note or known[case_id].note
            )
        _write(folder, name, list(known.values()))
    return [known[case_id] for case_id in case_ids]


def _path(folder: Path, name: str) -> Path:
    return folder / "mining" / checked_name(name) / FILE


def _stamp(now: datetime | None) -> str:
    return (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _write(folder: Path, name: str, every: Sequence[Proposal]) -> None:
    path = _path(folder, name)
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    write_durably(draft, encode_lines(proposal.row() for proposal in every))
    draft.replace(path)
    sync_folder(path.parent)


@contextmanager
def _locked(folder: Path, name: str) -> Iterator[None]:
    """One writer at a time; the kernel lets go of the lock when the process ends."""
    home = _path(folder, name).parent
    home.mkdir(parents=True, exist_ok=True)
    handle = os.open(home / ".lock", os.O_CREAT | os.O_RDWR, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
