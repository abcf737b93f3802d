"""Pure: whether a problem that was fixed is back, by the versions in which it is still heard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Version:
    """A version that answered: of a prompt, or a release of the application."""

    prompt: str | None = None
    version: str | None = None
    release: str | None = None

    @property
    def label(self) -> str:
        """How people spell it."""
        return self.release or " ".join(filter(None, (self.prompt, self.version)))

    def is_called(self, text: str) -> bool:
        """Say whether somebody means this one: a version may go without the name of its prompt."""
        return bool(text) and text in (self.label, self.version)

    def compares_with(self, other: Version) -> bool:
        """Say whether one of the two can be later than the other: releases, or versions of the same prompt."""
        return (self.release is None) == (other.release is None) and self.prompt == other.prompt


@dataclass(frozen=True, slots=True)
class Heard:
    """When a problem was last said of answers of a version."""

    version: Version
    last_at: datetime


def recurrence(
    fixed_in: str, fixed_at: datetime, *, heard: Iterable[Heard], first_seen: dict[Version, datetime]
) -> Heard | None:
    """Return where a problem was heard after its fix, in the version it was fixed in or a later one; the newest.

    A version is later than another when it answered later for the first time. A version that has not answered yet
    cannot have the problem.
    """
    fixes = [version for version in first_seen if version.is_called(fixed_in)]
    again = [
        one
        for one in heard
        if one.last_at > fixed_at
        and one.version in first_seen
        and any(
            one.version.compares_with(fix) and first_seen[one.version] >= first_seen[fix] for fix in fixes
        )
    ]
    return max(again, key=lambda one: one.last_at, default=None)
