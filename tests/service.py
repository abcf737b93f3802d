"""A real `sayso serve` in processes of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests
from blank import open_warehouse
from processes import children, wait_until, with_word
from sayso_ingest import cli
from sayso_ingest.analysis import catalog
from sayso_ingest.warehouse import Published
from sayso_ingest.warehouse.published import Params

COMMAND = [sys.executable, "-m", "sayso_ingest"]


def environment(**changes: str) -> dict[str, str]:
    """The environment for a command: this checkout's packages, wherever it runs."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), **changes}


def run(*words: str | Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    arguments = [*COMMAND, *map(str, words)]
    return subprocess.run(
        arguments, check=False, capture_output=True, text=True, timeout=60, env=environment(**changes)
    )


def run_here(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in this process, which has imported already what it takes."""
    arguments = [*map(str, words)]
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        code = cli.run(arguments)
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


class Landed:
    """What a service has landed in its folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._answers: dict[tuple[str, str], tuple[object, list[tuple[Any, ...]]]] = {}

    def query(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """Ask the published copy; nothing, where nothing is published yet.

        Asked again and again until something has landed, each copy is opened once: the lander needs the processor too.
        """
        folder, question = self.data / "default", (sql, repr(params))
        version = Published.version(folder)
        if version is None:
            return []
        if question not in self._answers or self._answers[question][0] != version:
            with Published.open(folder) as copy:
                self._answers[question] = version, copy.table(sql, params)[1]
        return self._answers[question][1]

    def landed(self, event_id: str) -> bool:
        """Whether an event is in the published copy."""
        return bool(self.query("SELECT 1 FROM events WHERE event_id = ?", [event_id]))


class Service(Landed):
    """A service on a folder of its own: started, looked into, stopped."""

    def __init__(self, data: Path, *options: str, output: Path | None = None) -> None:
        super().__init__(data)
        self._out = (output or data.parent) / f"{data.name}.{uuid4().hex}.out"
        self._err = self._out.with_suffix(".err")
        ports = ["--port", "0", "--console-port", "0", "--publish-interval", "0.1"]
        if not data.exists():  # making its warehouse is a quarter of what a first start takes
            data.mkdir(mode=0o700, parents=True)
            open_warehouse(data / "default", views=catalog()).close()
        with self._out.open("w") as out, self._err.open("w") as err:
            self.process = subprocess.Popen(
                [*COMMAND, "serve", "--data", str(data), *ports, *options],
                stdout=out,
                stderr=err,
                env=environment(),
            )
        wait_until(lambda: "sayso is ready" in self.err or self.process.poll() is not None, seconds=60)
        ready = re.search(r"sayso is ready: (\S+) \(console: (\S+)\)", self.err)
        assert ready, self.err
        self.url, self.console = ready.groups()

    @property
    def out(self) -> str:
        return self._out.read_text()

    @property
    def err(self) -> str:
        return self._err.read_text()

    def printed(self, start: str) -> str:
        """Return the printed line that begins so."""
        return next(line.strip() for line in self.out.splitlines() if line.strip().startswith(start))

    @property
    def secret(self) -> str:
        """The first secret key, as printed."""
        return self._key("sk")

    @property
    def publishable(self) -> str:
        """The first publishable key, as printed."""
        return self._key("pk")

    def _key(self, kind: str) -> str:
        found = re.search(rf"\b{kind}_[\w-]+", self.out)
        assert found, self.out
        return found[0]

    def workers(self) -> list[int]:
        """Return the process ids of the collector's workers."""
        return [pid for pid in children(self.room("collect")) if "resource_tracker" not in _command(pid)]

    def room(self, name: str) -> int:
        """Return the process id of a child of the supervisor."""
        return next(pid for pid in children(self.process.pid) if f"\0{name}\0" in _command(pid))

    def processes(self) -> set[int]:
        return with_word(str(self.data))

    def send(self, secret: str, **event: Any) -> str:
        """Send a thumb until it is accepted, always with the same id; return the id."""
        body = {"id": str(uuid4()), "kind": "thumb", "target": "t", "actor": "a", "body": {"value": "up"}}
        body |= event
        wait_until(lambda: self._accepts(secret, body))
        return str(body["id"])

    def _accepts(self, secret: str, event: dict[str, Any]) -> bool:
        headers = {"Authorization": f"Bearer {secret}"}
        try:
            answer = requests.post(
                f"{self.url}/v1/events", json={"events": [event]}, headers=headers, timeout=5
            )
        except requests.RequestException:
            return False
        return answer.status_code == 200 and answer.json()["results"][0]["status"] == "accepted"

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Stop it, if it still runs, and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=30)


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode()
