"""What the log may lose: nothing while somebody copies it, and what was lost is known by the landing that holds it.

A copy of a project is the warehouse as of some landing, then the log. In between the lander may land and prune what
that landing does not hold yet. So whoever copies takes the hold, and no source goes; and learns the landing as of which
the last ones went, and takes no older warehouse.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sayso_ingest.durable import sync
from sayso_ingest.warehouse.copied import being_copied, unless_copied

MARK = "pruned"


class Pruning:
    """The lander's side: asks before it prunes."""

    def __init__(self, folder: Path) -> None:
        """Ask for the project whose live file is in `folder`."""
        self._folder = folder

    @contextmanager
    def permitted(self, landing: int) -> Iterator[bool]:
        """Say whether what the file holds as of a landing may go from the log now; if so, nobody begins to copy."""
        with unless_copied(self._folder) as permitted:
            if permitted and landing and _marked(self._folder) != landing:
                _mark(self._folder, landing)
            yield permitted


@contextmanager
def held(folder: Path) -> Iterator[int]:
    """Let nothing go for the block; give the landing that a warehouse needs for all that went before."""
    with being_copied(folder):
        yield _marked(folder)


def _marked(folder: Path) -> int:
    try:
        text = (folder / MARK).read_text()
    except FileNotFoundError:
        return 0
    return int(text) if text.strip().isdigit() else 0


def _mark(folder: Path, landing: int) -> None:
    """Write it down, durably, before anything goes."""
    draft = folder / f".{MARK}"
    with draft.open("w") as file:
        file.write(f"{landing}\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / MARK)
    sync(folder)
