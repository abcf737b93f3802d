"""The team's word on problems: who owns one, what became of it, and in which version it is fixed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sayso_ingest.console import audit
from sayso_ingest.console.identity import Identity
from sayso_ingest.console.state import State, iso
from sayso_ingest.errors import UsageError


class Status(StrEnum):
    """What became of a problem, as far as the team says."""

    OPEN = "open"
    DOING = "doing"
    FIXED = "fixed"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Problem:
    """What the team says of a problem; of most it says nothing."""

    problem_id: str
    title: str
    owner: str = ""
    status: Status = Status.OPEN
    fixed_in: str = ""
    fixed_at: datetime | None = None
    changed_at: datetime | None = None
    changed_by: str = ""


def problem_id_of(source: str, what: str) -> str:
    """The id of what is said by one sort of feedback: the same each time, and fit for an address."""
    return hashlib.sha256(f"{source}\n{what}".encode("utf-8", "replace")).hexdigest()[:12]


def known_problems(state: State) -> dict[str, Problem]:
    """Every problem of which the team has said something, by its id."""
    return {row["problem_id"]: _read_back(row) for row in state.read("problems")}


def change(
    state: State,
    before: Problem,
    who: Identity,
    *,
    title: str,
    owner: str,
    status: str,
    fixed_in: str,
    now: datetime,
) -> Problem:
    """Say something of a problem, and write down who did.

    Raises:
        UsageError: there is no such status, or a fix without its version, or a text is too long.
    """
    if status not in tuple(Status):
        raise UsageError(f"There is no status {status!r}. There are: {', '.join(Status)}.")
    if status == Status.FIXED and not fixed_in:
        raise UsageError(
            "Say in which version it is fixed: then it opens again by itself when it is heard there."
        )
    if max(len(title), len(owner), len(fixed_in)) > 200 or not title:
        raise UsageError("A title has 1 to 200 characters, and an owner and a version have no more.")
    fixed = status == Status.FIXED
    after = Problem(
        before.problem_id,
        title,
        owner,
        Status(status),
        fixed_in if fixed else "",
        now.replace(tzinfo=None) if fixed else None,
        now.replace(tzinfo=None),
        who.name,
    )
    with state.writing() as writing:
        writing.run(
            "change_problem",
            problem_id=after.problem_id,
            title=title,
            owner=owner,
            status=status,
            fixed_in=after.fixed_in,
            fixed_at=iso(now) if fixed else None,
            changed_at=iso(now),
            changed_by=who.name,
        )
        for said in _changes(before, after):
            audit.record(writing, who, said, after.problem_id, now=now)
    return after


def _changes(before: Problem, after: Problem) -> list[str]:
    """What is new, in words for the record."""
    said = []
    if after.status != before.status or after.fixed_in != before.fixed_in:
        said.append(
            f"fixed in {after.fixed_in}" if after.status == Status.FIXED else f"set to {after.status}"
        )
    if after.owner != before.owner:
        said.append(f"gave to {after.owner}" if after.owner else "gave to nobody")
    if after.title != before.title:
        said.append("named anew")
    return said or ["confirmed"]


def _read_back(row: dict[str, str]) -> Problem:
    return Problem(
        row["problem_id"],
        row["title"],
        row["owner"],
        Status(row["status"]),
        row["fixed_in"],
        datetime.fromisoformat(row["fixed_at"]) if row["fixed_at"] else None,
        datetime.fromisoformat(row["changed_at"]),
        row["changed_by"],
    )
