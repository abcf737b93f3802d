"""The supervisor with children that do nothing but live, die and refuse to die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from uuid import uuid4

import pytest
from processes import children, wait_until, with_word
from sayso_ingest.errors import ServiceFailed
from sayso_ingest.operate import ChildSpec, Supervisor
from sayso_ingest.operate.child import GIVE_UP_AFTER

READY = "print('ready', flush=True);"
SLEEP = "import time; time.sleep(1000)"
SLEEPER = READY + SLEEP
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SLEEPER
FAMILY = (
    f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEP!r}, sys.argv[1]]);" + SLEEPER
)


class Running:
    """A supervisor in a thread of its own, and what it said."""

    def __init__(self, **programs: str) -> None:
        self.word = f"child-{uuid4().hex}"
        self.said: list[str] = []
        self.ready = threading.Event()
        self.error: Exception | None = None
        specs = [
            ChildSpec(name, [sys.executable, "-c", program, self.word]) for name, program in programs.items()
        ]
        self.supervisor = Supervisor(specs, say=self.said.append, on_ready=self.ready.set)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.supervisor.run(self._stop)
        except ServiceFailed as error:
            self.error = error

    def pid(self, place: int = 0) -> int | None:
        return self.supervisor.children[place].pid

    def stop(self) -> None:
        self._stop.set()
        self.join()

    def join(self) -> None:
        self._thread.join(timeout=30)
        assert not self._thread.is_alive()


@pytest.fixture
def start() -> Iterator[type[Running]]:
    started: list[Running] = []

    class Kept(Running):
        def __init__(self, **programs: str) -> None:
            started.append(self)
            super().__init__(**programs)

    yield Kept
    for running in started:
        running.stop()
        assert with_word(running.word) == set(), "a child outlived its supervisor"


def test_it_is_ready_when_every_child_is_healthy(start: type[Running]) -> None:
    running = start(a=SLEEPER, b=SLEEPER)
    assert running.ready.wait(20)
    assert len(with_word(running.word)) == 2


def test_it_is_not_ready_while_a_child_has_not_said_so(start: type[Running]) -> None:
    running = start(a=SLEEPER, b=SLEEP)
    wait_until(lambda: running.supervisor.children[0].healthy)
    assert not running.ready.wait(0.3)


def test_a_child_that_is_killed_is_started_again(start: type[Running]) -> None:
    running = start(a=SLEEPER)
    assert running.ready.wait(20)
    first = running.pid()
    assert first
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: running.pid() not in (None, first) and running.supervisor.children[0].healthy)
    assert running.said == ["a was killed by signal 9; it starts again in 0.2 s."]


def test_what_a_killed_child_had_started_is_ended_before_it_starts_again(start: type[Running]) -> None:
    running = start(a=FAMILY)
    assert running.ready.wait(20)
    first = running.pid()
    assert first
    grandchildren = children(first)
    assert grandchildren
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: running.pid() not in (None, first))
    assert not grandchildren & with_word(running.word)


def test_a_child_that_never_becomes_healthy_is_given_up_and_the_others_are_stopped(
    start: type[Running],
) -> None:
    running = start(a="raise SystemExit(3)", b=SLEEPER)
    running.join()
    assert isinstance(running.error, ServiceFailed)
    assert f"a ended with exit code 3: the {GIVE_UP_AFTER}th time in a row" in str(running.error)
    assert len(running.said) == GIVE_UP_AFTER - 1
    assert with_word(running.word) == set()


def test_a_child_that_does_not_listen_is_killed_in_the_end(
    start: type[Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sayso_ingest.operate.supervisor.STOP_WITHIN", 0.5)
    running = start(deaf=DEAF)
    assert running.ready.wait(20)
    running.stop()
    assert running.said == ["deaf did not stop within 0 s: killing it."]


PARENT = """
    import sys, threading
    from sayso_ingest.operate import ChildSpec, Stop, Supervisor
    stop = Stop.on_signals()
    child = [sys.executable, "-c", sys.argv[2], sys.argv[1]]
    Supervisor([ChildSpec("a", child)], say=print, on_ready=lambda: print("ready", flush=True)).run(stop)
    print("stopped by", stop.signal, flush=True)
"""
TIED = """
    import os, sys, time
    from sayso_ingest.operate import die_with
    {deaf}
    die_with(os.getppid(), grace=0.5, poll=0.05)
    print("ready", flush=True)
    time.sleep(1000)
"""


def parent(word: str, *, deaf: str = "") -> subprocess.Popen[str]:
    """Start a supervisor in a process of its own, whose child ties its life to it; wait until it is ready."""
    program = dedent(TIED).format(deaf=deaf)
    process = subprocess.Popen(
        [sys.executable, "-c", dedent(PARENT), word, program],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_the_children_and_then_the_supervisor(number: signal.Signals, tmp_path: Path) -> None:
    with parent(str(tmp_path)) as process:
        process.send_signal(number)
        assert process.communicate(timeout=20)[0] == f"stopped by {number.value}\n"
    assert process.returncode == 0
    assert with_word(str(tmp_path)) == set()


def test_no_child_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    with parent(str(tmp_path)) as process:
        process.kill()
    wait_until(lambda: not with_word(str(tmp_path)))


def test_not_even_a_child_that_hears_no_signal(tmp_path: Path) -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    with parent(str(tmp_path), deaf=deaf) as process:
        process.kill()
    wait_until(lambda: not with_word(str(tmp_path)))
