"""A lander of a lake that runs: its servers go away and come back, it is killed and another one takes over."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from lakes import PROJECT, Servers
from landed import append, thumb
from processes import wait_until
from sayso_ingest.analysis import catalog
from sayso_ingest.operate import ensure_project
from sayso_ingest.warehouse import Lake, Published
from service import COMMAND, environment, run_here

pytestmark = pytest.mark.lake

SAID = {
    "postgres": ("Connection refused", "Start PostgreSQL"),
    "s3": ("Could not connect to server", "Start the S3 server"),
}
"""Of a server that is away, why, and what to do."""


class Landers:
    """Landers of a lake, and what was sent to them."""

    def __init__(self, data: Path, servers: Servers, lake: Lake) -> None:
        self.data, self.servers, self.lake = data, servers, lake
        self.environ = servers.environ(lake)
        self.sent: list[str] = []
        self._seen: object = None
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        command = [*COMMAND, "land", "--data", str(self.data), "--publish-interval", "0.1", *words]
        with self._err(len(self.processes)).open("w") as said:
            process = subprocess.Popen(command, stderr=said, env=environment(**self.environ))
        self.processes.append(process)
        return process

    def said(self, number: int) -> str:
        return self._err(number).read_text()

    def send(self, count: int) -> None:
        events = [thumb(target=f"m{n}") for n in range(count)]
        append(self.data / PROJECT, *events)
        self.sent += [event["id"] for event in events]

    def all_landed(self) -> bool:
        """Whether everything that was sent is published, once; each commit is opened once."""
        version = Published.version(self.lake)
        if version is None or version == self._seen:
            return False
        with Published.open(self.lake) as published:
            ids = [str(id_) for (id_,) in published.table("SELECT event_id FROM events")[1]]
        self._seen = version
        return sorted(ids) == sorted(self.sent)

    def readiness(self) -> str:
        """What the private port of the first one says."""
        found = re.search(r"Health and metrics: (\S+)/metrics", self.said(0))
        assert found, self.said(0)
        try:
            with urlopen(f"{found[1]}/readyz", timeout=5) as answer:
                return str(answer.read().decode())
        except HTTPError as error:
            with error:
                return error.read().decode()
        except OSError as error:
            assert self.processes[0].poll() is None, self.said(0)
            return str(error)  # the machine is busy

    def _err(self, number: int) -> Path:
        return self.data / f"{number}.err"


@pytest.fixture(scope="module")
def landers(lake_servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Landers]:
    """One that has landed something, and one that stands by."""
    data = tmp_path_factory.mktemp("data")
    ensure_project(data, PROJECT)
    running = Landers(data, lake_servers, lake_servers.blank(data, catalog()))
    running.start("--private-port", "0")
    running.send(3)
    wait_until(running.all_landed, what="the first events landed")
    yield running
    for process in running.processes:
        process.kill()
        process.wait()


@pytest.fixture
def settings(landers: Landers, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings that lead to the lake, for commands of this process."""
    for name, value in landers.environ.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("server", ["postgres", "s3"])
def test_while_a_server_of_the_lake_is_away_the_lander_waits_and_says_so_and_then_goes_on(
    landers: Landers, settings: None, server: str
) -> None:
    """It is said in the log, at /readyz, by status and doctor; more comes in than the catalog keeps by itself."""
    before = len(landers.said(0))
    landers.servers.kill(server)
    try:
        landers.send(150)
        wait_until(lambda: "trying again" in landers.said(0)[before:], what="the lander says that it failed")
        wait_until(lambda: "failed" in landers.readiness(), what="/readyz says so")
        landers.send(1)
        status, doctor = (run_here(word, "--data", landers.data) for word in ("status", "doctor"))
    finally:
        landers.servers.start_postgres() if server == "postgres" else landers.servers.start_s3()
    wait_until(landers.all_landed, what="all landed")
    wait_until(lambda: landers.readiness() == "ready\n", what="/readyz says that all is well")

    reason, advice = SAID[server]
    for told in (landers.said(0)[before:], status.stderr, doctor.stdout):
        assert reason in told
    assert advice in doctor.stdout
    assert f"Process {landers.processes[0].pid} lands" in doctor.stdout
    assert not {"Traceback", "unexpected"} & set(landers.said(0).split())


def test_a_standby_takes_over_where_the_first_one_was_killed_and_lands_each_event_once(
    landers: Landers,
) -> None:
    landers.start("--standby")
    wait_until(lambda: "waits for its end" in landers.said(1), what="the second one waiting")
    landers.send(150)
    landers.processes[0].kill()
    landers.processes[0].wait()
    landers.send(1)
    wait_until(landers.all_landed, what="all landed by the standby")
