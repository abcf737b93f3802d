"""The git command, run in a folder: the one way in which the pipeline asks git, or has it do something."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from sayso_ingest.errors import SaysoError

TIMEOUT = 120
# A git hook that starts us would have its own repository stand for every other one.
_ALONE = (
    "env",
    "-u",
    "GIT_DIR",
    "-u",
    "GIT_WORK_TREE",
    "-u",
    "GIT_INDEX_FILE",
    "-u",
    "GIT_PREFIX",
    "LC_ALL=C",
)


def is_installed() -> bool:
    """Whether there is a git command."""
    return shutil.which("git") is not None


def run(folder: Path, *words: str, told: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run git in a folder, and wait for it; its exit code is the caller's to read.

    Raises:
        SaysoError: it takes too long.
    """
    command = [*_ALONE, "git", "--literal-pathspecs", "-C", str(folder), *words]
    try:
        return subprocess.run(command, input=told, capture_output=True, check=False, timeout=TIMEOUT)
    except subprocess.TimeoutExpired as error:
        raise SaysoError(
            f"git {words[0]} in {folder} took longer than {TIMEOUT} seconds and was stopped. "
            "See what holds the repository, and run the same again."
        ) from error


def complaint(done: subprocess.CompletedProcess[bytes]) -> str:
    """What git said, in its own words: the last line that is not about a report that it left."""
    lines = [line.strip() for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    told = [line for line in lines if not line.startswith("fast-import: dumping crash report")] or lines
    fatal = next(
        (line for line in told if line.startswith(("fatal:", "error:"))),
        told[-1] if told else "it said nothing",
    )
    return fatal.removeprefix("fatal:").removeprefix("error:").strip()
