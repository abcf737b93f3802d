"""An event log with traffic in it, written as the collector writes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from sayso_ingest.eventlog import open_writer
from sayso_ingest.record import Submission, pack

REQUEST = 100
"""Events of one request."""
RECEIVED = "2026-01-15T11:00:01.000Z"


def write_log(folder: Path, events: Iterable[bytes], *, project: str, log: str = "sqlite") -> None:
    """Append all events to the log of a project, and close its file."""
    writer = open_writer(log, folder=folder, project=project)
    for group in _groups(iter(events), 20 * REQUEST):
        requests = [group[first : first + REQUEST] for first in range(0, len(group), REQUEST)]
        submissions = [Submission("key_1", "sk", RECEIVED, RECEIVED, events=request) for request in requests]
        assert all(writer.append(pack(submissions).records))
    writer.close()


def accepted(events: Iterable[bytes]) -> Iterator[bytes]:
    """What the collector keeps of events that came with a secret key."""
    return (event[:-1] + b',"verified":true}' for event in events)


def _groups(events: Iterator[bytes], size: int) -> Iterator[list[bytes]]:
    while group := list(islice(events, size)):
        yield group
