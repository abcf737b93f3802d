"""A real `sayso serve` in a process of its own, on free ports, reachable from this machine alone."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sayso_ingest.demo.command_line import PROJECT
from sayso_ingest.errors import ServiceFailed

_READY = re.compile(r"sayso is ready: (\S+) \(console: (\S+)\)")
_START_WITHIN = 60.0
_STOP_WITHIN = 20.0
_LINES_KEPT = 20


@contextmanager
def running_service(data: Path) -> Iterator[str]:
    """Start the service on a folder, give its address when it is ready, and stop it at the end.

    Raises:
        ServiceFailed: it ended, or was not ready in time; the message has its last lines.
    """
    with _running(data, console_port=0) as (collector, _console):
        yield collector


@contextmanager
def running_console(data: Path, *, port: int) -> Iterator[str]:
    """Start the service on a folder, and give the address of its console; raises like `running_service`."""
    with _running(data, console_port=port) as (_collector, console):
        yield console


@contextmanager
def _running(data: Path, *, console_port: int) -> Iterator[tuple[str, str]]:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "sayso_ingest", "serve", *_options(data, console_port)],
        stdout=subprocess.DEVNULL,  # the first keys: whoever started the demo does not need them
        stderr=subprocess.PIPE,
        text=True,
    )
    said = _Said(process)
    try:
        yield said.addresses()
    finally:
        process.terminate()
        try:
            process.wait(_STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        said.close()


def _options(data: Path, console_port: int) -> list[str]:
    # All that matters is given here, so that no setting of the environment leads to another log.
    return [
        *("--data", str(data), "--project", PROJECT, "--log", "sqlite", "--publish-interval", "1"),
        *("--host", "127.0.0.1", "--port", "0"),
        *("--console-host", "127.0.0.1", "--console-port", str(console_port)),
    ]


class _Said:
    """Reads what the service says, so that it never waits for a reader, and keeps the last lines."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lines: deque[str] = deque(maxlen=_LINES_KEPT)
        self._addresses: tuple[str, str] | None = None
        self._known = threading.Event()
        self._reader = threading.Thread(target=self._read, args=(process.stderr,), daemon=True)
        self._reader.start()

    def addresses(self) -> tuple[str, str]:
        """Wait until the service says that it is ready, and where its collector and its console are."""
        self._known.wait(_START_WITHIN)
        if self._addresses is None:
            what = "is not ready yet" if self._process.poll() is None else "has ended"
            raise ServiceFailed("\n".join([f"`sayso serve` {what}. Its last lines:", *self._lines]))
        return self._addresses

    def close(self) -> None:
        """Read to the end."""
        self._reader.join()
        if self._process.stderr:
            self._process.stderr.close()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self._lines.append(line.rstrip())
            if self._addresses is None and (ready := _READY.search(line)):
                self._addresses = ready[1], ready[2]
                self._known.set()
        self._process.wait()
        self._known.set()
