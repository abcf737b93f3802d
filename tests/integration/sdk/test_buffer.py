"""The buffer with a transport in memory and a clock that jumps."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from integration.sdk.loopback import Answer, Loopback
from processes import wait_until
from sayso.buffer import IDLE, IN_CALL, Buffer
from sayso.options import Limits
from sayso.response import Response
from sayso.stamps import Stamps
from sayso.testing import MemoryTransport
from sayso.transport import HttpTransport, Transport


def made(
    transport: Transport,
    *,
    clock: Callable[[], float] = time.monotonic,
    idle: float = IDLE,
    in_call: float = IN_CALL,
    start_thread: Callable[[threading.Thread], None] = threading.Thread.start,
    **limits: Any,
) -> Buffer:
    return Buffer(
        transport,
        Stamps(),
        limits=Limits(**limits),
        clock=clock,
        idle=idle,
        in_call=in_call,
        start_thread=start_thread,
    )


def put(buffer: Buffer, target: str = "a") -> str:
    return buffer.record("thumb", target, {"value": "up"}, {})


def no_threads(_thread: threading.Thread) -> None:
    """Start none, as in a process that has as many as it may."""
    raise RuntimeError("can't start new thread")


def test_mode_18_an_event_is_given_up_when_an_attempt_fails_after_fifteen_minutes() -> None:
    memory = MemoryTransport()
    memory.answer(503, times=2)

    def fifteen_minutes_pass_before_the_second_attempt() -> float:
        return time.monotonic() + (901.0 if len(memory.requests) >= 2 else 0.0)

    buffer = made(memory, clock=fifteen_minutes_pass_before_the_second_attempt)
    put(buffer)
    assert buffer.flush(1000)
    assert buffer.stats().dropped == {"too_old": 1}
    assert len(memory.requests) == 2
    buffer.close(0)


def test_mode_26_an_event_that_slept_for_an_hour_still_gets_its_attempt() -> None:
    ahead = 0.0
    memory = MemoryTransport()
    buffer = made(memory, clock=lambda: time.monotonic() + ahead, linger=60)
    put(buffer)
    ahead = 3600.0
    assert buffer.flush(5)
    assert buffer.stats().delivered == 1
    buffer.close(0)


def test_an_event_waits_for_company_no_longer_than_it_should() -> None:
    memory = MemoryTransport()
    buffer = made(memory, linger=0.05)
    for name in ("a", "b", "c"):
        put(buffer, name)
    wait_until(lambda: buffer.stats().delivered == 3)
    assert [len(request["events"]) for request in memory.requests] == [3]
    buffer.close(0)


def test_mode_17_a_transport_that_misbehaves_does_not_end_the_thread() -> None:
    class Moody(MemoryTransport):
        moods = iter([ZeroDivisionError("secret"), SystemError(), None])

        def send(self, batch: bytes, *, timeout: float = math.inf) -> Response:
            mood = next(self.moods)
            if mood:
                raise mood
            return super().send(batch, timeout=timeout)

    moody = Moody()
    buffer = made(moody, linger=0.0)
    put(buffer)
    assert buffer.flush(10)
    assert buffer.stats().delivered == 1
    buffer.close(0)


def test_mode_11_without_threads_a_call_sends_for_itself_and_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    memory = MemoryTransport()
    memory.answer(503)
    buffer = made(memory, start_thread=no_threads)
    put(buffer, "a")
    put(buffer, "b")
    assert [event["target"] for event in memory.events] == ["a", "b"]
    assert [record.message for record in caplog.records if "thread" in record.message] == [
        "No thread can be started here, so calls send for themselves. "
        "Said once a minute at most; stats() has the counts."
    ]
    assert buffer.flush(0)
    assert buffer.close(0)


def test_mode_11_without_threads_a_call_takes_no_longer_than_it_may(
    collector: Loopback,
) -> None:
    collector.otherwise = Answer(hold=True)
    buffer = made(HttpTransport(collector.url, "sk_1"), in_call=0.2, start_thread=no_threads)
    started = time.monotonic()
    put(buffer)
    assert time.monotonic() - started < 2
    started = time.monotonic()
    assert not buffer.close(0.3)
    assert time.monotonic() - started < 2
    assert buffer.stats().dropped == {"unsent": 1}


def test_without_threads_the_halves_of_a_batch_share_the_time(
    collector: Loopback,
) -> None:
    collector.planned.append(Answer(status=413))
    collector.otherwise = Answer(hold=True)
    buffer = made(HttpTransport(collector.url, "sk_1"), in_call=0.0, start_thread=no_threads)
    for name in ("a", "b", "c", "d"):
        put(buffer, name)
    started = time.monotonic()
    assert not buffer.close(0.3)
    assert time.monotonic() - started < 2
    assert [len(request.envelope["events"]) for request in collector.requests] == [4, 2]


def test_without_threads_a_pause_that_the_collector_asks_for_holds_up_no_call() -> None:
    memory = MemoryTransport()
    memory.answer(429, retry_after=300)
    buffer = made(memory, start_thread=no_threads)
    put(buffer, "a")
    started = time.monotonic()
    for _ in range(20):
        put(buffer, "b")
    assert time.monotonic() - started < 2
    assert len(memory.requests) == 1
    assert buffer.close(5)
    assert len(memory.events) == 21


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_mode_17_a_transport_that_wants_to_end_the_thread_costs_a_pause() -> None:
    class Deadly(MemoryTransport):
        def send(self, batch: bytes, *, timeout: float = math.inf) -> Response:
            if not self.requests:
                self.requests.append({})
                raise SystemExit
            return super().send(batch, timeout=timeout)

    deadly = Deadly()
    buffer = made(deadly, linger=0.0)
    put(buffer, "a")
    wait_until(lambda: deadly.requests)
    put(buffer, "b")
    assert buffer.flush(10)
    assert [event["target"] for event in deadly.events] == ["a", "b"]
    buffer.close(0)


def test_the_thread_starts_with_the_first_event_and_ends_with_the_client() -> None:
    def ours() -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread not in before]

    before = threading.enumerate()
    buffer = made(MemoryTransport())
    assert ours() == []
    put(buffer)
    (thread,) = ours()
    assert (thread.name, thread.daemon) == ("sayso", True)
    buffer.close(5)
    thread.join(5)
    assert not thread.is_alive()


def test_no_event_is_left_to_a_thread_that_is_about_to_end() -> None:
    """Whether a thread is there is looked at without the lock; this one ends as soon as nothing waits."""
    memory = MemoryTransport()
    buffer = made(memory, linger=0.0, idle=0.0)
    for number in range(200):
        put(buffer)
        wait_until(lambda: len(memory.events) > number, pause=0.0001)  # noqa: B023 - called at once
    buffer.close(5)


def test_no_event_is_overslept() -> None:
    """A thread that sleeps is woken by some events only; one that slept through another would sleep for an hour."""
    memory = MemoryTransport()
    buffer = made(memory, linger=0.0, idle=3600.0)

    def record() -> None:
        for _ in range(300):
            put(buffer)

    callers = [threading.Thread(target=record) for _ in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    wait_until(lambda: len(memory.events) == 1200)
    for number in range(1200, 1300):
        put(buffer)
        wait_until(lambda: len(memory.events) > number, pause=0.0001)  # noqa: B023 - called at once
    buffer.close(5)


def test_a_batch_that_is_full_wakes_a_thread_that_waits_for_company() -> None:
    memory = MemoryTransport()
    buffer = made(memory, linger=3600.0, batch_events=10)
    for _ in range(25):
        put(buffer)
    wait_until(lambda: len(memory.events) == 20)
    buffer.close(5)
    assert len(memory.events) == 25


def test_a_late_answer_counts_nothing_twice() -> None:
    class Slow(MemoryTransport):
        def __init__(self) -> None:
            super().__init__()
            self.asked, self.go, self.answered = (threading.Event() for _ in range(3))

        def send(self, batch: bytes, *, timeout: float = math.inf) -> Response:
            self.asked.set()
            self.go.wait(10)
            try:
                return super().send(batch, timeout=timeout)
            finally:
                self.answered.set()

    slow = Slow()
    buffer = made(slow, linger=0.0)
    put(buffer)
    assert slow.asked.wait(5)
    assert not buffer.close(0.05)
    slow.go.set()
    assert slow.answered.wait(5)
    stats = buffer.stats()
    assert (stats.delivered, stats.waiting, stats.dropped) == (0, 0, {"unsent": 1})
