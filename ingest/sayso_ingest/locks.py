"""Locks of files, which the system gives back when the process that holds them ends, however it ends."""

from __future__ import annotations

import fcntl


def take(handle: int, *, shared: bool = False) -> bool:
    """Take the lock of an open file without waiting, alone or `shared`; False while another one has it."""
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
