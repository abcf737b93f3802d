"""No process outlives the one that started it, however that one ends."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1
POLL = 0.5
GRACE = 8.0


def die_with(parent: int, *, grace: float = GRACE, poll: float = POLL, of_thread: bool = False) -> None:
    """Ask this process to stop when the process `parent` is gone, and end it `grace` seconds later.

    On Linux the kernel sends the signal at once. Everywhere a thread looks every `poll` seconds, which
    also covers a signal that came before its handler was there, and a stop that hangs. With
    `of_thread` only the look counts: the kernel's signal comes when the thread ends that started this process.
    """
    if sys.platform == "linux" and not of_thread:
        # Must be called by the child: the setting does not survive a fork.
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    threading.Thread(target=_watch, args=(parent, grace, poll), name="lifeline", daemon=True).start()


def _watch(parent: int, grace: float, poll: float) -> None:
    while os.getppid() == parent:
        time.sleep(poll)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(grace)
    os._exit(1)
