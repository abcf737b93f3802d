"""A lander that waits for the end of another: real processes, killed and stopped."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from landed import append, event
from processes import wait_until
from sayso_ingest.operate.project import ensure_project
from service import COMMAND, Landed, environment, run

TAKES_OVER_WITHIN = 5.0


class Landers:
    """Landers of one folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        command = [*COMMAND, "land", "--data", str(self.data), "--publish-interval", "0.1", *words]
        with (self.data / f"{len(self.processes)}.err").open("w") as said:
            self.processes.append(subprocess.Popen(command, stderr=said, env=environment()))
        return self.processes[-1]

    def said(self, number: int) -> str:
        return (self.data / f"{number}.err").read_text()

    def send(self) -> str:
        one = event()
        append(self.data / "default", one)
        return str(one["id"])

    def landed(self, event_id: str) -> bool:
        # A new look each time: the copy is replaced while it is asked.
        return bool(Landed(self.data).query("SELECT 1 FROM events WHERE event_id = ?", [event_id]))


@pytest.fixture
def landers(tmp_path: Path) -> Iterator[Landers]:
    ensure_project(tmp_path, "default")
    running = Landers(tmp_path)
    yield running
    for process in running.processes:
        process.kill()
        process.wait()


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_standby_takes_over_within_five_seconds_and_lands_each_event_once(
    landers: Landers, end: int
) -> None:
    first = landers.start()
    before = landers.send()
    wait_until(lambda: landers.landed(before), what="the first event landed")
    landers.start("--standby")
    wait_until(lambda: "waits for its end" in landers.said(1), what="the second one waiting")
    assert "Landing" not in landers.said(1)

    meanwhile = landers.send()
    os.kill(first.pid, end)
    began = time.monotonic()
    after = landers.send()
    wait_until(lambda: landers.landed(after), seconds=30, what="an event landed by the standby")
    assert time.monotonic() - began < TAKES_OVER_WITHIN
    assert landers.landed(meanwhile)
    counts = Landed(landers.data).query("SELECT count(*), count(DISTINCT event_id) FROM events")
    assert counts == [(3, 3)]


def test_a_standby_that_is_stopped_while_it_waits_ends_at_once(landers: Landers) -> None:
    landers.start()
    wait_until(lambda: "Landing" in landers.said(0), what="the first one at work")
    waiting = landers.start("--standby")
    wait_until(lambda: "waits for its end" in landers.said(1), what="the second one waiting")
    waiting.terminate()
    assert waiting.wait(timeout=5) == 0
    assert landers.processes[0].poll() is None
    assert "Landing" not in landers.said(1)


def test_a_standby_says_that_it_waits_for_another_one_where_it_is_asked_whether_it_is_ready(
    landers: Landers,
) -> None:
    landers.start()
    wait_until(lambda: "Landing" in landers.said(0), what="the first one at work")
    landers.start("--standby", "--private-port", "0")
    wait_until(lambda: "waits for its end" in landers.said(1), what="the second one waiting")
    url = re.search(r"http://\S+:\d+", landers.said(1))
    assert url, landers.said(1)
    answer = requests.get(f"{url[0]}/readyz", timeout=10)
    assert (answer.status_code, "it stands by: another lander is at work" in answer.text) == (503, True)


def test_two_landers_never_write_at_once(landers: Landers) -> None:
    """Neither all projects twice, nor one of them beside all."""
    landers.start()
    wait_until(lambda: "Landing" in landers.said(0), what="the first one at work")
    for words in ([], ["--project", "default"]):
        second = run("land", "--data", landers.data, *words)
        assert second.returncode == 1
        assert "A lander is at work" in second.stderr
        assert "--standby" in second.stderr


def test_landers_of_different_projects_work_side_by_side(landers: Landers) -> None:
    ensure_project(landers.data, "other")
    landers.start("--project", "default")
    landers.start("--project", "other")
    for number in (0, 1):
        wait_until(lambda number=number: "Landing project" in landers.said(number), what="both at work")
    third = run("land", "--data", landers.data)
    assert (third.returncode, "A lander is at work" in third.stderr) == (1, True)
