"""Servers in processes of their own: ours alone, an empty view behind the same server, ours behind other servers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from processes import wait_until

from bench.run import ROOT

COMMAND = (sys.executable, "-m", "sayso_ingest")


@dataclass(frozen=True)
class Serving:
    """A server that answers."""

    url: str
    secret: str
    pid: int


@contextmanager
def collecting(data: Path, *options: str) -> Iterator[Serving]:
    """Run `sayso collect` alone: the collector without anything that reads what it writes."""
    secret, port = make_key(data), free_port()
    command = [*COMMAND, "collect", "--data", str(data), "--port", str(port), *options]
    with _running([*command, "--host", "127.0.0.1"], port) as pid:
        yield Serving(f"http://127.0.0.1:{port}", secret, pid)


@contextmanager
def empty(what: str) -> Iterator[Serving]:
    """Run a Flask "view" or WSGI "app" that reads its request and says nothing, behind the same server as ours."""
    port = free_port()
    with _running([sys.executable, "-m", "bench.load.empty", what, str(port)], port) as pid:
        yield Serving(f"http://127.0.0.1:{port}", "sk_none", pid)


@contextmanager
def behind(server: str, data: Path, packages: Path) -> Iterator[Serving]:
    """Run our collector behind gunicorn or waitress: two processes of 32 threads, as ours has."""
    secret, port = make_key(data), free_port()
    here = [str(ROOT), *filter(None, sys.path), str(packages)]
    environment = {**os.environ, "SAYSO_DATA": str(data), "PYTHONPATH": os.pathsep.join(here)}
    commands = {
        "gunicorn": ["gunicorn", "-w2", "-kgthread", "--threads=32", "--keep-alive=60", f"-b127.0.0.1:{port}",
                     "--log-level=error", "bench.load.apps:collector()"],
        "waitress": ["bench.load.waitress_pair", str(port)],
    }  # fmt: skip
    with _running([sys.executable, "-m", *commands[server]], port, environment) as pid:
        yield Serving(f"http://127.0.0.1:{port}", secret, pid)


def make_key(data: Path) -> str:
    """A secret key of a new project."""
    command = [*COMMAND, "keys", "create", "--kind", "sk", "--data", str(data)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(command: list[str], port: int, environment: Mapping[str, str] | None = None) -> Iterator[int]:
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        wait_until(lambda: _listens(port) or process.poll() is not None, what=" ".join(command))
        assert process.poll() is None, f"it ended at once: {' '.join(command)}"
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
