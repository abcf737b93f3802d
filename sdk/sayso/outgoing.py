"""What leaves: one event, built, held against the rules, shown to the application's hooks, and encoded."""

from __future__ import annotations

from sayso.backlog import Item, Ready
from sayso.events import Recorded, encode
from sayso.hooks import Hooks

_OVERHEAD = 512
"""Bytes of memory that an encoded event takes beside its payload."""


class Outgoing:
    """Makes events ready to be sent."""

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks

    def ready(self, item: Item) -> Ready:
        """Make an event ready, once: what is sent again is the same, and no hook sees it twice.

        Raises:
            InvalidEvent: the wire would refuse it, or a hook keeps it back.
        """
        if isinstance(item, Ready):
            return item
        return _ready(item, encode(item))


def _ready(item: Recorded, payload: bytes) -> Ready:
    return Ready(item.id, item.seq, item.since, len(payload) + _OVERHEAD, item.kind, payload)
