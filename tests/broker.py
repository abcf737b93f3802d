"""One real Kafka broker (KRaft, one node) in a temporary folder on loopback, for tests marked `kafka`.

`with running_broker(folder) as broker`; the fixture `kafka_broker` is one for the whole session.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
JARS = ROOT / ".cache" / "kafka" / "libs"
CLUSTER_ID = "c2F5c28tdGVzdHMtMDAwMA"
READY_WITHIN = 60.0
"""Seconds; it takes about 3 on a machine that has nothing else to do."""
QUICK = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"]
QUIET = ["-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"]

PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
auto.create.topics.enable=false
num.partitions=2
log.retention.check.interval.ms=500
log.dirs={folder}/data
"""


@dataclass(frozen=True)
class Broker:
    """A broker that answers."""

    address: str
    pid: int

    def url(self, prefix: str) -> str:
        """Return the address of event logs whose topics begin with `prefix`."""
        return f"kafka://{self.address}/{prefix}"


class BrokerFailed(Exception):
    """The broker did not start."""


def can_run() -> bool:
    """Tell whether Java and the broker's jars are here (`make test-kafka` sees to both)."""
    return shutil.which("java") is not None and any(JARS.glob("kafka_2.13-*.jar"))


@contextmanager
def running_broker(folder: Path) -> Iterator[Broker]:
    """Format a broker's storage in an empty folder, run the broker for the block, and kill it."""
    process, port = _started(folder)
    try:
        yield Broker(address=f"127.0.0.1:{port}", pid=process.pid)
    finally:
        process.kill()
        process.wait()


def _started(folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start on ports that were free a moment ago; where another process was faster, on others."""
    for attempt in range(3):
        place = folder / f"attempt-{attempt}"
        place.mkdir()
        port, controller = free_ports(2)
        settings = place / "server.properties"
        settings.write_text(PROPERTIES.format(port=port, controller=controller, folder=place))
        with (place / "output.log").open("wb") as output:
            _run(["kafka.tools.StorageTool", "format", "--standalone", "-t", CLUSTER_ID, "-c", str(settings)])
            process = subprocess.Popen(
                java(["kafka.Kafka", str(settings)]), stdout=output, stderr=subprocess.STDOUT
            )
        if answers(process, port):
            return process, port
    raise BrokerFailed(f"The broker ended at once:\n{(place / 'output.log').read_text()[-4000:]}")


def listens(port: int) -> bool:
    """Tell whether somebody takes connections there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until the port is open; False when the process ended instead."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            return False
        if listens(port):
            return True
        time.sleep(0.05)
    process.kill()
    process.wait()
    raise BrokerFailed(f"The broker did not open port {port} within {READY_WITHIN:.0f} s.")


def _run(arguments: list[str]) -> None:
    done = subprocess.run(java(arguments), capture_output=True, text=True, timeout=READY_WITHIN, check=False)
    if done.returncode != 0:
        raise BrokerFailed(f"Formatting the broker's storage failed:\n{done.stdout}{done.stderr}")


def java(arguments: list[str], options: Sequence[str] = QUICK) -> list[str]:
    """The command that runs a class of the broker's jars."""
    # Where util-linux is, the broker dies with the test process even if that is killed.
    tied = ["setpriv", "--pdeathsig", signal.Signals.SIGKILL.name[3:]] if shutil.which("setpriv") else []
    return [*tied, "java", *options, *QUIET, "-cp", f"{JARS}{os.sep}*", *arguments]


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on at this moment."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
