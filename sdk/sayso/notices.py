"""What is said about events that were lost or refused: to the log, and to the application's own functions.

Noted under the lock of `Shared`, told outside of it: whoever is told may take his time, and may record events himself.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sayso.hooks import Hooks
from sayso.retry import GIVE_UP_AFTER, GIVE_UP_ON_DISK_AFTER

EVERY = 60.0
"""Seconds between two lines about the same."""
MOST_NEWS = 1_000
"""Refusals that wait to be told one by one; of those beyond, only the number is told."""

WHY: Mapping[str, str] = {
    "queue_full": "more events wait than the client may hold; the collector is slow or away",
    "closed": "it was recorded after close()",
    "unsent": "it still waited when the client closed; give close() or flush() more time",
    "too_old": f"{GIVE_UP_AFTER / 60:.0f} minutes of attempts have failed; is the collector up, is SAYSO_URL right?",
    "before_send": "before_send kept it back",
    "spool_unreadable": "what the spool has cannot be read: a crash cut it off, or another version wrote it",
    "spool_expired": f"it rested in the spool for more than {GIVE_UP_ON_DISK_AFTER / 86_400:.0f} days",
    "http_400": "the collector could not read the batch; do SDK and collector have the same version?",
    "http_401": "the collector does not know the key; check SAYSO_KEY",
    "http_403": "the collector does not let this key send; check which kind of key SAYSO_KEY is",
    "http_404": "there is no collector at this address; check SAYSO_URL",
    "http_413": "a single event is too large for the collector, or for a proxy before it",
}

REJECTED = "the collector rejected it and kept it; look at it with: sayso rejects list --reason {}"
UNKNOWN = "whoever answered refused the batch; look at the log of the collector, or of a proxy before it"
UNTAKEN = "the wire takes no such event; on_error hears what is wrong with each"

log = logging.getLogger("sayso")


@dataclass(slots=True)
class News:
    """What has not been told yet."""

    lost: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[str, str, str]] = field(default_factory=list)
    """Reason, id and explanation."""

    def __bool__(self) -> bool:
        return bool(self.lost or self.refused)


class Notices:
    """Collects news, and tells it."""

    def __init__(self, hooks: Hooks, clock: Callable[[], float]) -> None:
        self._hooks = hooks
        self._clock = clock
        self._said_at: dict[str, float] = {}
        self._unsaid: Counter[str] = Counter()
        self.news = News()

    def lose(self, counts: Mapping[str, int]) -> None:
        """Note that events were lost, by reason (lock held)."""
        self.news.lost.update({reason: count for reason, count in counts.items() if count})

    def refuse(self, reason: str, event_id: str, why: str) -> None:
        """Note that an event was refused (lock held)."""
        if len(self.news.refused) < MOST_NEWS:
            self.news.refused.append((reason, event_id, why))
        else:
            self.news.lost[reason] += 1

    def take(self) -> News:
        """Return what is to be told (lock held)."""
        news, self.news = self.news, News()
        return news

    def tell(self, news: News) -> None:
        """Log what was lost and refused, and call the application's functions (without the lock)."""
        for reason, count in news.lost.items():
            if reason != "before_send":  # that is the application's own wish
                otherwise = UNKNOWN if reason.startswith("http_") else UNTAKEN
                self._dropped(reason, count, WHY.get(reason, otherwise))
            self._call("on_drop", self._hooks.on_drop, reason, count)
        for reason, event_id, why in news.refused:
            self._dropped(reason, 1, why)
            self._call("on_error", self._hooks.on_error, reason, event_id, why)

    def say(self, about: str, message: str) -> bool:
        """Log something, unless the same was said within the last minute."""
        now = self._clock()
        if now - self._said_at.get(about, -EVERY) < EVERY:
            return False
        self._said_at[about] = now
        log.warning("%s Said once a minute at most; stats() has the counts.", message)
        return True

    def _dropped(self, reason: str, count: int, why: str) -> None:
        self._unsaid[reason] += count
        if self.say(reason, f"Dropped {self._unsaid[reason]} event(s) as {reason}: {why}."):
            self._unsaid[reason] = 0

    def _call(self, name: str, function: Callable[..., object] | None, *arguments: Any) -> None:
        if function is None:
            return
        try:
            function(*arguments)
        except Exception as error:
            self.say(name, f"{name} raised {type(error).__name__}; it is called again the next time.")
