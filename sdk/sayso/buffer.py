"""A bounded queue and one background thread that empties it.

Comes in: calls, from any thread. Goes out: batches, through a sender. Nobody waits but `flush` and `close`.
The thread starts with the first event, ends when there is nothing to do for a while or after `close`, and is a daemon.
A forked child starts with an empty queue: what was in it is still the parent's to send.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sayso import lifecycle, snapshot
from sayso.errors import InvalidEvent, Withheld
from sayso.events import Recorded, make_recorded
from sayso.hooks import Hooks
from sayso.options import Limits
from sayso.ready import Item, Outgoing, ending
from sayso.sender import Sender
from sayso.shared import Shared
from sayso.spool import ANYBODY
from sayso.stamps import Stamps
from sayso.tally import Stats
from sayso.transport import Transport

IDLE = 5.0
"""Seconds without an event after which the thread ends; it costs little to start, and holds on to the buffer."""
IN_CALL = 2.0
"""Seconds that a call may take where there is no thread to send from."""


class Buffer:
    """Takes events from any thread and delivers them from its own."""

    def __init__(
        self,
        transport: Transport,
        stamps: Stamps,
        *,
        limits: Limits | None = None,
        hooks: Hooks | None = None,
        spool_dir: Path | None = None,
        whose: str = ANYBODY,
        sync: bool = False,
        clock: Callable[[], float] = time.monotonic,
        idle: float = IDLE,
        in_call: float = IN_CALL,
        start_thread: Callable[[threading.Thread], None] = threading.Thread.start,
    ) -> None:
        self._transport = transport
        self._stamps = stamps
        self._limits = limits or Limits()
        self._hooks = hooks or Hooks()
        self._spool_dir = spool_dir
        self._whose = whose
        self._sync = sync
        self._clock = clock
        self._idle = idle
        self._in_call = in_call
        self._start_thread = start_thread
        self._closed = False
        self._begin()
        lifecycle.in_forked_child(self._start_over)
        lifecycle.EXIT.add(self)
        if spool_dir is not None and spool_dir.is_dir():
            self._start()  # others may have left something

    def record(self, kind: str, target: object, body: Mapping[str, Any], context: Mapping[str, Any]) -> str:
        """Take an event, or count why not; return its id."""
        if os.getpid() != self._process:  # as `_notice_a_fork`, for less
            self._start_over()
        target, said, context, size = snapshot.hold(kind, target, body, context)
        with self._shared.lock:
            event_id, now, seq = self._stamps.next()
            item = make_recorded((event_id, seq, self._clock(), size, kind, target, said, context, now))
            echo = self._sender.within_transport == threading.get_ident()
            if echo or self._spool_dir is None:
                self._admit(item, echo=echo)
        if echo:
            return event_id
        if self._spool_dir is not None:
            self._write_down(item)
        # Read without the lock, and never too old to matter: a thread ends (`_next_batch`) under the lock, and only
        # when nothing waits. So it has seen this event, or was gone before it was admitted, and None is seen here.
        # Who overlooks that the buffer has just been closed leaves it to `close` to tell what was dropped.
        if self._thread is None or self._closed:
            self._see_to_it(seq)
        return event_id

    def leave_out(self) -> str:
        """Count an event that is not part of the sample, and return its id."""
        self._notice_a_fork()
        with self._shared.lock:
            event_id, _, _ = self._stamps.next()
            self._shared.tally.recorded += 1
            self._shared.tally.drop({"sampled_out": 1}, report=False)
        return event_id

    def flush(self, timeout: float) -> bool:
        """Wait until nothing that was recorded here before is waiting; False when the time is over first.

        Attempts are made at once, unless the collector itself asked for a pause.
        """
        self._notice_a_fork()
        shared, until = self._shared, self._clock() + timeout
        with shared.lock:
            newest = self._stamps.newest
            shared.pace.soon(newest)
            shared.join_echoes()
            shared.wake()
        done = self.wait(newest, timeout)
        shared.tell()
        with shared.lock:  # what was lost on the way has also been told when this returns
            while shared.others_tell and not self._in_sender() and (left := until - self._clock()) > 0:
                shared.changed.wait(left)
        return done

    def close(self, timeout: float) -> bool:
        """Take nothing more and deliver what waits; when the time is over, the rest stays on disk or is lost."""
        self._notice_a_fork()
        shared = self._shared
        with shared.lock:
            self._closed = True
        done = self.wait(self.hurry(), timeout)
        with shared.lock:
            kept = shared.give_up()
        shared.tell()
        if kept:
            shared.notices.say(
                "kept",
                f"{kept} event(s) stay in {self._spool_dir} for the next client with this URL and key.",
            )
        lifecycle.EXIT.forget(self)
        self._transport.close()
        return done

    def stats(self) -> Stats:
        """Copy the counts."""
        self._notice_a_fork()
        with self._shared.lock:
            return self._shared.stats()

    @property
    def exit_budget(self) -> float:
        """Seconds that the end of the process may be held up."""
        return self._limits.exit_budget

    def hurry(self) -> int:
        """Let nothing wait for company or for a better moment, and say what came last."""
        with self._shared.lock:
            newest = self._stamps.newest
            self._shared.pace.last_chance(newest)
            self._shared.join_echoes()
            self._shared.wake()
        return newest

    def wait(self, newest: int, timeout: float) -> bool:
        """Wait until everything up to `newest` is settled; without a thread, send from here."""
        shared, deadline = self._shared, self._clock() + timeout
        while True:
            with shared.lock:
                if shared.settled(newest):
                    return True
                left = deadline - self._clock()
                if left <= 0 or self._in_sender():
                    return False
                if self._thread is not None:
                    shared.changed.wait(left)
                    continue
            if self._start():
                continue
            self._sender.refill()
            with shared.lock:
                batch = [] if shared.settled(newest) else self._sender.due_batch(left)
            if batch and (wish := self._sender.deliver(batch, deadline)) is not None:
                raise wish

    def _begin(self) -> None:
        """Begin with nothing."""
        self._process = os.getpid()
        self._shared = Shared(self._limits, self._hooks, self._clock, self._spool_dir, whose=self._whose)
        self._outgoing = Outgoing(self._hooks, self._shared.notices.say)
        self._sender = Sender(
            self._shared, self._transport, self._outgoing, clock=self._clock, now=self._stamps.now
        )
        self._thread: threading.Thread | None = None

    def _notice_a_fork(self) -> None:
        """Notice a fork that Python was not told of, as uWSGI's."""
        if os.getpid() != self._process:
            self._start_over()

    def _start_over(self) -> None:
        """Begin anew in a forked child, whose locks may be held by threads that it has not."""
        if self._shared.spool is not None:
            self._shared.spool.abandon()
        self._stamps = self._stamps.in_child()
        self._begin()

    def _admit(self, item: Item, *, echo: bool = False) -> None:
        """Let an event wait (lock held); an echo is one that was recorded from within our own request."""
        shared = self._shared
        shared.tally.recorded += 1
        if self._closed:
            shared.drop({"closed": 1})
            return
        if echo:
            shared.keep_echo(item)
            return
        fits = shared.put(item)
        # Fast path: to wake a thread costs more than all else here, so only one that sleeps is woken, and only by what
        # changes its mind: the first event to wait, a batch that is full, a loss to tell. It cannot oversleep: it looks
        # at what waits and falls asleep in one hold of the lock (`due_batch`).
        if shared.asleep and (not fits or len(shared.backlog) <= 1 or shared.backlog.fills_a_batch):
            shared.wake()

    def _write_down(self, item: Recorded) -> None:
        """Make an event ready at the call, for the disk gets only what may leave."""
        shared = self._shared
        try:
            ready = self._outgoing.ready(item)
        except (InvalidEvent, Withheld) as problem:
            with shared.lock:
                shared.tally.recorded += 1
                if isinstance(problem, InvalidEvent):
                    shared.refuse(problem.reason, item.id, f"{item.kind}: {problem}")
                else:
                    shared.drop({"before_send": 1})
                shared.wake()
            if (wish := ending(problem)) is not None:
                raise wish from None
            return
        if shared.spool is not None:
            shared.spool.measure()
        with shared.lock:
            self._admit(ready)
            trouble = shared.spool.trouble if shared.spool else ""
        if trouble:
            shared.notices.say(
                "spool",
                f"{self._spool_dir} takes no events ({trouble}). They are held in memory alone, and end with the "
                "process. Make room there, and let this user write there.",
            )

    def _see_to_it(self, seq: int) -> None:
        """Have a thread send what waits, or send from here."""
        if self._interrupts():
            return  # that call does it, or the next one
        if self._closed or not self._start():
            self._send_in_call(seq)

    def _interrupts(self) -> bool:
        """Whether a signal handler or a finalizer calls, in the middle of a call that holds the lock."""
        owned: bool = self._shared.changed._is_owned()  # type: ignore[attr-defined] # nothing else tells
        return owned

    def _send_in_call(self, seq: int) -> None:
        """Send from the application's own thread, for no longer than it can bear."""
        shared = self._shared
        if not self._closed and not lifecycle.EXIT.begun:
            if not self._sync:
                shared.notices.say("threads", "No thread can be started here, so calls send for themselves.")
            with shared.lock:
                shared.pace.soon(seq)
                paused = shared.pace.asked_until - self._clock() >= self._in_call
            if not paused:
                self.wait(seq, self._in_call)
        shared.tell()

    def _in_sender(self) -> bool:
        """Whether this is the thread that sends: then a hook is calling, and its event goes with the next batch."""
        here = threading.get_ident()
        return here == self._sender.thread or (self._thread is not None and self._thread.ident == here)

    def _start(self) -> bool:
        """See to it that the thread runs; False when no thread can be started now.

        Never under the lock: a thread that begins may have to finalize somebody's objects first, and if one of them
        records an event it would wait for us, while we wait for it to begin. Under gevent, to start a thread is to let
        others run, and a lock that was made before gevent came does not know one greenlet from another.
        """
        if self._sync or lifecycle.threads_sleep() or self._interrupts():
            return False
        thread = threading.Thread(target=self._run, name="sayso", daemon=True)
        with self._shared.lock:
            if self._thread is not None:
                return True
            self._thread = thread
        try:
            self._start_thread(thread)
        except RuntimeError:  # no threads left, or the process is ending
            with self._shared.lock:
                self._thread = None
                self._shared.wake()
            return False
        return True

    def _run(self) -> None:
        try:
            while (batch := self._next_batch()) is not None:
                try:
                    if batch:
                        self._sender.deliver(batch)
                    self._shared.tell()
                except (
                    BaseException
                ) as error:  # a hook or a transport of the application; what waits is not lost
                    self._stumble(error)
        finally:
            with self._shared.lock:
                if self._thread is threading.current_thread():
                    self._thread = None  # whatever ended it, the next event starts another

    def _stumble(self, error: BaseException) -> None:
        """Go on after what nobody expected, but not at once: it may come again."""
        with self._shared.lock:
            self._shared.pace.after(self._clock(), slow_down=True, asked=0.0)
        self._shared.notices.say(
            "trouble", f"Sending failed ({type(error).__name__}). Events wait and are sent again."
        )

    def _next_batch(self) -> list[Item] | None:
        """Wait for the next batch; None when the thread may end, nothing when there is only something to tell."""
        shared, idle_from = self._shared, self._clock()
        while True:
            self._sender.refill()
            with shared.lock:
                idle = shared.backlog.first is None and not shared.to_read
                if idle and (self._closed or self._clock() - idle_from >= self._idle):
                    self._thread = None
                    return None
                batch = self._sender.due_batch(self._idle)
                if batch or shared.notices.news:
                    return batch
