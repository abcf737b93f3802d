"""What somebody has read: marks on single events, and a time before which all of it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sayso_ingest.console.state import State, iso

MOST = 20_000
"""Marks of one person that are kept, the newest; what is older is best marked all at once."""


@dataclass(frozen=True)
class Reading:
    """What somebody has read."""

    marks: frozenset[str]
    until: datetime | None = None

    def has(self, event_id: object, occurred_at: datetime) -> bool:
        """Say whether an event was read."""
        return str(event_id) in self.marks or (self.until is not None and occurred_at <= self.until)


def read_by(state: State, who: str) -> Reading:
    """Return what somebody has read."""
    until = state.read("read_until", who=who)
    marks = frozenset(row["event_id"] for row in state.read("read_marks", who=who))
    return Reading(marks, datetime.fromisoformat(until[0]["until"]) if until else None)


def mark(state: State, who: str, event_ids: Sequence[str], *, read: bool, now: datetime) -> None:
    """Mark events as read, or as not."""
    with state.writing() as writing:
        for event_id in event_ids:
            if read:
                writing.run("mark_read", who=who, event_id=event_id, at=iso(now))
            else:
                writing.run("mark_unread", who=who, event_id=event_id)
        writing.run("trim_marks", who=who, most=MOST)


def mark_all(state: State, who: str, *, until: datetime) -> None:
    """Mark all that happened up to a time as read; single marks from before are forgotten with it."""
    with state.writing() as writing:
        writing.run("read_all_until", who=who, until=iso(until))
        writing.run("forget_marks", who=who)
