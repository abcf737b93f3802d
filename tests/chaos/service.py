"""A real `sayso serve` and the processes it is made of, found in /proc."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from sayso_ingest.warehouse import Published


class Service:
    """`sayso serve` on a folder, on free ports."""

    def __init__(self, data: Path) -> None:
        self.data = data
        command = [
            sys.executable,
            "-m",
            "sayso_ingest",
            "serve",
            "--data",
            str(data),
            "--port",
            "0",
            "--console-port",
            "0",
        ]
        self.log = (data.parent / "serve.log").open("w")
        self.process = subprocess.Popen(
            [*command, "--publish-interval", "0.5"], stdout=subprocess.PIPE, stderr=self.log, text=True
        )
        self.secret, self.url = self._greeting()

    def _greeting(self) -> tuple[str, str]:
        assert self.process.stdout is not None
        text = ""
        while not (re.search(r"\bsk_\S+", text) and re.search(r"http://\S+?:\d+", text)):
            line = self.process.stdout.readline()
            assert line, f"serve ended: {Path(self.log.name).read_text()}"
            text += line
        secret, url = re.search(r"\bsk_[\w-]+", text), re.search(r"http://[\w.]+:\d+", text)
        assert secret and url
        return secret[0], url[0]

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
        self.log.close()
        return code


def kill(pids: list[int]) -> None:
    """kill -9 of one of these processes, if it still lives."""
    if pids:
        try:
            os.kill(pids[0], signal.SIGKILL)
        except ProcessLookupError:
            return


def wait_until(condition: object, seconds: float, what: str) -> None:
    """Wait for a condition to come true."""
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come true within {seconds} s"
        time.sleep(0.05)


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
