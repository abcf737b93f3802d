"""deploy/systemd/README.md, "Several machines", with real brokers: a folder stands for each machine."""

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

import pytest
import requests
from broker import free_ports
from cluster import PASSWORD, Cluster
from deploy.files import DEPLOY
from processes import wait_until
from sayso import Client
from service import COMMAND, Landed, environment

pytestmark = pytest.mark.kafka
SECTION = (DEPLOY / "systemd" / "README.md").read_text().split("## Several machines")[1].split("\n## ")[0]


def settings(cluster: Cluster, folder: Path) -> dict[str, str]:
    """What the manual puts into the file of settings of a machine, with these brokers, and what systemd adds."""
    told = dict(re.findall(r"(?m)^    (SAYSO_\w+)=(\S+)$", SECTION))
    assert {"SAYSO_LOG", "SAYSO_KAFKA_SECURITY", "SAYSO_KAFKA_CA", "SAYSO_KAFKA_USER"} <= told.keys()
    brokers = re.compile(r"(?<=kafka://)[^/]+")
    told["SAYSO_LOG"] = brokers.sub(cluster.servers("SASL_TLS"), told["SAYSO_LOG"])
    told["SAYSO_KAFKA_CA"] = cluster.certificates.ca
    told |= dict.fromkeys(("SAYSO_PORT", "SAYSO_PRIVATE_PORT", "SAYSO_CONSOLE_PORT"), "0")
    credentials = folder.parent / "credentials"
    credentials.mkdir(mode=0o700)
    (credentials / "SAYSO_KAFKA_PASSWORD").write_text(f"{PASSWORD}\n")
    (credentials / "SAYSO_KAFKA_PASSWORD").chmod(0o400)
    return {**told, "SAYSO_DATA": str(folder), "CREDENTIALS_DIRECTORY": str(credentials)}


@contextmanager
def started(unit: str, folder: Path, told: dict[str, str], *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start what a unit starts, with options that the manual has put in."""
    (line,) = re.findall(
        r"(?m)^ExecStart=/opt/sayso/bin/sayso (.+)$", (DEPLOY / "systemd" / unit).read_text()
    )
    with (folder.parent / f"{folder.name}.{unit}.said").open("a") as said:
        process = subprocess.Popen(
            [*COMMAND, *line.split(), *more], stdout=said, stderr=said, env=environment(**told)
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
    kafka_cluster: Cluster, tmp_path: Path
) -> None:
    """By TLS and signing in. One lander is killed on the way, and the one that waits goes on."""
    landing, collectors = tmp_path / "landing", [tmp_path / "first", tmp_path / "second"]
    told = settings(kafka_cluster, landing) | {"SAYSO_PRIVATE_PORT": str(*free_ports(1))}

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
        assert "s/--standby/& --private-port 8713/" in SECTION
        running.enter_context(started("sayso-land.service", landing, told, "--private-port", "0"))
        for folder in collectors:
            folder.mkdir()
            for name in ("keys.json", "projects.json"):
                shutil.copy(landing / name, folder / name)
            here = {**told, "SAYSO_DATA": str(folder), "SAYSO_PRIVATE_PORT": "0"}
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
    assert not any(PASSWORD in said.read_text() for said in tmp_path.glob("*.said"))
