"""The example applications, started as their READMEs say."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from processes import wait_until
from service import Service

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "widgets" / "examples"
NEXT = str(EXAMPLES / "node_modules" / "next" / "dist" / "bin" / "next")
VITE = str(EXAMPLES / "node_modules" / "vite" / "bin" / "vite.js")

WORD_MS = "8"  # faster than a model, slow enough to act while an answer comes


def settings(service: Service) -> dict[str, str]:
    """What an example is told: where the collector is, and a key for each side."""
    return {
        "SAYSO_URL": service.url,
        "SAYSO_KEY": service.secret,
        "PUBLIC_SAYSO_KEY": service.publishable,
        "WORD_MS": WORD_MS,
        "NEXT_TELEMETRY_DISABLED": "1",
    }


def build(node: str, service: Service) -> None:
    """Build the Next.js example. The collector's address is built into its rewrites."""
    done = subprocess.run(
        [node, NEXT, "build"],
        check=False,
        capture_output=True,
        text=True,
        cwd=EXAMPLES / "next-chat",
        env={**os.environ, **settings(service)},
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def running(
    folder: Path, command: list[str], told: dict[str, str], log: Path, **environment: str
) -> Iterator[str]:
    """Run an example, with `PORT` in its command filled in, and hand out its address."""
    port = _free_port()
    with log.open("w") as out:
        process = subprocess.Popen(
            [word.replace("PORT", str(port)) for word in command],
            cwd=folder,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **told, "PORT": str(port), **environment},
        )
    url = f"http://localhost:{port}"
    try:
        wait_until(lambda: _answers(url) or process.poll() is not None, seconds=90, what=str(folder))
        assert process.poll() is None, log.read_text()
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
    return port


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=30).ok
    except requests.RequestException:
        return False
