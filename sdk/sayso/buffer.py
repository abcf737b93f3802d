"""A bounded queue and one background thread that empties it.

Comes in: calls, from any thread. Goes out: batches, through a courier. Nobody waits but `flush` and `close`.
The thread starts with the first event, ends when there is nothing to do for a while or after `close`, and is a daemon.
A forked child starts with an empty queue: what was in it is still the parent's to send.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sayso import lifecycle, retry, snapshot
from sayso.backlog import Backlog, Item, Limits, Ready
from sayso.courier import Courier, Report, Trip, parts
from sayso.errors import InvalidEvent
from sayso.events import Recorded
from sayso.hooks import Hooks
from sayso.kinds import KINDS
from sayso.notices import REJECTED, Notices
from sayso.outgoing import Outgoing
from sayso.pace import Pace
from sayso.stamps import Stamps
from sayso.tally import Stats, Tally

IDLE = 5.0
"""Seconds without an event after which the thread ends; it costs little to start, and holds on to the buffer."""
IN_CALL = 2.0
"""Seconds that a call may take where there is no thread to send from."""


class Buffer:
    """Takes events from any thread and delivers them from its own."""

    def __init__(
        self,
        courier: Courier,
        stamps: Stamps,
        *,
        limits: Limits | None = None,
        hooks: Hooks | None = None,
        sync: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._courier = courier
        self._stamps = stamps
        self._limits = limits or Limits()
        self._hooks = hooks or Hooks()
        self._sync = sync
        self._clock = clock
        self._outgoing = Outgoing(self._hooks)
        self._closed = False
        self._begin()
        lifecycle.in_forked_child(self._start_over)
        lifecycle.EXIT.add(self)

    def record(self, kind: str, target: object, body: Mapping[str, Any], context: Mapping[str, Any]) -> str:
        """Take an event, or count why not; return its id."""
        if os.getpid() != self._process:  # a fork that Python was not told of, as uWSGI's
            self._start_over()
        target, said, context, size = snapshot.hold(target, body, context, room=KINDS[kind].limit)
        with self._lock:
            event_id, now, seq = self._stamps.next()
            self._tally.recorded += 1
            item = Recorded(event_id, seq, self._clock(), size, kind, target, said, context, now)
            in_the_background = self._admit(item)
        if not in_the_background:
            self._send_in_call(seq)
        return event_id

    def flush(self, timeout: float) -> bool:
        """Wait until nothing that was recorded before is waiting; False when the time is over first.

        Attempts are made at once, unless the collector itself asked for a pause.
        """
        with self._lock:
            newest = self._stamps.newest
            self._pace.soon(newest)
            self._wake()
        until = self._clock() + timeout
        done = self.wait(newest, timeout)
        self._tell()
        with self._lock:  # what was lost on the way is also told when this returns
            while (
                self._tellers - {threading.get_ident()}
                and not self._in_sender()
                and (left := until - self._clock()) > 0
            ):
                self._changed.wait(left)
        return done

    def close(self, timeout: float) -> bool:
        """Take nothing more, deliver what waits, and count what is left when the time is over."""
        with self._lock:
            self._closed = True
        done = self.wait(self.hurry(), timeout)
        with self._lock:
            self._drop({"unsent": self._backlog.give_up()})
            self._wake()
        self._tell()
        lifecycle.EXIT.forget(self)
        self._courier.close()
        return done

    def stats(self) -> Stats:
        """Copy the counts."""
        with self._lock:
            return self._tally.stats(waiting=len(self._backlog))

    @property
    def exit_budget(self) -> float:
        """Seconds that the end of the process may be held up."""
        return self._limits.exit_budget

    def hurry(self) -> int:
        """Let nothing wait for company or for a better moment, and say what came last."""
        with self._lock:
            newest = self._stamps.newest
            self._pace.last_chance(newest)
            self._wake()
        return newest

    def wait(self, newest: int, timeout: float) -> bool:
        """Wait until everything up to `newest` is settled; without a thread, send from here."""
        deadline = self._clock() + timeout
        while True:
            with self._lock:
                oldest = self._backlog.oldest
                if oldest is None or oldest > newest:
                    return True
                left = deadline - self._clock()
                if left <= 0 or self._in_sender():
                    return False
                if self._start():
                    self._changed.wait(left)
                    continue
                batch = self._due_batch(left)
            if batch:
                self._deliver(batch, deadline)

    def _begin(self) -> None:
        """Begin with nothing."""
        self._process = os.getpid()
        # Re-entrant, for a signal handler, a finalizer or a log handler may record while this thread holds it.
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._backlog = Backlog(self._limits)
        self._tally = Tally()
        self._pace = Pace()
        self._notices = Notices(self._hooks, self._clock)
        self._thread: threading.Thread | None = None
        self._asleep = False
        self._sender = 0
        """The thread that is sending; a hook that it calls must not wait for it."""
        self._tellers: set[int] = set()

    def _start_over(self) -> None:
        """Begin anew in a forked child, whose locks may be held by threads that it has not."""
        self._stamps = self._stamps.in_child()
        self._begin()

    def _admit(self, item: Recorded) -> bool:
        """Let an event wait (lock held); False when it has to be sent from the call."""
        if self._closed:
            self._drop({"closed": 1})
            return False
        gone = self._backlog.put(item)
        if gone:
            self._drop({"queue_full": len(gone)})
        running = self._thread is not None or self._start()
        if self._asleep and (gone or len(self._backlog) == 1 or self._backlog.fills_a_batch):
            self._wake()
        return running

    def _send_in_call(self, seq: int) -> None:
        """Send from the application's own thread, for no longer than it can bear."""
        if not self._closed and not lifecycle.EXIT.begun:
            if not self._sync:
                self._notices.say("threads", "No thread can be started here, so calls send for themselves.")
            with self._lock:
                self._pace.soon(seq)
                paused = self._pace.asked_until - self._clock() >= IN_CALL
            if not paused:
                self.wait(seq, IN_CALL)
        self._tell()

    def _in_sender(self) -> bool:
        """Whether this is the thread that sends: then a hook is calling, and its event goes with the next batch."""
        here = threading.get_ident()
        return here == self._sender or (self._thread is not None and self._thread.ident == here)

    def _start(self) -> bool:
        """See to it that the thread runs (lock held); False when no thread can be started now."""
        if self._sync or lifecycle.threads_sleep():
            return False
        if self._thread is None:
            thread = threading.Thread(target=self._run, name="sayso", daemon=True)
            self._thread = thread
            try:
                thread.start()
            except RuntimeError:
                self._thread = None  # no threads left, or the process is ending
                return False
        return True

    def _wake(self) -> None:
        """Tell everybody who waits that something has changed (lock held)."""
        self._asleep = False
        self._changed.notify_all()

    def _run(self) -> None:
        try:
            while (batch := self._next_batch()) is not None:
                if batch:
                    self._deliver(batch)
                self._tell()
        finally:
            with self._lock:
                if self._thread is threading.current_thread():
                    self._thread = None  # whatever ended it, the next event starts another

    def _next_batch(self) -> list[Item] | None:
        """Wait for the next batch; None when the thread may end, nothing when there is only something to tell."""
        idle_from = self._clock()
        with self._lock:
            while self._backlog.first is not None or not self._closed:
                if self._backlog.first is None and self._clock() - idle_from >= IDLE:
                    break
                batch = self._due_batch(IDLE)
                if batch or self._notices.news:
                    return batch
            self._thread = None
            return None

    def _due_batch(self, longest: float) -> list[Item]:
        """Take the next batch if it is due, else wait for a change (lock held)."""
        delay = max(self._due() - self._clock(), 0.0)
        batch = [] if delay else self._backlog.take()
        if not batch:
            # Without a delay there is nothing to take, or somebody else is sending.
            self._asleep = True
            self._changed.wait(min(delay or longest, longest))
        return batch

    def _due(self) -> float:
        """Say when the next batch may go out (lock held)."""
        first = self._backlog.first
        if first is None or first.seq <= self._pace.hurry or self._backlog.fills_a_batch:
            return self._pace.pause_until
        return max(self._pace.pause_until, first.since + self._limits.linger)

    def _deliver(self, batch: Sequence[Item], deadline: float = math.inf) -> None:
        """Send a batch, in halves if it is too large, and put back what has to be sent again."""
        self._sender = threading.get_ident()
        try:
            waiting = parts(self._ready(batch), self._limits.batch_bytes)
            while waiting and (left := deadline - self._clock()) > 0:
                part = waiting.pop(0)
                with self._lock:
                    if not len(self._backlog):
                        break  # close() has given up meanwhile
                    lost = self._tally.report
                    report = Report(self._tally.client, lost) if lost else None
                trip = self._courier.carry(part, report, timeout=left)
                if trip.fate.split:
                    half = len(part) // 2
                    waiting[:0] = [part[:half], part[half:]]
                    continue
                self._settle(part, trip, report)
                if trip.fate.slow_down:
                    break
        finally:
            self._sender = 0
            with self._lock:
                self._backlog.put_back()
                self._wake()

    def _ready(self, batch: Sequence[Item]) -> list[Ready]:
        """Make a batch ready, and settle what cannot leave."""
        ready: list[Ready] = []
        refused: list[tuple[str, str, str]] = []
        for item in batch:
            try:
                ready.append(self._outgoing.ready(item))
            except InvalidEvent as problem:
                refused.append((problem.reason, item.id, f"{item.kind}: {problem}"))
        with self._lock:
            if self._backlog.replace(ready):
                for reason, event_id, why in refused:
                    self._tally.drop({reason: 1})
                    self._notices.refuse(reason, event_id, why)
        return ready

    def _settle(self, part: Sequence[Ready], trip: Trip, report: Report | None) -> None:
        """Count what became of a part of a batch, and pace the next attempt."""
        fate, response = trip.fate, trip.response
        with self._lock:
            now, settle = self._clock(), self._backlog.settle
            again = set(fate.again)
            old = [item.id for item in part if item.id in again and retry.too_old(now - item.since)]
            rejected = {reason: settle(ids) for reason, ids in fate.rejected.items()}
            self._drop({reason: settle(ids) for reason, ids in {**fate.dropped, "too_old": old}.items()})
            self._tally.drop(rejected, report=False)  # the collector keeps and counts these itself
            for reason in filter(rejected.get, rejected):
                for event_id in fate.rejected[reason]:
                    self._notices.refuse(reason, event_id, REJECTED)
            self._tally.delivered += settle(fate.delivered)
            self._tally.retried += len(again) - len(old)
            if report and response is not None and response.status < 300:
                self._tally.reported(report.dropped)
            self._pace.after(now, slow_down=fate.slow_down, asked=response.retry_after if response else 0.0)
        if trip.trouble:
            self._notices.say("trouble", f"{trip.trouble} Events wait and are sent again.")

    def _drop(self, counts: Mapping[str, int]) -> None:
        """Count what is lost, and note it as something to tell (lock held)."""
        self._tally.drop(counts)
        self._notices.lose(counts)

    def _tell(self) -> None:
        """Tell what there is to tell; never under the lock, for who is told may take his time."""
        here = threading.get_ident()
        with self._lock:
            if here in self._tellers:
                return  # who is being told has recorded something; this goes with the next news
            if not self._notices.news:
                return
            news = self._notices.take()
            self._tellers.add(here)
        try:
            self._notices.tell(news)
        finally:
            with self._lock:
                self._tellers.discard(here)
                self._wake()
