"""Every command line that a file of deploy/ starts is one that an installed sayso takes, and what listens answers."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import requests
from deploy.files import TOOLS, Started, containers, units
from installed import build, clean_environment, install
from processes import wait_until
from sayso_ingest.eventlog import Security
from sayso_ingest.settings import Settings, table

pytestmark = pytest.mark.deploy
ROOMS = {"serve", "collect", "land", "console"}
ANYWHERE = {"SAYSO_PORT", "SAYSO_CONSOLE_PORT", "SAYSO_PRIVATE_PORT"}
READY = r"(?:sayso is ready:|The \w+ listens on) (http://\S+)|^Landing "


@pytest.fixture(scope="module")
def sayso(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program of an environment that holds what the image holds."""
    wheel = build(tmp_path_factory.mktemp("wheel"))
    extras = frozenset({"ingest", "kafka", "mining"})
    return install(wheel, tmp_path_factory.mktemp("image"), extras=extras) / "sayso"


@pytest.fixture(scope="module")
def every(require: Callable[[str, object, str], None]) -> list[Started]:
    require("kustomize and the loader of docker compose", (TOOLS / "ready").exists(), ".ci/deploy-tools")
    with tempfile.TemporaryDirectory() as folder:
        return [*units(), *containers(Path(folder)), Started("Dockerfile", ("serve",), {})]


def test_every_variable_is_a_setting(every: list[Started]) -> None:
    known = {name for row in table() for name in row.variables}
    wrong = {(one.place, name) for one in every for name in one.settings if name not in known}
    assert wrong == set()


def test_the_settings_that_each_command_line_gets_fit_each_other(
    every: list[Started], tmp_path: Path
) -> None:
    """A file of a secret that it is told of is there, and no other."""
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    secret.chmod(0o600)
    for one in every:
        told = {
            name: str(secret) if name.endswith("_FILE") else value for name, value in one.settings.items()
        }
        settings = Settings.load(environ=told)
        if {"collect", "land", "log"} & {one.words[0]}:
            Security.of(replace(settings, kafka_ca=""))


def test_every_line_names_a_command_and_options_that_it_has(
    every: list[Started], sayso: Path, tmp_path: Path
) -> None:
    for words in {one.words for one in every}:
        command = [sayso, *words, "--help"]
        outcome = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=clean_environment(),
            timeout=60,
        )
        assert outcome.returncode == 0, (words, outcome.stderr)


def test_every_room_starts_answers_and_ends_in_order(
    every: list[Started], sayso: Path, tmp_path: Path
) -> None:
    """Brokers are not there: collectors start all the same, a lander ends and names them. A lake is left out."""
    lines = {
        (one.words, "kafka:" in one.settings.get("SAYSO_LOG", "")) for one in every if one.words[0] in ROOMS
    }
    assert {words[0] for words, _ in lines} == ROOMS
    for number, (words, with_kafka) in enumerate(sorted(lines)):
        with running(sayso, words, with_kafka, tmp_path / str(number)) as url:
            if url:
                wait_until(partial(answers, url), what=f"{words} at {url}")


def answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=10).text.strip() == "ok"
    except requests.ConnectionError:
        return False


@contextmanager
def running(sayso: Path, words: tuple[str, ...], with_kafka: bool, folder: Path) -> Iterator[str | None]:
    """Start a room on free ports in a folder of its own; yield where it listens, if it does."""
    folder.mkdir()
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        log = {"SAYSO_LOG": f"kafka://127.0.0.1:{nobody.getsockname()[1]}/sayso"} if with_kafka else {}
        settings = dict.fromkeys(ANYWHERE, "0") | {"SAYSO_DATA": str(folder / "data")} | log
        with (folder / "said").open("w") as said:
            command = [sayso, *words]
            environment = clean_environment(**settings)
            process = subprocess.Popen(command, stdout=said, stderr=said, cwd=folder, env=environment)
        try:
            wait_until(lambda: process.poll() is not None or _ready(folder / "said"))
            found, text = _ready(folder / "said"), (folder / "said").read_text()
            assert found or (with_kafka and "check that the brokers are up" in text), (words, text)
            yield found[1] if found else None
            process.send_signal(signal.SIGTERM)
            ended = process.wait(timeout=40)
            assert ended == (0 if found else 1), (words, (folder / "said").read_text())
        finally:
            process.kill()
            process.wait()


def _ready(said: Path) -> re.Match[str] | None:
    return re.search(READY, said.read_text(), flags=re.MULTILINE)
