"""deploy/compose/kafka.yml without containers: its brokers, with its settings, and the command lines between them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
import requests
from broker import BrokerFailed, answers, can_run, free_ports, java
from cluster import SMALL, copy_storage
from deploy.files import DEPLOY, TOOLS, Document, blocks, composed
from processes import wait_until
from sayso import Client
from service import COMMAND, Landed, environment

pytestmark = [pytest.mark.deploy, pytest.mark.usefixtures("sockets_collected")]
FOLDER = DEPLOY / "compose"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
BROKERS = ("kafka-1", "kafka-2", "kafka-3")
NOT_OF_THE_BROKER = {"KAFKA_HEAP_OPTS"}


@dataclass
class Composed:
    """What the file starts, on ports of this machine."""

    folder: Path
    document: Document
    names: dict[str, str] = field(default_factory=dict)
    """What a name and port of the containers' network is here."""
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def here(self, text: str) -> str:
        for name, address in self.names.items():
            text = text.replace(name, address)
        return text

    def said(self, name: str) -> str:
        return (self.folder / f"{name}.said").read_text()

    def start(self, name: str, words: list[str], told: Mapping[str, str]) -> None:
        with (self.folder / f"{name}.said").open("w") as said:
            self.running[name] = subprocess.Popen(words, stdout=said, stderr=said, env=environment(**told))

    def broker(self, name: str) -> None:
        """What the image does: each variable KAFKA_A_B is the property a.b, and its disk is formatted."""
        ports = [self.names[f"{name}:{port}"] for port in (9092, 9093)]
        given = self.document["services"][name]["environment"]
        lines = [
            f"{key.removeprefix('KAFKA_').lower().replace('_', '.')}={value}"
            for key, value in given.items()
            if key.startswith("KAFKA_") and key not in NOT_OF_THE_BROKER
        ]
        text = "\n".join(lines).replace("PLAINTEXT://:9092", f"PLAINTEXT://{ports[0]}")
        text = text.replace("CONTROLLER://:9093", f"CONTROLLER://{ports[1]}")
        text = text.replace("/var/lib/kafka/data", str(self.folder / name))
        settings = self.folder / f"{name}.properties"
        settings.write_text(self.here(text))
        if name != BROKERS[0]:
            copy_storage(self.folder / BROKERS[0], self.folder / name, BROKERS.index(name) + 1)
        else:
            tool = ["kafka.tools.StorageTool", "format", "-t", given["CLUSTER_ID"], "-c", str(settings)]
            subprocess.run(java(tool), check=True, capture_output=True, timeout=60)
        self.start(name, java(["kafka.Kafka", str(settings)], SMALL), {})

    def told(self, name: str) -> dict[str, str]:
        """The settings that a service of ours gets."""
        given = self.document["services"][name].get("environment", {})
        anywhere = dict.fromkeys(("SAYSO_PORT", "SAYSO_PRIVATE_PORT", "SAYSO_CONSOLE_PORT"), "0")
        settings = {key: self.here(value) for key, value in given.items() if key.startswith("SAYSO_")}
        return settings | anywhere | {"SAYSO_WORKERS": "1", "SAYSO_DATA": str(self.folder / "data")}

    def room(self, name: str, number: int = 1) -> None:
        words = self.document["services"][name]["command"]
        self.start(f"{name}-{number}", [*COMMAND, *words], self.told(name))

    def once(self, name: str, *words: str) -> str:
        """What `docker compose run SERVICE WORDS` prints."""
        done = subprocess.run(
            [*COMMAND, *(words or self.document["services"][name]["command"])],
            check=False,
            capture_output=True,
            text=True,
            env=environment(**self.told(name)),
            timeout=90,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def kill(self, name: str) -> None:
        """`docker compose kill`."""
        self.running[name].kill()
        self.running[name].wait()

    def end(self) -> None:
        """End everything in order, brokers last."""
        for name in reversed(self.running):
            if name not in BROKERS:
                self.running[name].terminate()
                self.running[name].wait(timeout=60)
        for name in BROKERS:
            self.kill(name)

    def proxy(self, *collectors: str) -> None:
        """nginx, with the collectors in place of what the containers' network calls so."""
        text = (FOLDER / "nginx.conf").read_text().replace("/tmp/", f"{self.folder}/")
        servers = "".join(f"server {url.removeprefix('http://')};" for url in collectors)
        text = text.replace("events {}", "daemon off; events {}")
        text = text.replace("resolver", f"upstream collectors {{ {servers} }} resolver")
        text = text.replace("http://collector:8710", "http://collectors")
        text = text.replace("listen 8710", f"listen {self.names['proxy:8710']}")
        (self.folder / "nginx.conf").write_text(text)
        self.start("proxy", [str(NGINX), "-e", "stderr", "-c", str(self.folder / "nginx.conf")], {})


@contextmanager
def brought_up(folder: Path) -> Iterator[Composed]:
    stack = Composed(folder, composed(FOLDER / "kafka.yml", folder))
    wanted = [f"{name}:{port}" for name in BROKERS for port in (9092, 9093)] + ["proxy:8710"]
    stack.names = {
        name: f"127.0.0.1:{port}" for name, port in zip(wanted, free_ports(len(wanted)), strict=True)
    }
    with ExitStack() as ends:
        ends.callback(stack.end)
        for name in BROKERS:
            stack.broker(name)
        for name in BROKERS:
            port = int(stack.names[f"{name}:9092"].rpartition(":")[2])
            if not answers(stack.running[name], port):
                raise BrokerFailed(stack.said(name)[-4000:])
        yield stack


def ready(stack: Composed, name: str, says: str) -> str:
    found: list[str] = []

    def seen() -> bool:
        assert stack.running[name].poll() is None, stack.said(name)
        found[:] = re.findall(says, stack.said(name))
        return bool(found)

    wait_until(seen, what=f"{name} ({says})")
    return found[0]


def healthy(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=5).text.strip() == "ok"
    except requests.ConnectionError:
        return False


def test_what_the_file_starts_takes_a_thumb_through_the_proxy_also_while_a_broker_is_away(
    tmp_path: Path, require: Callable[[str, object, str], None]
) -> None:
    require("A Kafka broker (Java and its jars)", can_run(), "make test-deploy")
    require("The loader of docker compose", (TOOLS / "bin" / "compose").exists(), ".ci/deploy-tools")
    require("nginx", NGINX, "apt-get install nginx-light")
    first = "\n".join(blocks(FOLDER / "README.md", "Start"))
    assert "run --rm --no-deps service projects create default" in first
    assert "kill kafka-2" in "\n".join(blocks(FOLDER / "README.md", "Prove it works"))
    with brought_up(tmp_path) as stack:
        (secret,) = set(re.findall(r"\bsk_[\w-]+", stack.once("lander", "projects", "create", "default")))
        stack.once("topics")
        for number in range(stack.document["services"]["collector"]["deploy"]["replicas"]):
            stack.room("collector", number)
        stack.room("lander")
        stack.proxy(*(ready(stack, f"collector-{number}", r"listens on (\S+)") for number in range(2)))
        url = f"http://{stack.names['proxy:8710']}"
        wait_until(partial(healthy, url), what="the proxy")
        for target in ("all brokers", "one less"):
            if target == "one less":
                stack.kill("kafka-2")
            with Client(url, secret) as client:
                client.thumb(target, value="up", actor="a")
                assert client.flush(30)
        landed = Landed(tmp_path / "data")
        question = "SELECT target FROM verdicts ORDER BY target"
        wait_until(lambda: landed.query(question) == [("all brokers",), ("one less",)], what="both thumbs")
