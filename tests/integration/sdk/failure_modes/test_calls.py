"""Modes 15 to 17: calls from where nobody expects them, and a thread that dies."""

from __future__ import annotations

import logging

import pytest
import sayso
from integration.sdk.conftest import BEGIN, RunScript
from integration.sdk.loopback import Loopback
from processes import wait_until
from sayso.buffer import Buffer


def test_mode_15_recording_from_a_log_handler_of_our_own_logger_does_not_hang(
    collector: Loopback, client: sayso.Client
) -> None:
    class Recorder(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            client.comment("log", text=record.getMessage())

    handler = Recorder()
    logging.getLogger("sayso").addHandler(handler)
    try:
        client.thumb("msg_1", value="sideways")  # type: ignore[arg-type]
        assert client.flush(10)
        assert client.flush(10)  # what the handler has recorded meanwhile
    finally:
        logging.getLogger("sayso").removeHandler(handler)
    assert [event["kind"] for event in collector.stored] == ["comment"]


def test_mode_15_signal_handlers_and_finalizers_record_while_a_call_is_under_way(
    collector: Loopback, run_script: RunScript
) -> None:
    """Both interrupt the main thread anywhere, also while it holds a lock of ours."""
    script = """
import gc, signal, time
calls = []

def note(target):
    calls.append(target)
    client.thumb(target, value="up")

class Cycle:
    def __init__(self):
        self.me = self
    def __del__(self):
        note("finalizer")

signal.signal(signal.SIGALRM, lambda *_: note("signal"))
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.002)
gc.set_threshold(20)
for _ in range(2000):
    Cycle()
    note("main")
signal.setitimer(signal.ITIMER_REAL, 0)
ends = time.monotonic() + 20
while calls.count("finalizer") < 2000 and time.monotonic() < ends:
    gc.collect()  # does nothing while another thread is at it
    time.sleep(0.01)
assert client.flush(20)
stats = client.stats()
assert stats.recorded == stats.delivered == len(calls), (stats, len(calls))
assert {"main", "signal", "finalizer"} == set(calls)
"""
    ended = run_script(BEGIN + script)
    assert ended.returncode == 0, ended.stderr
    assert len(collector.ids) == len(set(collector.ids)) >= 4000
    assert len({event["seq"] for event in collector.stored}) == len(collector.ids)


def test_mode_15_a_finalizer_that_records_does_not_stop_the_thread_from_starting(
    run_script: RunScript, collector: Loopback
) -> None:
    """The thread's first breath may collect garbage, and the first event is what starts it."""
    script = """
import gc

class Cycle:
    def __init__(self):
        self.me = self
    def __del__(self):
        record(1, "finalizer")

gc.set_threshold(20)
for _ in range(100):
    Cycle()
    record(1, "main")
gc.collect()
assert client.flush(10)
"""
    ended = run_script(BEGIN + script)
    assert ended.returncode == 0, ended.stderr
    assert collector.targets == [*["finalizer_0"] * 100, *["main_0"] * 100]


@pytest.mark.parametrize("options", [{}, {"sync": True}], ids=["in the background", "in the call"])
def test_mode_16_what_watches_our_own_requests_causes_no_further_ones(
    collector: Loopback, options: dict[str, bool]
) -> None:
    """A log handler on everything, as the debug logs of the HTTP library reach it for each request."""

    class Watcher(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            client.signal("log", name=record.name)

    client = sayso.Client(collector.url, "sk_1", limits=sayso.Limits(linger=0.0), **options)  # type: ignore[arg-type]
    assert isinstance(client._buffer, Buffer)
    shared = client._buffer._shared
    root, watcher = logging.getLogger(), Watcher()
    level = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(watcher)
    try:
        client.thumb("msg_1", value="up")
        assert client.flush(10)
        client.thumb("msg_2", value="up")
        wait_until(lambda: "msg_2" in collector.targets and client.stats().delivered > 2)
        # A storm would never let the sender sleep; within a call it would not even let the call return.
        wait_until(lambda: options or (shared.asleep and shared.backlog.first is None))
        assert client.stats().recorded < 20
    finally:
        root.removeHandler(watcher)
        root.setLevel(level)
    assert client.close(10)
    stats = client.stats()
    assert stats.recorded == stats.delivered + sum(stats.dropped.values())
    assert "log" in collector.targets
