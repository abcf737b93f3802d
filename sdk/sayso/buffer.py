"""A bounded queue and one background thread that empties it.

Comes in: encoded events, from any thread. Goes out: batches, through a transport. Nobody waits but `flush` and `close`.
The thread starts with the first event, ends when there is nothing to do for a while or after `close`, and is a daemon.
A forked child starts with an empty queue: what was in it is still the parent's to send.
"""

from __future__ import annotations

import json
import logging
import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sayso import lifecycle, retry
from sayso.backlog import Backlog, Item, Limits
from sayso.errors import TransportError
from sayso.fate import Fate, decide
from sayso.plain import rfc3339
from sayso.response import Response
from sayso.stamps import utc_now
from sayso.tally import WHY, Stats, Tally
from sayso.transport import Transport

IDLE = 5.0
"""Seconds without an event after which the thread ends; it costs little to start, and holds on to the buffer."""

log = logging.getLogger("sayso")


class Buffer:
    """Takes events from any thread and delivers them from its own."""

    def __init__(
        self,
        transport: Transport,
        *,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._transport = transport
        self._limits = limits or Limits()
        self._clock = clock
        self._now = now
        self._closed = False
        self._exit_budget = self._limits.exit_budget
        self._start_over()
        lifecycle.in_forked_child(self._start_over)
        self._forget_exit = lifecycle.at_exit(self._before_exit, self._at_exit)

    def put(self, event_id: str, payload: bytes) -> None:
        """Take an event, or count why not."""
        with self._changed:
            self._tally.recorded += 1
            if not self._closed and self._backlog.put(event_id, payload, self._clock()):
                self._start()
                if self._backlog.fills_a_batch or len(self._backlog) == 1:
                    self._changed.notify_all()
                return
            lost = {"closed" if self._closed else "queue_full": 1}
            self._tally.drop(lost)
        self._explain(lost)

    def refuse(self, reason: str, why: str) -> None:
        """Count an event that the wire would refuse."""
        with self._changed:
            self._tally.recorded += 1
            self._tally.drop({reason: 1})
        self._explain({reason: 1}, why)

    def flush(self, timeout: float) -> bool:
        """Wait until nothing that was put before is waiting; False when the time is over first.

        Attempts are made at once, unless the collector itself asked for a pause.
        """
        with self._changed:
            newest = self._hurry = self._backlog.newest
            self._backoff_until = 0.0
            self._changed.notify_all()
        return self._wait(newest, timeout)

    def close(self, timeout: float) -> bool:
        """Take nothing more, deliver what waits, and count what is left when the time is over."""
        with self._changed:
            self._closed = True
            newest = self._last_chance()
        done = self._wait(newest, timeout)
        with self._changed:
            left = {"unsent": self._backlog.give_up()}
            self._tally.drop(left)
            self._changed.notify_all()
        self._explain(left)
        self._forget_exit()
        self._transport.close()
        return done

    def stats(self) -> Stats:
        """Copy the counts."""
        with self._changed:
            return self._tally.stats(waiting=len(self._backlog))

    def _start_over(self) -> None:
        """Begin with nothing: at first, and in a forked child, whose locks may be held by threads that it has not."""
        # Re-entrant, for a signal handler, a finalizer or a log handler may record while this thread holds it.
        self._changed = threading.Condition(threading.RLock())
        self._backlog = Backlog(self._limits)
        self._tally = Tally()
        self._thread: threading.Thread | None = None
        self._hurry = 0
        self._failures = 0
        self._backoff_until = 0.0
        self._asked_until = 0.0

    def _start(self) -> bool:
        """See to it that the thread runs (lock held); False when no thread can be started now."""
        if self._thread is None or not self._thread.is_alive():
            thread = threading.Thread(target=self._run, name="sayso", daemon=True)
            try:
                thread.start()
            except RuntimeError:
                return False  # no threads left, or the process is ending: flush and close send from where they are
            self._thread = thread
        return True

    def _run(self) -> None:
        busy_at = self._clock()
        while True:
            with self._changed:
                idle = self._clock() - busy_at
                if self._backlog.first is None and (self._closed or idle >= IDLE):
                    self._thread = None
                    return
                batch = self._due_batch(IDLE)
            if batch:
                self._deliver(batch)
                busy_at = self._clock()

    def _due_batch(self, longest: float) -> list[Item]:
        """Take the next batch if it is due, else wait for a change (lock held)."""
        delay = max(self._due() - self._clock(), 0.0)
        batch = [] if delay else self._backlog.take()
        if not batch:
            # Without a delay there is nothing to take, or somebody else is sending.
            self._changed.wait(min(delay or longest, longest))
        return batch

    def _due(self) -> float:
        """Say when the next batch may go out (lock held)."""
        first = self._backlog.first
        due = max(self._backoff_until, self._asked_until)
        if first is None or first.number <= self._hurry or self._backlog.fills_a_batch:
            return due
        return max(due, first.since + self._limits.linger)

    def _wait(self, newest: int, timeout: float) -> bool:
        """Wait until everything up to `newest` is settled; without a thread, send from here."""
        deadline = self._clock() + timeout
        while True:
            with self._changed:
                oldest = self._backlog.oldest
                if oldest is None or oldest > newest:
                    return True
                left = deadline - self._clock()
                if left <= 0 or threading.current_thread() is self._thread:
                    return False
                if self._start():
                    self._changed.wait(left)
                    continue
                batch = self._due_batch(left)
            if batch:
                self._deliver(batch, deadline)

    def _deliver(self, batch: list[Item], deadline: float = math.inf) -> None:
        """Send a batch, in halves if it is too large, and put back what has to be sent again."""
        parts = [batch]
        try:
            while parts and (left := deadline - self._clock()) > 0:
                part = parts.pop(0)
                with self._changed:
                    if not len(self._backlog):
                        break  # close() has given up meanwhile
                    report = dict(self._tally.unreported)
                response = self._send(_envelope(part, sent_at=self._now(), report=report), timeout=left)
                fate = decide([item.id for item in part], response)
                if fate.split:
                    half = len(part) // 2
                    parts[:0] = [part[:half], part[half:]]
                    continue
                self._settle(part, fate, response, report)
                if fate.slow_down:
                    break
        finally:
            with self._changed:
                self._backlog.put_back()
                self._changed.notify_all()

    def _send(self, envelope: bytes, *, timeout: float) -> Response | None:
        """Make one attempt; whatever a transport does, it must not end the thread."""
        try:
            return self._transport.send(envelope, timeout=timeout)
        except TransportError as problem:
            self._say("unreachable", f"{problem} Events wait and are sent again.")
        except Exception as error:
            failure = type(error).__name__
            self._say("transport", f"The transport failed ({failure}). Events wait and are sent again.")
        return None

    def _settle(
        self, part: Sequence[Item], fate: Fate, response: Response | None, report: Mapping[str, int]
    ) -> None:
        """Count what became of a part of a batch, and pace the next attempt."""
        with self._changed:
            now, settle = self._clock(), self._backlog.settle
            again = set(fate.again)
            old = [item.id for item in part if item.id in again and retry.too_old(now - item.since)]
            rejected = {reason: settle(ids) for reason, ids in fate.rejected.items()}
            lost = {reason: settle(ids) for reason, ids in {**fate.dropped, "too_old": old}.items()}
            self._tally.delivered += settle(fate.delivered)
            self._tally.retried += len(again) - len(old)
            self._tally.drop(rejected, report=False)  # the collector keeps and counts these itself
            self._tally.drop(lost)
            if response is not None and response.status < 300:
                self._tally.reported(report)
            self._pace(fate, response, now)
        self._explain(
            rejected, "the collector rejected it and kept it; look at it with: sayso ask reject_reasons"
        )
        self._explain(lost)

    def _pace(self, fate: Fate, response: Response | None, now: float) -> None:
        """Decide when the next attempt may be made (lock held)."""
        self._failures = self._failures + 1 if fate.slow_down else 0
        if fate.slow_down:
            self._backoff_until = now + retry.wait(self._failures)
            self._asked_until = now + (response.retry_after if response else 0.0)

    def _explain(self, counts: Mapping[str, int], why: str = "") -> None:
        """Log the first loss of each reason."""
        for reason, count in counts.items():
            if count:
                explained = why or WHY.get(reason, "the collector refused the batch")
                self._say(reason, f"Dropped {count} event(s) as {reason}: {explained}.")

    def _say(self, reason: str, message: str) -> None:
        """Log something once; never under the lock, for log handlers may take their time."""
        with self._changed:
            first = self._tally.first(reason)
        if first:
            log.warning("%s Said once; stats() has the counts.", message)

    def _last_chance(self) -> int:
        """Let nothing wait for company or for a better moment (lock held)."""
        self._hurry = self._backlog.newest
        self._failures, self._backoff_until, self._asked_until = 0, 0.0, 0.0
        self._changed.notify_all()
        return self._hurry

    def _before_exit(self) -> None:
        """Spend the budget for the end of the process on delivering; other threads may still record."""
        started = self._clock()
        with self._changed:
            newest = self._last_chance()
        self._wait(newest, self._exit_budget)
        self._exit_budget -= self._clock() - started

    def _at_exit(self) -> None:
        self.close(max(self._exit_budget, 0.0))


def _envelope(part: Sequence[Item], *, sent_at: datetime, report: Mapping[str, int]) -> bytes:
    head: dict[str, object] = {"sent_at": rfc3339(sent_at)}
    if report:
        head["report"] = {"dropped": report}
    return b'%s,"events":[%s]}' % (json.dumps(head).encode()[:-1], b",".join(item.payload for item in part))
