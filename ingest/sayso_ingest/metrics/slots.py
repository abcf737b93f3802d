"""Which files of the metrics' folder a process counts into: those of the first slot that no living one has.

A process that takes the place of one that was killed goes on where that one stopped, so that no count goes back and
the files are as many as processes ever ran at a time. (By process ids, as is usual, each end leaves files behind.)
"""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

from sayso_ingest import locks


def claim_slot(folder: Path, room: str) -> tuple[str, int]:
    """Take a slot; return its name, and the descriptor that keeps it until it is closed or the process ends."""
    for number in count():
        descriptor = os.open(folder / f"{room}{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        if locks.take(descriptor):
            return f"{room}{number}", descriptor
        os.close(descriptor)
    raise AssertionError("count() has no end")
