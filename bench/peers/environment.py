"""Where the peers are installed: apart from ours, so that neither changes what the other depends on."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

from bench.run import CACHE, ROOT

PACKAGES = ("posthog", "langfuse", "segment-analytics-python", "sentry-sdk")
SERVERS = ("gunicorn", "waitress")
PEERS_HOME = CACHE / "bench-peers"
SERVERS_HOME = CACHE / "bench-servers"


def peers_python() -> Path:
    """The Python that has the peers, made at first."""
    python = PEERS_HOME / "bin" / "python"
    if not _ready(PEERS_HOME, PACKAGES):
        subprocess.run([sys.executable, "-m", "venv", str(PEERS_HOME)], check=True)
        _pip(python, "install", "--upgrade", *PACKAGES)
        _mark(PEERS_HOME, PACKAGES)
    return python


def servers_folder() -> Path:
    """A folder of packages with the servers that ours is measured beside, made at first."""
    if not _ready(SERVERS_HOME, SERVERS):
        _pip(Path(sys.executable), "install", "--upgrade", "--target", str(SERVERS_HOME), *SERVERS)
        _mark(SERVERS_HOME, SERVERS)
    return SERVERS_HOME


def places() -> list[Path]:
    """The folders of packages that are there."""
    peers = Path(sysconfig.get_path("purelib", vars={"base": str(PEERS_HOME)}))
    return [place for place in (peers, SERVERS_HOME) if place.exists()]


def python_of(client: str) -> list[str]:
    """The command that runs a module with what a client needs, and the packages of this checkout."""
    return [sys.executable if client in ("sayso", "bare") else str(peers_python())]


def search_path() -> str:
    """PYTHONPATH for modules of the bench and our SDK; not for the pipeline, which peers do not have."""
    return f"{ROOT}:{ROOT / 'sdk'}"


def _ready(home: Path, packages: tuple[str, ...]) -> bool:
    mark = home / "ready"
    return mark.exists() and mark.read_text().split() == list(packages)


def _mark(home: Path, packages: tuple[str, ...]) -> None:
    (home / "ready").write_text("\n".join(packages))


def _pip(python: Path, *words: str) -> None:
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    subprocess.run([str(python), "-m", "pip", *words, *quiet], check=True)
