"""Modes 15 to 17: calls from where nobody expects them, and a thread that dies."""

from __future__ import annotations

import logging

import sayso
from integration.sdk.conftest import BEGIN, RunScript
from integration.sdk.loopback import Loopback


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
import gc, signal
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
record(1)
assert client.flush(10)
calls.append("before")
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.002)
gc.set_threshold(20)
for _ in range(2000):
    Cycle()
    note("main")
signal.setitimer(signal.ITIMER_REAL, 0)
gc.collect()
assert client.flush(20)
stats = client.stats()
assert stats.recorded == stats.delivered == len(calls), (stats, len(calls))
assert {"before", "main", "signal", "finalizer"} == set(calls)
"""
    ended = run_script(BEGIN + script)
    assert ended.returncode == 0, ended.stderr
    assert len(collector.ids) == len(set(collector.ids)) >= 4000
    assert len({event["seq"] for event in collector.stored}) == len(collector.ids)
