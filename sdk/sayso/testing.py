"""For tests of applications: a collector in memory, which keeps what it gets and answers as it is told.

memory = MemoryTransport()
client = sayso.Client(transport=memory)
"""

from __future__ import annotations

import json
import math
from collections import deque
from collections.abc import Callable
from typing import Any

from sayso.errors import TransportError
from sayso.response import Response, Result


class MemoryTransport:
    """A transport that keeps every accepted event, and fails on demand.

    `fail`, `answer`, `retry` and `reject` each say what the next requests get; used together they queue up. After that
    everything is accepted again.
    """

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        """Accepted events, decoded, each id once, in the order in which they came."""
        self.requests: list[dict[str, Any]] = []
        """Every envelope that came, decoded, whatever its answer was."""
        self.closed = False
        self._ids: set[str] = set()
        self._planned: deque[Callable[[list[dict[str, Any]]], Response]] = deque()

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        """Return the accepted events of one kind."""
        return [event for event in self.events if event["kind"] == kind]

    def fail(self, times: int = 1) -> None:
        """Give the next requests no answer, as a network that is down."""

        def no_answer(_events: list[dict[str, Any]]) -> Response:
            raise TransportError("The collector in memory was told to fail.")

        self._planned.extend([no_answer] * times)

    def answer(self, status: int, *, retry_after: float = 0.0, times: int = 1) -> None:
        """Answer the next requests with an HTTP status, and nothing about single events."""
        self._planned.extend([lambda _events: Response(status, retry_after=retry_after)] * times)

    def retry(self, kind: str | None = None, *, times: int = 1) -> None:
        """Ask for the events of the next requests again: all, or those of one kind."""
        self._planned.extend([lambda events: self._accept(events, "retry", kind)] * times)

    def reject(self, reason: str, kind: str | None = None, *, times: int = 1) -> None:
        """Reject the events of the next requests: all, or those of one kind."""
        self._planned.extend([lambda events: self._accept(events, "rejected", kind, reason)] * times)

    def send(self, batch: bytes, *, timeout: float = math.inf) -> Response:  # noqa: ARG002 - needs no time
        """Take one envelope, as a collector does."""
        envelope = json.loads(batch)
        self.requests.append(envelope)
        answer = self._planned.popleft() if self._planned else self._accept
        return answer(envelope["events"])

    def close(self) -> None:
        """Note that the client is done."""
        self.closed = True

    def _accept(
        self,
        events: list[dict[str, Any]],
        otherwise: str = "",
        kind: str | None = None,
        reason: str | None = None,
    ) -> Response:
        """Accept every event, except those that get another status."""
        results = []
        for event in events:
            if otherwise and kind in (None, event["kind"]):
                results.append(Result(event["id"], otherwise, reason))
                continue
            results.append(Result(event["id"], "accepted"))
            if event["id"] not in self._ids:
                self._ids.add(event["id"])
                self.events.append(event)
        return Response(200, results)
