"""Pure: which pages are kept up to date, and which of them is next."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

from sayso_ingest.console.kept import Version

MOST = 40
"""Addresses beside those of the navigation."""
A_WHILE = 3600.0
"""Seconds for which an address is kept up to date after somebody asked for it."""
BEHIND = 600.0
"""Seconds after which nothing is shown of a copy that was replaced: then a reader waits."""
SHARE = 0.1
"""The share of the time that it may take to make pages ahead, once each was made for the first time."""
FITS = BEHIND * SHARE / (1 + SHARE)
"""Seconds that pages may take together, for each to be made again before what is shown of it is too old."""


@dataclass(slots=True)
class Watch:
    """A page: when somebody asked for it, when and of which copy it was made last, and what that takes in seconds."""

    address: str
    asked: float = -inf
    made: float = -inf
    version: Version | None = None
    cost: float = 0.0
    plain: bool = False


class Watched:
    """The pages of the navigation, and those that somebody asked for in the last while."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages: dict[str, Watch] = {}

    def begin(self, addresses: Iterable[str]) -> None:
        """Watch what the navigation leads to."""
        for address in addresses:
            self._pages[address] = Watch(address, plain=True)

    def look(self, address: str, now: float, *, slow: float) -> Version | None:
        """Somebody asks for a page; return the copy that it was last made of, where it is slow and kept up to date."""
        with self._lock:
            known = self._pages.get(address)
            if known is None:
                return None
            known.asked = now
            return known.version if known.cost >= slow else None

    def note(self, address: str, version: Version, cost: float, now: float, *, slow: float) -> None:
        """A page was made of a copy; it is watched where it is slow."""
        with self._lock:
            known = self._pages.get(address)
            if known is None:
                if cost < slow:
                    return
                known = self._pages[address] = Watch(address, asked=now)
            known.made, known.version, known.cost = now, version, cost
            self._forget(now)

    def drop(self, address: str) -> None:
        """A page cannot be made: it is no longer watched, until somebody asks for it."""
        with self._lock:
            self._pages.pop(address, None)

    def due(self, version: Version, now: float, *, slow: float) -> Watch | None:
        """Return the page that is to be made next."""
        with self._lock:
            self._forget(now)
            return following(list(self._pages.values()), version, slow=slow)

    def _forget(self, now: float) -> None:
        others = [page for page in self._pages.values() if not page.plain]
        others.sort(key=lambda page: page.asked, reverse=True)
        for place, page in enumerate(others):
            if place >= MOST or now - page.asked >= A_WHILE:
                del self._pages[page.address]


def following(pages: Iterable[Watch], version: Version, *, slow: float) -> Watch | None:
    """Return the page to make next of a copy, if any: what was never made, else what was made longest ago.

    Pages that are not slow are left out. So are those that were asked for the longest ago, as far as all do not fit
    into the time there is: better some that are up to date than none.
    """
    watched = sorted(pages, key=lambda page: -page.asked)
    new = [page for page in watched if page.version is None]
    if new:
        return new[0]
    fitting, takes = [], 0.0
    for page in watched:
        if page.cost >= slow and takes + page.cost <= FITS:
            takes += page.cost
            fitting.append(page)
    return min(
        (page for page in fitting if page.version != version), key=lambda page: page.made, default=None
    )


def rest(seconds: float) -> float:
    """Seconds to rest after so much work, for it to take no more than its share of the time."""
    return seconds * (1 - SHARE) / SHARE
