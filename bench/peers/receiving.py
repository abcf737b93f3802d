"""The receiver in a process of its own, and an application that sends to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen

from bench.peers.environment import python_of, search_path
from bench.run import ROOT


class Receiving:
    """A receiver that runs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        self.port = int(process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"

    def be(self, mode: str) -> None:
        """Answer so from now on."""
        self._ask(Request(f"{self.url}/mode/{mode}", method="POST"))

    def counts(self) -> dict[str, Any]:
        """What came so far."""
        return dict(json.loads(self._ask(Request(f"{self.url}/counts"))))

    def _ask(self, request: Request) -> bytes:
        with urlopen(request, timeout=10) as answer:
            return bytes(answer.read())


@contextmanager
def receiving(mode: str = "ok", *, port: int = 0) -> Iterator[Receiving]:
    """Run a receiver."""
    command = [sys.executable, "-m", "bench.peers.receiver", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        receiver = Receiving(process)
        receiver.be(mode)
        yield receiver
    finally:
        process.kill()
        process.communicate()


def start(client: str, module: str, *words: str, **pipes: Any) -> subprocess.Popen[str]:
    """Start a module of `bench.peers` with the Python that has the client; proxies and their like are kept away."""
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment["PYTHONPATH"] = search_path()
    command = [*python_of(client), "-m", f"bench.peers.{module}", client, *words]
    return subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes)
