"""What readers are shown: a page of the newest copy or, while that takes long to make, the page of the one before.

A page is of one copy, whole. It is shown of the one that it was last made of as long as all that it asks is kept of
that one, and not yet of the newest: `refresher.py` asks it there, and then the page is of the newest.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, cast
from urllib.parse import quote, urlencode

from flask import Flask, g, request
from flask.typing import ResponseReturnValue

from sayso_ingest.console.copy import Copy, Unkept, take
from sayso_ingest.console.kept import Kept, Version
from sayso_ingest.console.watched import Watched
from sayso_ingest.errors import SaysoError, WarehouseError
from sayso_ingest.warehouse import Home

SLOW = 0.25
"""Seconds: what takes less to ask is asked at once, for newer figures are better than no wait."""
PUBLISHED = "SELECT published_at FROM published"
NOTICES = ("said", "done")
TRIES = 3

View = Callable[..., ResponseReturnValue]
Open = Callable[[], Copy]
"""Makes a copy to read, for a whole page."""


class Front:
    """Answers GET requests of pages, of the newest copy or of one before."""

    def __init__(self, home: Home, kept: Kept) -> None:
        self.home = home
        self._kept = kept
        self.views: dict[str, View] = {}
        self.watched = Watched()
        self.slow = SLOW

    def stand_before(self, app: Flask, endpoint: str) -> None:
        """Answer what the view of this endpoint answers."""
        view = cast(View, app.view_functions[endpoint])
        self.views[endpoint] = view

        @wraps(view)
        def answer(**values: Any) -> ResponseReturnValue:
            # What is sent, and what is loaded as a file, is of the newest.
            if request.method not in ("GET", "HEAD") or "format" in request.args:
                return view(**values)
            last = self.watched.look(address(), time.monotonic(), slow=self.slow)
            made = self._kept_page(view, values, last) if last else None
            return self.ask(view, values, self._open) if made is None else made

        app.view_functions[endpoint] = answer

    def ask(self, view: View, values: dict[str, Any], open_: Open) -> ResponseReturnValue:
        """Make the page of this request of the newest copy, and keep what it asks."""
        for left in reversed(range(TRIES)):
            copied = take(open_())
            with suppress(Unkept):  # another one was published on the way
                if not left:
                    copied.open()  # before anything is taken of what is kept: then it stays this one
                made = view(**values)
                self._note(copied)
                return made
        raise AssertionError("a copy that is open is not left for another")

    def _note(self, copied: Copy) -> None:
        if copied.version is None:
            return
        with suppress(SaysoError):
            copied.one(PUBLISHED)
        self.watched.note(address(), copied.version, copied.cost, time.monotonic(), slow=self.slow)

    def _kept_page(self, view: View, values: dict[str, Any], last: Version) -> ResponseReturnValue | None:
        """Make the page of what is kept of the newest copy or of the `last` one; None where that is not all of it."""
        try:
            newest = self._open().version
            if newest is None:
                return None
            take(Copy(self.home, self._kept, only=newest))
            with suppress(Unkept):
                return view(**values)
        except WarehouseError:
            g.away = True  # a server of the lake; what was made before is as true as it was
        copied = take(Copy(self.home, self._kept, only=last))
        with suppress(Exception):  # what is not kept, or not there yet, is asked of the newest
            g.shows = copied.one(PUBLISHED)["published_at"]
            return view(**values)
        g.pop("shows", None)
        return None

    def _open(self) -> Copy:
        return Copy(self.home, self._kept, whole=True)


def address() -> str:
    """The address of the page that is asked for, without what it says of something that was just done."""
    asked = [(name, value) for name, value in request.args.items(multi=True) if name not in NOTICES]
    path = quote(request.path)
    return f"{path}?{urlencode(asked)}" if asked else path
