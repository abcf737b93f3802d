"""The buffer with a transport in memory and a clock that jumps."""

from __future__ import annotations

import math
import threading
import time

from integration.sdk.loopback import Answer, Loopback
from sayso.backlog import Limits
from sayso.buffer import Buffer
from sayso.response import Response
from sayso.testing import MemoryTransport
from sayso.transport import HttpTransport

EVENT = b'{"id":"a","kind":"thumb"}'


class NoThreads(Buffer):
    """A buffer in a process that can start no thread any more."""

    def _start(self) -> bool:
        return False


def test_an_event_is_given_up_when_an_attempt_fails_after_fifteen_minutes() -> None:
    ahead = 0.0
    memory = MemoryTransport()
    memory.answer(503, times=2)
    buffer = Buffer(memory, clock=lambda: time.monotonic() + ahead)
    buffer.put("a", EVENT)
    buffer.flush(0.0)
    while not memory.requests:
        time.sleep(0.001)
    ahead = 901.0
    assert buffer.flush(5)
    assert buffer.stats().dropped == {"too_old": 1}
    assert len(memory.requests) == 2
    buffer.close(0)


def test_an_event_that_slept_for_an_hour_still_gets_its_attempt() -> None:
    ahead = 0.0
    memory = MemoryTransport()
    buffer = Buffer(memory, clock=lambda: time.monotonic() + ahead, limits=Limits(linger=60))
    buffer.put("a", EVENT)
    ahead = 3600.0
    assert buffer.flush(5)
    assert buffer.stats().delivered == 1
    buffer.close(0)


def test_an_event_waits_for_company_no_longer_than_it_should() -> None:
    memory = MemoryTransport()
    buffer = Buffer(memory, limits=Limits(linger=0.05))
    for name in ("a", "b", "c"):
        buffer.put(name, EVENT.replace(b'"a"', f'"{name}"'.encode()))
    deadline = time.monotonic() + 5
    while buffer.stats().delivered < 3 and time.monotonic() < deadline:
        time.sleep(0.005)
    assert [len(request["events"]) for request in memory.requests] == [3]
    buffer.close(0)


def test_a_transport_that_misbehaves_does_not_end_the_thread() -> None:
    class Moody(MemoryTransport):
        moods = iter([ZeroDivisionError("secret"), SystemError(), None])

        def send(self, batch: bytes, *, timeout: float = math.inf) -> Response:
            mood = next(self.moods)
            if mood:
                raise mood
            return super().send(batch, timeout=timeout)

    moody = Moody()
    buffer = Buffer(moody, limits=Limits(linger=0.0))
    buffer.put("a", EVENT)
    assert buffer.flush(10)
    assert buffer.stats().delivered == 1
    buffer.close(0)


def test_without_threads_flush_and_close_send_from_where_they_are() -> None:
    memory = MemoryTransport()
    memory.answer(503)
    buffer = NoThreads(memory)
    buffer.put("a", EVENT)
    assert memory.requests == []
    assert buffer.flush(10)
    buffer.put("b", EVENT.replace(b'"a"', b'"b"'))
    assert buffer.close(10)
    assert [event["id"] for event in memory.events] == ["a", "b"]


def test_without_threads_a_collector_that_hangs_is_waited_for_no_longer_than_was_said(
    collector: Loopback,
) -> None:
    collector.otherwise = Answer(hold=True)
    buffer = NoThreads(HttpTransport(collector.url, "sk_1"))
    buffer.put("a", EVENT)
    started = time.monotonic()
    assert not buffer.close(0.3)
    assert time.monotonic() - started < 2
    assert buffer.stats().dropped == {"unsent": 1}


def test_without_threads_the_halves_of_a_batch_share_the_time(collector: Loopback) -> None:
    collector.planned.append(Answer(status=413))
    collector.otherwise = Answer(hold=True)
    buffer = NoThreads(HttpTransport(collector.url, "sk_1"))
    for name in ("a", "b", "c", "d"):
        buffer.put(name, EVENT.replace(b'"a"', f'"{name}"'.encode()))
    started = time.monotonic()
    assert not buffer.close(0.3)
    assert time.monotonic() - started < 2
    assert [len(request.envelope["events"]) for request in collector.requests] == [4, 2]


def test_the_thread_starts_with_the_first_event_and_ends_with_the_client() -> None:
    def ours() -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread not in before]

    before = threading.enumerate()
    buffer = Buffer(MemoryTransport())
    assert ours() == []
    buffer.put("a", EVENT)
    (thread,) = ours()
    assert (thread.name, thread.daemon) == ("sayso", True)
    buffer.close(5)
    thread.join(5)
    assert not thread.is_alive()


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
    buffer = Buffer(slow, limits=Limits(linger=0.0))
    buffer.put("a", EVENT)
    assert slow.asked.wait(5)
    assert not buffer.close(0.05)
    slow.go.set()
    assert slow.answered.wait(5)
    stats = buffer.stats()
    assert (stats.delivered, stats.waiting, stats.dropped) == (0, 0, {"unsent": 1})
