"""Looking at processes: who runs with a certain word in its command line, and waiting for something."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path


def wait_until(
    condition: Callable[[], object], *, seconds: float = 60.0, pause: float = 0.02, what: str = "it"
) -> None:
    """Look again and again until it is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not become so within {seconds} s"
        time.sleep(pause)


def with_word(word: str) -> set[int]:
    """Return the ids of the other processes that have `word` in their command line; zombies are none."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if word in (entry / "cmdline").read_bytes().decode(errors="replace"):
                    found.add(int(entry.name))
            except OSError:
                continue
    return found


def children(pid: int) -> set[int]:
    """Return the ids of the living children of a process."""
    found = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found |= {int(child) for child in task.read_text().split()}
    return found
