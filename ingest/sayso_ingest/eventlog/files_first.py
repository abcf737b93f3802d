"""The reader of a log that was moved into Kafka: what is left in files of this machine, and what is in the topic.

So nothing is left behind by whoever changes a setting too early, or a collector's too late. They take turns: a
collector that was forgotten, and goes on writing files, does not keep back the topic until its records expire.
"""

from __future__ import annotations

from collections.abc import Set

from sayso_ingest.eventlog.base import Entry, LogReader, Positions


class FilesFirst:
    """Reads two logs of one project as if they were one; a source is in one of them alone."""

    def __init__(self, files: LogReader, topic: LogReader) -> None:
        self._files = files
        self._topic = topic
        self._next: LogReader = files

    def read(self, positions: Positions, *, max_bytes: int) -> list[Entry]:
        """Return entries of the one whose turn it is, or else of the other; see `LogReader`."""
        for _ in range(2):
            asked, self._next = self._next, self._topic if self._next is self._files else self._files
            if entries := asked.read(positions, max_bytes=max_bytes):
                return entries
        return []

    @property
    def unread(self) -> Set[str]:
        """Sources of both that could not be read."""
        return self._files.unread | self._topic.unread

    def behind(self, positions: Positions) -> int:
        """Count the records of both that are not landed."""
        return self._files.behind(positions) + self._topic.behind(positions)

    def ends(self, positions: Positions) -> Positions:
        """Return how far each source of both goes."""
        return {**self._files.ends(positions), **self._topic.ends(positions)}

    def prune(self, positions: Positions) -> list[str]:
        """Remove files that are landed whole."""
        return [*self._files.prune(positions), *self._topic.prune(positions)]

    def close(self) -> None:
        """Release files and connections."""
        self._files.close()
        self._topic.close()
