"""What moves a set to its next version, and marks the candidates accordingly.

The version is written first. Where a crash came before the marks, the next promotion makes up for it: a candidate
that is in the set already is only marked, and what is not in the set may be reviewed whatever its mark says.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.evalsets.candidates import (
    WAITING,
    Proposal,
    State,
    locked,
    marked,
    named,
    not_erased,
    proposals,
    write,
)
from sayso_ingest.evalsets.case import EvalCase
from sayso_ingest.evalsets.files import stamp
from sayso_ingest.evalsets.next_version import promote, without
from sayso_ingest.evalsets.synthetic import is_unreviewed
from sayso_ingest.evalsets.version import Version, latest


def promote_candidates(
    folder: Path,
    name: str,
    case_ids: Sequence[str] | None = None,
    *,
    leave_out: Sequence[str] = (),
    note: str = "",
    now: datetime | None = None,
) -> Version:
    """Make the next version of a set from these candidates, and mark them as promoted.

    None takes all that wait but those that a model wrote and nobody has reviewed.

    A case id may be cut short, as in a review.

    Raises:
        NotFound: an id fits no waiting candidate.
        UsageError: it fits several, or one that was declined, or nothing waits.
        SaysoError: somebody wrote the same version by another way meanwhile.
    """
    with locked(folder, name):
        known = proposals(folder, name)
        waiting = [proposal for proposal in known if proposal.state in WAITING]
        ready = [proposal for proposal in waiting if not is_unreviewed(proposal)]
        chosen = ready if case_ids is None else [_waiting(known, case_id, name) for case_id in case_ids]
        left = {_waiting(known, case_id, name).case.case_id for case_id in leave_out}
        wanted = [proposal.case for proposal in chosen if proposal.case.case_id not in left]
        version = latest(folder, name)
        in_set = {case.case_id for case in version.cases} if version else set()
        new = [case for case in wanted if case.case_id not in in_set]
        if new or not wanted or version is None:
            version = promote(folder, name, new, note=note, now=now)
        _mark_promoted(folder, name, known, version, note=note, now=now)
    return version


def add_cases(
    folder: Path, name: str, cases: Sequence[EvalCase], *, note: str = "", now: datetime | None = None
) -> Version:
    """Make the next version of a set from cases that nobody proposed; candidates of the same questions are promoted.

    Raises:
        UsageError: there are no cases, or one is there twice or in the set already.
        SaysoError: somebody wrote the same version by another way meanwhile.
    """
    with locked(folder, name):
        version = promote(folder, name, not_erased(folder, cases), note=note, now=now)
        _mark_promoted(folder, name, proposals(folder, name), version, note=note, now=now)
    return version


def retire_cases(
    folder: Path, name: str, case_ids: Sequence[str], *, reason: str, now: datetime | None = None
) -> Version:
    """Make the next version of a set without these cases; the manifest says which they are, and why.

    They are declined from then on: not proposed again, and back when somebody reviews and promotes them.
    A case id may be cut short.

    Raises:
        NotFound: there is no such set, or it has no such case.
        UsageError: an id fits several cases, no reason is given, or no case would be left.
        SaysoError: somebody wrote the same version by another way meanwhile.
    """
    with locked(folder, name):
        before = latest(folder, name)
        version = without(folder, name, case_ids, reason=reason, now=now)
        gone = {one.case_id for one in version.retired}
        known = proposals(folder, name)
        there = {proposal.case.case_id for proposal in known}
        added = [
            Proposal(case, State.DECLINED, stamp(now))
            for case in (before.cases if before else ())
            if case.case_id in gone - there
        ]
        write(folder, name, marked([*known, *added], gone, to=State.DECLINED, note=reason.strip(), now=now))
    return version


def _mark_promoted(
    folder: Path, name: str, known: Sequence[Proposal], version: Version, *, note: str, now: datetime | None
) -> None:
    """Mark what is in the set now and was not marked so; no file is made where nobody proposed anything."""
    in_set = {case.case_id for case in version.cases}
    arrived = {p.case.case_id for p in known if p.state != State.PROMOTED} & in_set
    if arrived:
        write(folder, name, marked(known, arrived, to=State.PROMOTED, note=note, now=now))


def _waiting(known: Sequence[Proposal], case_id: str, name: str) -> Proposal:
    """The one waiting candidate whose id starts so."""
    try:
        return named([proposal for proposal in known if proposal.state in WAITING], case_id)
    except NotFound:
        if any(p.state == State.DECLINED and p.case.case_id.startswith(case_id) for p in known):
            raise UsageError(
                f"{case_id} was declined. If you want it after all: sayso evalset review {name} {case_id}"
            ) from None
        raise
