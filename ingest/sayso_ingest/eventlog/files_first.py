"""The reader of a log that was moved into Kafka: what is left in files of this machine, then what is in the topic.

So nothing is left behind by whoever changes a setting too early, or a collector's too late.
"""

from __future__ import annotations

from sayso_ingest.eventlog.base import Entry, LogReader, Positions


class FilesFirst:
    """Reads two logs of one project as if they were one; a source is in one of them alone."""

    def __init__(self, files: LogReader, topic: LogReader) -> None:
        self._files = files
        self._topic = topic

    def read(self, positions: Positions, *, max_bytes: int) -> list[Entry]:
        """Return entries of the files, or else of the topic; see `LogReader`."""
        return self._files.read(positions, max_bytes=max_bytes) or self._topic.read(
            positions, max_bytes=max_bytes
        )

    def behind(self, positions: Positions) -> int:
        """Count the records of both that are not landed."""
        return self._files.behind(positions) + self._topic.behind(positions)

    def prune(self, positions: Positions) -> list[str]:
        """Remove files that are landed whole."""
        return [*self._files.prune(positions), *self._topic.prune(positions)]

    def close(self) -> None:
        """Release files and connections."""
        self._files.close()
        self._topic.close()
