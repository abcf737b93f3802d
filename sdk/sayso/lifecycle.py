"""Hooks into the life of the process. None of them keeps the object alive that it belongs to."""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
import weakref
from collections.abc import Callable


def in_forked_child(method: Callable[[], object]) -> None:
    """Call a method in every child that this process forks, before anything else runs there."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_weakly(method))


def at_exit(early: Callable[[], object], late: Callable[[], object]) -> Callable[[], None]:
    """Call `early` when the main thread is done and `late` when the other threads are; return what calls it off.

    Children of `multiprocessing` never come to `late`, so what matters must happen in `early`.
    """
    hook = _weakly(late)
    atexit.register(hook)
    register_early = getattr(threading, "_register_atexit", None)
    if register_early is not None:
        with contextlib.suppress(RuntimeError):  # the interpreter is already on its way out
            register_early(_weakly(early))
    return lambda: atexit.unregister(hook)


def _weakly(method: Callable[[], object]) -> Callable[[], None]:
    held = weakref.WeakMethod(method)

    def call() -> None:
        alive = held()
        if alive is not None:
            alive()

    return call
