"""Hooks into the life of the process. None of them keeps the object alive that it belongs to."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Protocol


def in_forked_child(method: Callable[[], object]) -> None:
    """Call a method in every child that this process forks, before anything else runs there."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_weakly(method))


def _weakly(method: Callable[[], object]) -> Callable[[], None]:
    held = weakref.WeakMethod(method)

    def call() -> None:
        alive = held()
        if alive is not None:
            alive()

    return call


def threads_sleep() -> bool:
    """Say whether threads never run here: uWSGI lets them sleep unless it was told to enable them."""
    options = getattr(sys.modules.get("uwsgi"), "opt", None)
    return isinstance(options, dict) and not {"enable-threads", "threads"} & options.keys()


class Ending(Protocol):
    """What has something to finish when the process ends."""

    @property
    def exit_budget(self) -> float:
        """Seconds that it would like to have."""

    def hurry(self) -> int:
        """Let nothing wait for a better moment, and say what came last."""

    def wait(self, newest: int, timeout: float) -> bool:
        """Wait until everything up to `newest` is settled."""

    def close(self, timeout: float) -> bool:
        """Finish."""


class _Exit:
    """The end of the process: one budget of time, shared by all who have something to finish.

    Children of `multiprocessing` never come to `late`, so what matters happens in `early`.
    """

    def __init__(self) -> None:
        self._all: weakref.WeakSet[Ending] = weakref.WeakSet()
        self._hooked = False
        self._budget: float | None = None
        in_forked_child(self._start_over)

    @property
    def begun(self) -> bool:
        """Whether the process is on its way out."""
        return self._budget is not None

    def add(self, ending: Ending) -> None:
        """Finish this one too."""
        self._all.add(ending)
        if not self._hooked:
            self._hooked = True
            atexit.register(self.late)
            register_early = getattr(threading, "_register_atexit", None)
            if register_early is not None:
                with contextlib.suppress(RuntimeError):  # the interpreter is already on its way out
                    register_early(self.early)

    def forget(self, ending: Ending) -> None:
        """This one has finished by itself."""
        self._all.discard(ending)

    def early(self) -> None:
        """The main thread is done: deliver. Other threads may still record."""
        everyone = list(self._all)
        hurried = [(ending, ending.hurry()) for ending in everyone]
        with self._spending(everyone) as deadline:
            for ending, newest in hurried:
                ending.wait(newest, max(deadline - time.monotonic(), 0.0))

    def late(self) -> None:
        """The other threads are done too: finish."""
        everyone = list(self._all)
        for ending in everyone:
            ending.hurry()
        with self._spending(everyone) as deadline:
            for ending in everyone:
                ending.close(max(deadline - time.monotonic(), 0.0))

    @contextlib.contextmanager
    def _spending(self, everyone: list[Ending]) -> Iterator[float]:
        """Spend what is left of the budget, which is the largest that anybody asks for."""
        if self._budget is None:
            self._budget = max((ending.exit_budget for ending in everyone), default=0.0)
        started = time.monotonic()
        yield started + self._budget
        self._budget = max(self._budget - (time.monotonic() - started), 0.0)

    def _start_over(self) -> None:
        self._budget = None


EXIT = _Exit()
"""The process ends once, so there is one of these: what it holds is no setting and no cache."""
