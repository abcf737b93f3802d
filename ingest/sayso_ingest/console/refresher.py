"""Asks what pages ask of each new copy, before somebody waits for it: in the background, and a little at a time."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module

from flask import Flask, g, request

from sayso_ingest.console import charts
from sayso_ingest.console.asking import GIVES_WAY
from sayso_ingest.console.copy import Copy
from sayso_ingest.console.front import Front
from sayso_ingest.console.identity import Identity
from sayso_ingest.console.kept import Kept, Version
from sayso_ingest.console.watched import rest
from sayso_ingest.errors import SaysoError
from sayso_ingest.users import Role
from sayso_ingest.warehouse import Published, spare_memory

log = logging.getLogger(__name__)

LOOKS_EVERY = 1.0
"""Seconds between two looks whether there is a new copy."""
SECONDS = 60.0
"""What the questions of a page may take together: nobody waits for them."""
STOPS_WITHIN = 4.0
"""Seconds, below what a server waits for its workers."""
NOBODY = Identity("(the console itself)", Role.READ, "open")


class Refresher:
    """One thread, begun by `start` and ended by `close`, that makes pages which are slow, one after the other."""

    def __init__(self, app: Flask, front: Front, kept: Kept) -> None:
        self._app = app
        self._home = app.config["HOME"]
        self.front = front
        self._kept = kept
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="refresher", daemon=True)
        self._begins = threading.Lock()
        self._copy: Copy | None = None
        self._rests_until = 0.0
        self._away = False
        self.clock: Callable[[], float] = time.monotonic

    def start(self) -> None:
        """Begin, unless it has begun."""
        if self._begins.acquire(blocking=False):
            self._thread.start()

    def close(self) -> None:
        """End it, with the question that is being answered."""
        self._stop.set()
        if not self._thread.ident:
            return
        until = time.monotonic() + STOPS_WITHIN
        while self._thread.is_alive() and time.monotonic() < until:
            copied = self._copy
            if copied is not None:
                copied.interrupt()
            self._thread.join(0.05)

    def step(self) -> float:
        """Make the page that is next, if it is time; return the seconds until the next look."""
        version = self._version()
        self._kept.see(version)
        if version is None or self.clock() < self._rests_until:
            return LOOKS_EVERY
        page = self.front.watched.due(version, time.monotonic(), slow=self.front.slow)
        if page is None:
            return LOOKS_EVERY
        first, began = page.version is None, self.clock()
        self._make(page.address)
        if first:
            return 0.0
        ended = self.clock()
        self._rests_until = ended + rest(ended - began)
        return LOOKS_EVERY

    def _run(self) -> None:
        looked: Version | None = None
        while (version := self._version()) == looked or not self._has_events():
            looked = version
            if self._stop.wait(LOOKS_EVERY):
                return
        # What takes a moment to load, and its threads keep the priority that this one has now.
        charts.draw_nothing()
        import_module("sayso_ingest.console.pages.comparing")
        _give_way()
        seconds = 0.0
        while not self._stop.wait(seconds):
            seconds = self.step()

    def _version(self) -> Version | None:
        """What is published; of a lake that is away nothing is, which is said once."""
        try:
            version = Published.version(self._home)
        except SaysoError as error:
            if not self._away:
                log.warning("%s Until it answers no page is made ahead.", error)
            self._away = True
            return None
        self._away = False
        return version

    def _has_events(self) -> bool:
        """Whether there is anything to show: a service at rest need not hold what draws charts."""
        try:
            with Published.open(self._home) as published:
                return bool(published.query("SELECT events FROM published WHERE events > 0"))
        except SaysoError:
            return False

    def _make(self, address: str) -> None:
        """Make a page, for nobody: only what it asks of the copy stays."""
        try:
            with self._app.test_request_context(address):
                g.identity = NOBODY
                view = self.front.views[request.endpoint or ""]
                self.front.ask(view, request.view_args or {}, self._open)
        except Exception as error:
            self.front.watched.drop(address)
            if not self._stop.is_set():
                log.warning("%s is not made ahead any more: %s", address, error)
        finally:
            self._copy = None

    def _open(self) -> Copy:
        memory = f"{spare_memory()} bytes"
        self._copy = Copy(self._home, self._kept, whole=True, memory=memory, seconds=SECONDS)
        return self._copy


def _give_way() -> None:
    """Let this thread, and those that it starts, wait for whatever else runs on the machine."""
    if sys.platform == "linux":  # elsewhere it would be the whole process
        with suppress(PermissionError):  # the whole service gives way more than that
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), GIVES_WAY)
