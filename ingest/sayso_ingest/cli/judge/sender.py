"""Judgements on their way to the collector, some at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

from sayso_ingest.cli.judge.tally import Tally

if TYPE_CHECKING:
    from sayso_ingest.backfill import Deliverer
    from sayso_ingest.cli.judge.drawing import Drawing
    from sayso_ingest.judge import Graded, Judgement, Material

AT_ONCE = 50
"""Judgements that are sent together."""
OFTEN = 5.0
"""Seconds after which those that wait are sent."""


class Sender:
    """Sends judgements to the collector; the first at once, to see that one is there."""

    def __init__(self, deliverer: Deliverer, drawing: Drawing, tally: Tally) -> None:
        """`drawing` says how likely each thing was drawn, and what was taken back of it."""
        self._deliverer = deliverer
        self._drawing = drawing
        self._tally = tally
        self._waiting: list[tuple[str, bytes]] = []
        self._sent_at = float("-inf")

    def __enter__(self) -> Sender:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None or issubclass(
            kind, Exception
        ):  # who interrupts waits for no collector: replies are kept
            self.flush()

    def take(self, material: Material, graded: Graded) -> None:
        """Take what came of one thing."""
        self._tally.recalled += graded.recalled
        self._tally.outcomes.update(graded.outcomes)
        if graded.hindrance is not None:
            self._tally.hindered[graded.hindrance] += 1
            self._tally.problems.setdefault(graded.hindrance, graded.problem.rstrip("."))
        made = graded.judgement
        if made is None:
            return
        self._tally.made += 1
        self._send(made, at=material.occurred_at, again=self._drawing.taken_back(made.target, made.judge))

    def send_again(self, made: Judgement, *, at: datetime) -> None:
        """Send what was judged before, with the probability of now; `at` is when that was."""
        self._send(made, at=at, again=f"drawn with {self._drawing.chances[made.target]!r}")

    def _send(self, made: Judgement, *, at: datetime, again: str) -> None:
        from sayso_ingest.backfill import encode, time_ordered_id
        from sayso_ingest.judge import as_event, content

        id = time_ordered_id(content(made, again=again), at=at.replace(tzinfo=UTC))
        chance = self._drawing.chances[made.target]
        self._waiting.append((id, encode(as_event(made, id=id, now=datetime.now(UTC), sample_rate=chance))))
        if len(self._waiting) >= AT_ONCE or monotonic() - self._sent_at > OFTEN:
            self.flush()

    def flush(self) -> None:
        """Send what waits.

        Raises:
            SaysoError: the collector takes nothing; what was judged is kept, and sent by the next run.
        """
        batch, self._waiting = self._waiting, []
        if not batch:
            return
        for (id, _), outcome in zip(batch, self._deliverer.send([event for _, event in batch]), strict=True):
            if outcome.accepted:
                self._tally.taken.append(id)
            else:
                self._tally.refused[outcome.reason] += 1
        self._sent_at = monotonic()
