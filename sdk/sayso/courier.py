"""Carries a batch to the collector and back: the envelope, one attempt, and what the answer means."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sayso.backlog import Ready
from sayso.errors import TransportError
from sayso.fate import Fate, decide
from sayso.plain import rfc3339
from sayso.response import Response
from sayso.transport import Transport


@dataclass(frozen=True, slots=True)
class Report:
    """What a client has lost so far, by reason."""

    client: str
    dropped: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Trip:
    """One attempt: what came back, what it means, and what went wrong."""

    fate: Fate
    response: Response | None = None
    trouble: str = ""


class Courier:
    """Makes attempts. Whatever a transport does, it must not end the thread that sends."""

    def __init__(self, transport: Transport, now: Callable[[], datetime]) -> None:
        self._transport = transport
        self._now = now
        self.thread = 0
        """The thread that is within the transport."""

    def carry(self, part: Sequence[Ready], report: Report | None, *, timeout: float) -> Trip:
        """Make one attempt."""
        response, trouble = None, ""
        self.thread = threading.get_ident()
        try:
            response = self._transport.send(envelope(part, self._now(), report), timeout=timeout)
        except TransportError as problem:
            trouble = str(problem)
        except Exception as error:
            trouble = f"The transport failed ({type(error).__name__})."
        finally:
            self.thread = 0
        return Trip(decide([item.id for item in part], response), response, trouble)

    def close(self) -> None:
        """Let go of connections."""
        self._transport.close()


def envelope(part: Sequence[Ready], sent_at: datetime, report: Report | None) -> bytes:
    """Put events into one request of the wire."""
    head: dict[str, object] = {"sent_at": rfc3339(sent_at)}
    if report:
        head["report"] = {"client": report.client, "dropped": report.dropped}
    return b'%s,"events":[%s]}' % (json.dumps(head).encode()[:-1], b",".join(item.payload for item in part))


def parts(batch: Sequence[Ready], most: int) -> list[list[Ready]]:
    """Cut a batch into requests of at most so many bytes; one event is never cut."""
    cut: list[list[Ready]] = []
    room = 0
    for item in batch:
        room -= len(item.payload)
        if not cut or room < 0:
            cut.append([])
            room = most - len(item.payload)
        cut[-1].append(item)
    return cut
