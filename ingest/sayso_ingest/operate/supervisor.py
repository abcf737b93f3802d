"""The supervisor of `sayso serve`: keeps its children running and stops them all."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType

from sayso_ingest.operate.child import Child, ChildSpec, Say

TICK = 0.1
STOP_WITHIN = 10.0


class Stop(threading.Event):
    """Set when the process is asked to stop, with the signal that asked; asked once more, the process ends at once."""

    def __init__(self) -> None:
        super().__init__()
        self.signal: int | None = None
        self.before_the_end: Callable[[], None] = lambda: None
        """Called when it ends at once."""

    @classmethod
    def on_signals(cls, *, patient: bool = False) -> Stop:
        """Make one that SIGTERM, SIGINT and SIGHUP set; call it in the main thread.

        A `patient` one does not end at once: who started it will, and one signal may come by two ways.
        """
        stop = cls()

        def handle(number: int, _frame: FrameType | None) -> None:
            if stop.is_set() and number != signal.SIGHUP and not patient:
                stop.before_the_end()
                os._exit(128 + number)
            stop.signal = number
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:  # as under nohup
                signal.signal(number, handle)
        return stop


class Supervisor:
    """Runs children until it is told to stop, or until one of them is hopeless.

    Call `run` in the thread that lives longest: the kernel ties children to the thread that started them.
    """

    def __init__(
        self,
        specs: Sequence[ChildSpec],
        *,
        say: Say,
        on_ready: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.children = [Child(spec, clock=clock, say=say) for spec in specs]
        self._say = say
        self._on_ready = on_ready
        self._clock = clock

    def run(self, stop: threading.Event) -> None:
        """Keep the children running until `stop` is set; `on_ready` is called once, when all are healthy.

        Raises:
            ServiceFailed: a child ended too often before it became healthy. All others are stopped.
        """
        announced = False
        try:
            while not stop.is_set():
                for child in self.children:
                    child.step()
                if not announced and all(child.healthy for child in self.children):
                    announced = True
                    self._on_ready()
                stop.wait(TICK)
        finally:
            self._stop_all()

    def kill(self) -> None:
        """End all children and what they have started, now."""
        for child in self.children:
            child.kill()

    def _stop_all(self) -> None:
        for child in self.children:
            child.terminate()
        deadline = self._clock() + STOP_WITHIN
        while not all(child.ended() for child in self.children) and self._clock() < deadline:
            time.sleep(TICK / 2)
        for child in self.children:
            if not child.ended():
                self._say(f"{child.spec.name} did not stop within {STOP_WITHIN:.0f} s: killing it.")
            child.kill()
