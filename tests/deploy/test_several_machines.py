"""deploy/systemd/README.md, "Several machines", with a real broker: a folder stands for each machine."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from broker import Broker
from deploy.files import DEPLOY
from processes import wait_until
from sayso import Client
from service import COMMAND, Landed, environment

pytestmark = pytest.mark.kafka
SECTION = (DEPLOY / "systemd" / "README.md").read_text().split("## Several machines")[1].split("\n## ")[0]


def settings(broker: Broker, folder: Path) -> dict[str, str]:
    """What stands in the file of settings of a machine, with this broker and any port."""
    anywhere = dict.fromkeys(("SAYSO_PORT", "SAYSO_PRIVATE_PORT", "SAYSO_CONSOLE_PORT"), "0")
    return {"SAYSO_LOG": broker.url(f"machines-{uuid4().hex[:8]}"), "SAYSO_DATA": str(folder), **anywhere}


@contextmanager
def started(unit: str, folder: Path, told: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Start what a unit starts."""
    (line,) = re.findall(
        r"(?m)^ExecStart=/opt/sayso/bin/sayso (.+)$", (DEPLOY / "systemd" / unit).read_text()
    )
    with (folder.parent / f"{folder.name}.{unit}.said").open("a") as said:
        process = subprocess.Popen(
            [*COMMAND, *line.split()], stdout=said, stderr=said, env=environment(**told)
        )
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=40)
    finally:
        process.kill()
        process.wait()


def listens(folder: Path, unit: str) -> str | None:
    found = re.search(r"listens on (\S+)", (folder.parent / f"{folder.name}.{unit}.said").read_text())
    return found[1] if found else None


def answers(folder: Path) -> bool:
    try:
        url = listens(folder, "sayso-collect.service")
        return url is not None and requests.get(f"{url}/readyz", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False


def test_the_lines_of_the_manual_bring_a_thumb_from_any_collector_to_the_machine_that_lands(
    kafka_broker: Broker, tmp_path: Path
) -> None:
    """One lander is killed on the way, and the one that waits goes on."""
    landing, collectors = tmp_path / "landing", [tmp_path / "first", tmp_path / "second"]
    told = settings(kafka_broker, landing)

    def sayso(line: str) -> str:
        assert line in SECTION, "the manual says it otherwise"
        words = [*COMMAND, *line.split()]
        done = subprocess.run(
            words, check=True, capture_output=True, text=True, env=environment(**told), timeout=60
        )
        return done.stdout

    (secret,) = set(re.findall(r"\bsk_[\w-]+", sayso("projects create default")))
    sayso("log create")
    with ExitStack() as running:
        first = running.enter_context(started("sayso-land.service", landing, told))
        running.enter_context(started("sayso-land.service", landing, told))
        for folder in collectors:
            folder.mkdir()
            for name in ("keys.json", "projects.json"):
                shutil.copy(landing / name, folder / name)
            here = {**told, "SAYSO_DATA": str(folder)}
            running.enter_context(started("sayso-collect.service", folder, here))
        for number, folder in enumerate(collectors):
            wait_until(partial(answers, folder), what=f"a collector in {folder}")
            if number:
                os.kill(first.pid, signal.SIGKILL)
            with Client(str(listens(folder, "sayso-collect.service")), secret) as client:
                client.thumb(f"machine {number}", value="up", actor="a")
                assert client.flush(30)
        landed = Landed(landing)
        question = "SELECT target FROM verdicts ORDER BY target"
        wait_until(lambda: landed.query(question) == [("machine 0",), ("machine 1",)], what="both thumbs")
