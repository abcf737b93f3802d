"""Cases on their way into a set: FOLDER/mining/NAME/candidates.jsonl, each proposed, reviewed, declined or promoted.

What moves a set to its next version, and marks the candidates accordingly, is in `changes`.
"""

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

from sayso_ingest.erased_ids import erased_in
from sayso_ingest.errors import NotFound, SaysoError, UsageError
from sayso_ingest.evalsets.case import EvalCase
from sayso_ingest.evalsets.files import (
    checked_name,
    decode_lines,
    encode_lines,
    is_name,
    reachable,
    replace_durably,
    stamp,
)
from sayso_ingest.evalsets.version import latest, set_names
from sayso_ingest.event import JSON

FILE = "candidates.jsonl"


class State(StrEnum):
    """How far a candidate is. What is declined, or was promoted and retired, may be reviewed again."""

    CANDIDATE = "candidate"
    REVIEWED = "reviewed"
    DECLINED = "declined"
    PROMOTED = "promoted"


WAITING = frozenset({State.CANDIDATE, State.REVIEWED})
"""What a promotion of all takes."""


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


def known_names(folder: Path) -> list[str]:
    """The names of the sets of a project that have a version or candidates."""
    proposed = (path.parent.name for path in (folder / "mining").glob(f"*/{FILE}"))
    return sorted({*set_names(folder), *filter(is_name, proposed)})


def proposals(folder: Path, name: str) -> list[Proposal]:
    """Every candidate of a set, in the order in which they were proposed; none if nobody mined for it."""
    path = _path(folder, name)
    with reachable(path, doing="read"):
        if not path.exists():
            return []
        data = path.read_bytes()
    return [_read_back(row, path) for row in decode_lines(data, source=path)]


def declined_cases(folder: Path, name: str) -> list[EvalCase]:
    """What was proposed for a set and declined, or was in it and retired: nobody wants to be asked again."""
    return [one.case for one in proposals(folder, name) if one.state == State.DECLINED]


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
    """Add cases as candidates and return the new ones; a question that is known keeps its state.

    What was erased since its cases were read, which may be long ago, is not added.
    """
    with locked(folder, name):
        known = proposals(folder, name)
        seen = {proposal.case.case_id for proposal in known}
        new = {case.case_id: case for case in not_erased(folder, cases) if case.case_id not in seen}
        added = [Proposal(case, State.CANDIDATE, stamp(now)) for case in new.values()]
        write(folder, name, [*known, *added])
    return added


def not_erased(folder: Path, cases: Sequence[EvalCase]) -> list[EvalCase]:
    """The cases that rest on no event that was erased; whoever writes them holds the lock since then."""
    erased = erased_in(folder)
    return [case for case in cases if erased.isdisjoint(one.lower() for one in case.provenance.event_ids)]


def review_candidates(
    folder: Path, name: str, case_ids: Sequence[str], *, note: str = "", now: datetime | None = None
) -> list[Proposal]:
    """Mark candidates as reviewed, with what there is to say about them, and return them.

    A case id may be cut short, as long as it fits one candidate only. A declined one waits again from then on.

    Raises:
        NotFound: an id fits no candidate.
        UsageError: it fits several, or its case is in the set already.
    """
    return _decided(folder, name, case_ids, to=State.REVIEWED, note=note, now=now)


def decline_candidates(
    folder: Path, name: str, case_ids: Sequence[str], *, note: str = "", now: datetime | None = None
) -> list[Proposal]:
    """Set candidates aside, with why, and return them: they are not proposed again, nor promoted with all others.

    Raises:
        NotFound: an id fits no candidate.
        UsageError: it fits several, or its case is in the set already.
    """
    return _decided(folder, name, case_ids, to=State.DECLINED, note=note, now=now)


def _decided(
    folder: Path, name: str, case_ids: Sequence[str], *, to: State, note: str, now: datetime | None
) -> list[Proposal]:
    with locked(folder, name):
        known = proposals(folder, name)
        chosen = {named(known, case_id).case.case_id for case_id in case_ids}
        version = latest(folder, name)
        in_set = sorted(case.case_id for case in version.cases if case.case_id in chosen) if version else []
        if version and in_set:
            raise UsageError(
                f"Already promoted, and in {name} v{version.number}: {', '.join(in_set)}. "
                f"Take a case out with: sayso evalset retire {name} CASE"
            )
        every = marked(known, chosen, to=to, note=note, now=now)
        write(folder, name, every)
    return [proposal for proposal in every if proposal.case.case_id in chosen]


def named(found: Sequence[Proposal], case_id: str) -> Proposal:
    """The one candidate whose id starts so.

    Raises:
        NotFound: there is none.
        UsageError: it fits several.
    """
    matches = [proposal for proposal in found if proposal.case.case_id.startswith(case_id)]
    if not matches:
        raise NotFound(
            f"{case_id} is not the id of a candidate that waits. `sayso evalset candidates` lists them."
        )
    if len(matches) > 1:
        raise UsageError(f"{case_id} fits several candidates. `sayso evalset candidates` lists them.")
    return matches[0]


def marked(
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


def write(folder: Path, name: str, every: Sequence[Proposal]) -> None:
    """Keep all candidates of a set; whoever does holds the lock since they were read."""
    replace_durably(_path(folder, name), encode_lines(proposal.row() for proposal in every))


@contextmanager
def locked(folder: Path, name: str) -> Iterator[None]:
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
