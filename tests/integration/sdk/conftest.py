"""A collector on loopback, and a client of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sayso
from integration.sdk.loopback import Loopback
from processes import wait_until
from sayso.testing import MemoryTransport

BEGIN = """
import os, sys, sayso, threading
client = sayso.Client.from_env()
def record(n, target="msg"):
    for number in range(n):
        client.thumb(f"{target}_{number}", value="up")
"""
"""How a script begins that records thumbs."""


def leave(folder: Path, count: int, url: str = "", key: str = "") -> list[str]:
    """Let a client end with events that nobody has taken."""
    away = MemoryTransport()
    away.fail(1000)
    client = sayso.Client(url, key, transport=away, spool_dir=folder)
    ids = [client.thumb(f"msg_{number}", value="up") for number in range(count)]
    client.close(0)
    return ids


def replayed(client: sayso.Client, count: int) -> None:
    """Wait until a client has found so many events that others have left, and none of them waits any more."""
    wait_until(lambda: client.stats().recorded >= count and client.stats().waiting == 0)


SDK = Path(__file__).resolve().parents[3] / "sdk"

RunScript = Callable[..., "subprocess.CompletedProcess[str]"]


def environment(url: str) -> dict[str, str]:
    """What an application finds that reads its settings from the environment, and nothing else."""
    return {"SAYSO_URL": url, "SAYSO_KEY": "sk_1", "PYTHONPATH": str(SDK)}


@pytest.fixture
def collector() -> Iterator[Loopback]:
    """A server that accepts everything until it is told otherwise."""
    with Loopback().running() as running:
        yield running


@pytest.fixture
def client(collector: Loopback) -> Iterator[sayso.Client]:
    """A client of it that does not linger."""
    made = sayso.Client(collector.url, "sk_1", limits=sayso.Limits(linger=0.0))
    yield made
    collector.let_go.set()
    made.close(0)


@pytest.fixture
def run_script(collector: Loopback) -> RunScript:
    """Run a script in a process of its own, as an application that reads its settings from the environment."""

    def run(
        script: str, *, url: str = "", timeout: float = 30.0, folder: Path | None = None, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", script],
            cwd=folder,
            env=environment(url or collector.url) | settings,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return run
