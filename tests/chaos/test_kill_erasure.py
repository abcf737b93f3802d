"""An erasure is killed at any point, while events come in and land: run again, it leaves nothing of anybody."""

from __future__ import annotations

import os
import random
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from integration.operate.ann import (
    ANN,
    ANSWER,
    BROWSER,
    PLANTED,
    SESSION,
    TRACES,
    asked,
    erase,
    make,
)
from integration.operate.traces import found_in
from landed import NOW, append, event, thumb
from processes import wait_until
from sayso_ingest.eventlog.sqlite import SqliteWriter
from sayso_ingest.places import live_warehouse, log_folder, project_folder
from sayso_ingest.record import Submission, encode_json, pack
from sayso_ingest.warehouse.aside import StandAside, check_not_asked
from service import COMMAND, environment, run_here

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("ERASURE_KILLS", "3"))


class Traffic:
    """A collector's writer, whose files are small, in a thread, and a lander in a process."""

    def __init__(self, data: Path) -> None:
        self.sent = 0
        self._data = data
        self._stop = threading.Event()

    @contextmanager
    def running(self) -> Iterator[None]:
        command = [*COMMAND, "land", "--data", str(self._data), "--publish-interval", "0.1"]
        thread = threading.Thread(target=self._write)
        with (self._data.parent / "land.err").open("w") as said:
            lander = subprocess.Popen(command, stderr=said, env=environment())
        thread.start()
        try:
            yield
            assert lander.poll() is None, (self._data.parent / "land.err").read_text()
        finally:
            self._stop.set()
            thread.join()
            lander.kill()
            lander.wait()

    def _write(self) -> None:
        folder = log_folder(project_folder(self._data, "default"))
        with closing(SqliteWriter(folder, rotate_bytes=20_000)) as writer:
            while not self._stop.wait(0.05):
                said = encode_json(thumb(target=f"m{self.sent}", actor="cy"))
                assert all(
                    writer.append(pack([Submission("key_1", "sk", NOW.isoformat(), events=[said])]).records)
                )
                self.sent += 1


class Erasure:
    """The command in a process of its own, from when it has begun to work on the project."""

    def __init__(self, data: Path) -> None:
        command = [*COMMAND, "erase", "--data", str(data), "--actor", ANN, "--yes"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment())
        wait_until(
            lambda: self._process.poll() is not None or is_asked(live_warehouse(data / "default").parent)
        )
        self._began = time.monotonic()

    def took(self) -> float:
        """Let it end; return the seconds that it took."""
        assert self._process.wait() == 0
        return time.monotonic() - self._began

    def kill(self, *, after: float) -> bool:
        """Kill it so many seconds after it began; say whether it had ended by itself."""
        time.sleep(max(0.0, self._began + after - time.monotonic()))
        ended = self._process.poll() is not None
        self._process.kill()
        self._process.wait()
        return ended


def is_asked(folder: Path) -> bool:
    try:
        check_not_asked(folder)
    except StandAside:
        return True
    return False


def said_by_ann(data: Path) -> None:
    asked = event("interaction", target=ANSWER, actor=ANN, session=SESSION, body={"input": f"{PLANTED}?"})
    comment = event("comment", target="answer-2", actor=ANN, anonymous=BROWSER, body={"text": f"{PLANTED}!"})
    append(project_folder(data, "default"), asked, comment)


def test_whenever_an_erasure_is_killed_the_next_one_leaves_nothing(tmp_path: Path) -> None:
    """Each store is decoded; what others said is all there, once; the log and the warehouse agree."""
    data, chance = tmp_path / "data", random.Random(5)
    make(data)
    traffic = Traffic(data)
    with traffic.running():
        longest = Erasure(data).took()
        ended = 0
        for number in range(KILLS):
            said_by_ann(data)
            ended += Erasure(data).kill(after=chance.uniform(0, longest) if number else 0.0)
    erase(data, "--actor", ANN, "--yes")
    print(f"\nkilled {KILLS - ended} of {KILLS}; {traffic.sent} events of others")
    assert ended < KILLS  # the first, as soon as it has begun
    assert found_in(data, *TRACES) == []
    found = asked(data, "SELECT count(*), count(DISTINCT event_id) FROM events WHERE actor = 'cy'")
    assert found == [(traffic.sent, traffic.sent)]
    assert asked(data, "SELECT count(*) FROM verdicts WHERE who = 'actor:cy'") == [(traffic.sent,)]
    assert run_here("verify", "--data", data).returncode == 0
