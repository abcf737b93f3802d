"""Sending many events through a collector: in batches, again where it asks for it, with a result for each."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from sayso import Response, Result, Transport, TransportError

from sayso_ingest.errors import SaysoError

BATCH_EVENTS = 200
BATCH_BYTES = 900_000
PATIENCE = 300.0
"""Seconds without any progress after which it is given up; all can be sent again."""
PATIENCE_AWAY = 30.0
"""The same where nothing answers at all: a service that restarts is back by then."""
LONGEST_WAIT = 10.0

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an event: accepted, or refused with a reason."""

    accepted: bool
    reason: str = ""


def encode(event: Any) -> bytes:
    """Encode an event for the wire; half of a surrogate pair goes as an escape, for the collector to refuse."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"), default=str).encode(
        "utf-8", "backslashreplace"
    )


def in_batches(items: Iterable[Item], *, size: Callable[[Item], int]) -> Iterator[list[Item]]:
    """Group items into what one request may hold."""
    batch: list[Item] = []
    room = BATCH_BYTES
    for item in items:
        if batch and (len(batch) == BATCH_EVENTS or size(item) > room):
            yield batch
            batch, room = [], BATCH_BYTES
        batch.append(item)
        room -= size(item) + 1
    if batch:
        yield batch


class Deliverer:
    """Sends batches through a transport until each event of them is settled."""

    def __init__(
        self,
        transport: Transport,
        *,
        url: str,
        start: str = "sayso serve",
        patience: float | None = None,
        say: Callable[[str], None] = lambda _: None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Send through `transport` to `url`; `start` is the command that starts it, `say` tells people of a wait.

        `patience` is how many seconds may pass without progress, where somebody waits for the answer.
        """
        self._transport = transport
        self._url = url
        self._start = start
        self._patience = patience
        self._say = say
        self._sleep = sleep
        self._clock = clock
        self._now = now

    def send(self, events: Sequence[bytes]) -> list[Outcome]:
        """Send one batch, again and again those events that are to be repeated; return what became of each, in order.

        Raises:
            SaysoError: the collector cannot be reached, does not take the key, or asks for the same over and over.
        """
        outcomes: dict[int, Outcome] = {}
        waiting = list(range(len(events)))
        last_progress, failures = self._clock(), 0
        while waiting:
            results, asked, answered = self._post([events[place] for place in waiting])
            settled = {
                place: Outcome(result.status != "rejected", result.reason or "")
                for place, result in zip(waiting, results, strict=False)
                if result.status != "retry"
            }
            outcomes |= settled
            waiting = [place for place in waiting if place not in settled]
            if settled:
                last_progress, failures = self._clock(), 0
            else:
                self._be_patient(self._clock() - last_progress, failures, answered=answered)
            if waiting:
                self._sleep(max(asked, min(LONGEST_WAIT, 0.1 * 2.0**failures)))
                failures += 1
        return [outcomes[place] for place in range(len(events))]

    def _be_patient(self, waited: float, failures: int, *, answered: bool) -> None:
        patience = self._patience or (PATIENCE if answered else PATIENCE_AWAY)
        what = "takes nothing now" if answered else "cannot be reached"
        if waited > patience:
            done = f"{self._url} {what}; given up after {waited:.0f} s."
            advice = "Is its disk full? `sayso doctor` says" if answered else f"Start it: {self._start}"
            raise SaysoError(
                f"{done} {advice} (and run the same again then: what was taken keeps its ids and lands once)."
            )
        if failures == 0:
            self._say(f"{self._url} {what}; trying for {patience:.0f} s. Ctrl-C is safe: run the same again.")

    def _post(self, events: Sequence[bytes]) -> tuple[Sequence[Result], float, bool]:
        """Return the results, none where all are to be sent again, the seconds to wait before, and if it answered."""
        sent_at = self._now().isoformat().replace("+00:00", "Z")
        body = b'{"sent_at":"%s","events":[%s]}' % (sent_at.encode(), b",".join(events))
        try:
            answer = self._transport.send(body, timeout=30.0)
        except TransportError:
            return [], 0.0, False
        if answer.results is not None and len(answer.results) == len(events):
            return answer.results, answer.retry_after, True
        _check(answer)
        return [], answer.retry_after, True


def _check(answer: Response) -> None:
    if answer.status in (401, 403):
        raise SaysoError(
            f"The collector does not take the service key of this project ({answer.status}). Does it run on this "
            "data folder? `sayso doctor` looks at the key."
        )
    if answer.status < 400 or answer.status in (404, 405):
        raise SaysoError(f"What answers there is no collector (status {answer.status}). Name it with --url.")
    if 400 <= answer.status < 500 and answer.status not in (408, 425, 429):
        raise SaysoError(
            f"The collector refused a whole batch (status {answer.status}). `sayso rejects list` says why."
        )
