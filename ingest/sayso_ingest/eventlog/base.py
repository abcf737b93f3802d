"""The interface of an event log: what a collector writes through and a lander reads through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Protocol

Positions = Mapping[str, int]
"""Source (a log file or a partition, named so that no other ever has its name) -> next offset to read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record where it stands in the log."""

    source: str
    offset: int
    payload: bytes


class LogWriter(Protocol):
    """Appends records of one project durably."""

    def append(self, records: Sequence[bytes]) -> list[bool]:
        """Append records and say of each, in order, whether it is durable now.

        False means: perhaps not; sending its events again is safe, for the lander de-duplicates by id.
        Never raises for a full disk or a broker that is away.
        """

    def problem(self) -> str:
        """Try whether records would be taken now, and leave none; return why not, in words that strangers may read."""

    def close(self) -> None:
        """Release files and connections; what was acknowledged stays."""


class LogReader(Protocol):
    """Reads records of one project from positions that the caller keeps."""

    def read(self, positions: Positions, *, max_bytes: int) -> list[Entry]:
        """Return entries from the positions on, about `max_bytes` of them; a source not named starts at 0.

        A source of which something cannot be read, or that is not the one that was read, keeps back no other one
        where they are independent, as files are: then it is told in the log, and `behind` raises.

        Raises:
            LogGap: a position does not fit the log (records are missing, or the log was replaced).
            LogUnavailable: the log cannot be read now.
        """

    @property
    def unread(self) -> Set[str]:
        """Sources that could not be read when the log was read last, whatever waits in them."""

    def behind(self, positions: Positions) -> int:
        """Count the records that are in the log and not landed.

        Raises:
            LogGap, LogDamaged, LogUnavailable: some source is not to be trusted, or cannot be read now.
        """

    def ends(self, positions: Positions) -> Positions:
        """Return how far each source goes now, but those of which that cannot be told.

        Raises:
            LogGap, LogUnavailable: the log cannot be read now.
        """

    def prune(self, positions: Positions) -> list[str]:
        """Remove sources that are landed whole and will never grow; return their names.

        The caller has made the rows durable before, and puts the positions away after: a source that comes back is
        to be read from there.
        """

    def close(self) -> None:
        """Release files and connections."""
