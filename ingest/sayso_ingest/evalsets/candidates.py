"""Cases on their way into a set: FOLDER/mining/NAME/candidates.jsonl, each proposed, reviewed or promoted."""

from __future__ import annotations

import dataclasses
import fcntl
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sayso_ingest.errors import NotFound, SaysoError, UsageError
from sayso_ingest.evalsets.case import EvalCase
from sayso_ingest.evalsets.files import (
    checked_name,
    decode_lines,
    encode_lines,
    reachable,
    replace_durably,
    stamp,
)
from sayso_ingest.evalsets.version import Version, latest, promote
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
    with reachable(path, doing="read"):
        if not path.exists():
            return []
        data = path.read_bytes()
    return [_read_back(row, path) for row in decode_lines(data, source=path)]


def _read_back(row: dict[str, JSON], path: Path) -> Proposal:
    try:
        return Proposal(EvalCase.from_row(row["case"]), State(row["state"]), row["changed_at"], row["note"])
    except (SaysoError, KeyError, TypeError, ValueError) as error:
        raise SaysoError(
            f"{path} holds a line that is no candidate ({error}). Restore the file, or remove it and mine again."
        ) from error


def propose(
    folder: Path, name: str, cases: Sequence[EvalCase], *, now: datetime | None = None
) -> list[Proposal]:
    """Add cases as candidates and return the new ones; a question that is known keeps its state."""
    with _locked(folder, name):
        known = proposals(folder, name)
        seen = {proposal.case.case_id for proposal in known}
        new = {case.case_id: case for case in cases if case.case_id not in seen}
        added = [Proposal(case, State.CANDIDATE, stamp(now)) for case in new.values()]
        _write(folder, name, [*known, *added])
    return added


def review_candidates(
    folder: Path, name: str, case_ids: Sequence[str], *, note: str = "", now: datetime | None = None
) -> list[Proposal]:
    """Mark candidates as reviewed, with what there is to say about them, and return them.

    A case id may be cut short, as long as it fits one candidate only.

    Raises:
        NotFound: an id fits no candidate.
        UsageError: it fits several, or a candidate is promoted already.
    """
    with _locked(folder, name):
        known = proposals(folder, name)
        chosen = {_named(known, case_id).case.case_id for case_id in case_ids}
        further = sorted(p.case.case_id for p in _among(known, chosen) if p.state == State.PROMOTED)
        if further:
            raise UsageError(f"Already promoted: {', '.join(further)}. Review the ones that wait.")
        every = _moved(known, chosen, to=State.REVIEWED, note=note, now=now)
        _write(folder, name, every)
    return _among(every, chosen)


def promote_candidates(
    folder: Path,
    name: str,
    case_ids: Sequence[str] | None = None,
    *,
    leave_out: Sequence[str] = (),
    note: str = "",
    now: datetime | None = None,
) -> Version:
    """Make the next version of a set from these candidates (None: all that wait), and mark them as promoted.

    The version is written first. Where a crash came before the marks, the next promotion makes up for it:
    a candidate that is in the set already is only marked. A case id may be cut short, as in a review.

    Raises:
        NotFound: an id fits no waiting candidate.
        UsageError: it fits several, or nothing waits.
        SaysoError: somebody wrote the same version by another way meanwhile.
    """
    with _locked(folder, name):
        known = proposals(folder, name)
        waiting = [proposal for proposal in known if proposal.state != State.PROMOTED]
        chosen = waiting if case_ids is None else [_named(waiting, case_id) for case_id in case_ids]
        left = {_named(waiting, case_id).case.case_id for case_id in leave_out}
        wanted = [proposal.case for proposal in chosen if proposal.case.case_id not in left]
        version = latest(folder, name)
        in_set = {case.case_id for case in version.cases} if version else set()
        new = [case for case in wanted if case.case_id not in in_set]
        if new or not wanted or version is None:
            version = promote(folder, name, new, note=note, now=now)
        arrived = {p.case.case_id for p in waiting} & {case.case_id for case in version.cases}
        _write(folder, name, _moved(known, arrived, to=State.PROMOTED, note=note, now=now))
    return version


def _named(found: Sequence[Proposal], case_id: str) -> Proposal:
    """The one candidate whose id starts so."""
    matches = [proposal for proposal in found if proposal.case.case_id.startswith(case_id)]
    if not matches:
        raise NotFound(
            f"{case_id} is not the id of a candidate that waits. `sayso evalset candidates` lists them."
        )
    if len(matches) > 1:
        raise UsageError(f"{case_id} fits several candidates. `sayso evalset candidates` lists them.")
    return matches[0]


def _among(found: Sequence[Proposal], case_ids: Collection[str]) -> list[Proposal]:
    return [proposal for proposal in found if proposal.case.case_id in case_ids]


def _moved(
    known: Sequence[Proposal], case_ids: Collection[str], *, to: State, note: str, now: datetime | None
) -> list[Proposal]:
    """All candidates, these ones further; a new note takes the place of the old one."""
    return [
        dataclasses.replace(proposal, state=to, changed_at=stamp(now), note=note or proposal.note)
        if proposal.case.case_id in case_ids
        else proposal
        for proposal in known
    ]


def _path(folder: Path, name: str) -> Path:
    return folder / "mining" / checked_name(name) / FILE


def _write(folder: Path, name: str, every: Sequence[Proposal]) -> None:
    replace_durably(_path(folder, name), encode_lines(proposal.row() for proposal in every))


@contextmanager
def _locked(folder: Path, name: str) -> Iterator[None]:
    """One writer at a time; the kernel lets go of the lock when the process ends."""
    home = _path(folder, name).parent
    with reachable(home, doing="written"):
        home.mkdir(parents=True, exist_ok=True)
        handle = os.open(home / ".lock", os.O_CREAT | os.O_RDWR, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
