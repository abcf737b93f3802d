"""Which files of the metrics' folder a process counts into: those of the first slot that no living one has.

A process that takes the place of one that was killed goes on where that one stopped, so that no count goes back and
the files are as many as processes ever ran at a time. (By process ids, as is usual, each end leaves files behind.)
"""

from __future__ import annotations

import fcntl
import os
from itertools import count
from pathlib import Path


def claim_slot(folder: Path, room: str) -> tuple[str, int]:
    """Take a slot; return its name, and the descriptor that keeps it until it is closed or the process ends."""
    for number in count():
        descriptor = os.open(folder / f"{room}{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
        else:
            return f"{room}{number}", descriptor
    raise AssertionError("count() has no end")
