"""A real `sayso serve` and the processes it is made of, found in /proc."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import requests
from sayso_ingest.warehouse import Published


class Service:
    """`sayso serve` on a folder, on free ports."""

    def __init__(self, data: Path) -> None:
        self.data = data
        ports = ["--port", "0", "--console-port", "0", "--publish-interval", "0.5"]
        command = [sys.executable, "-m", "sayso_ingest", "serve", "--data", str(data), *ports]
        self._log = (data.parent / "serve.log").open("w")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self._log, text=True)
        greeting = self._greeting()
        self.secret = _find(r"\bsk_[\w-]+", greeting)
        self.publishable = _find(r"\bpk_[\w-]+", greeting)
        self.url = _find(r"http://[\w.]+:\d+", greeting)

    def _greeting(self) -> str:
        """What it prints on an empty folder, up to the line that asks in SQL."""
        assert self.process.stdout is not None
        text = ""
        while "sayso sql" not in text:
            line = self.process.stdout.readline()
            assert line, f"serve ended: {Path(self._log.name).read_text()}"
            text += line
        return text

    def answers(self) -> bool:
        """The collector takes requests."""
        try:
            return requests.get(f"{self.url}/healthz", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def pids(self, role: str) -> list[int]:
        """Processes of a role: supervisor, collector (its main process), worker, lander, console."""
        if role == "supervisor":
            return [self.process.pid]
        children = _children(self.process.pid)
        mains = [pid for pid in children if " collect " in _command(pid)]
        if role == "collector":
            return mains
        if role == "worker":
            return [
                pid for main in mains for pid in _children(main) if "resource_tracker" not in _command(pid)
            ]
        words = {"lander": " land ", "console": " console "}
        return [pid for pid in children if words[role] in _command(pid)]

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """Ask the published copy."""
        with Published.open(self.data / "default") as published:
            return published.table(sql)[1]

    def stop(self) -> int:
        """End it as an operator would; return the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        self._log.close()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


def kill(pids: list[int]) -> None:
    """kill -9 of one of these processes, if it still lives."""
    if pids:
        try:
            os.kill(pids[0], signal.SIGKILL)
        except ProcessLookupError:
            return


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for a condition to come true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come true within {seconds} s"
        time.sleep(0.05)


def _find(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, text
    return found[0]


def _children(pid: int) -> list[int]:
    try:
        tasks = Path(f"/proc/{pid}/task").iterdir()
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except FileNotFoundError:
        return []


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""
