"""How much is taken: bytes, events, requests. Pure, with the clock passed in."""

from __future__ import annotations

import math
import threading
import zlib
from collections.abc import Callable
from time import monotonic

WIRE_BYTES = 1024 * 1024
PLAIN_BYTES = 4 * 1024 * 1024
EVENTS = 200


class BodyTooLarge(ValueError):
    """A body has more bytes than are taken; `kept` is the beginning of it."""

    def __init__(self, limit: int, kept: bytes) -> None:
        super().__init__(limit)
        self.limit = limit
        self.kept = kept


def unzip(body: bytes, *, limit: int = PLAIN_BYTES) -> bytes:
    """Unpack one gzip member, never more than `limit` bytes of it.

    Raises:
        BodyTooLarge: there is more than that inside.
        ValueError: it is not gzip, cut off, or goes on after its end.
    """
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        plain = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if len(plain) > limit:
        raise BodyTooLarge(limit, plain[:limit])
    if not unpacker.eof:
        raise ValueError("it ends in the middle")
    if unpacker.unused_data:
        raise ValueError("something follows its end")
    return plain


class RateLimit:
    """A token bucket for each key: `rate` events a second on average, `burst` at once.

    It lives in one process; several processes let through several times as much.
    """

    def __init__(
        self, *, rate: float = 100, burst: float = 1000, clock: Callable[[], float] = monotonic
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._guard = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait(self, key_id: str, events: int) -> int:
        """Take `events` from the key's bucket; return 0, or the seconds after which to try again.

        A request without events costs as much as one with a single event: it is kept, too.
        """
        cost = max(1, events)
        with self._guard:
            now = self._clock()
            level, since = self._buckets.get(key_id, (self._burst, now))
            level = min(self._burst, level + (now - since) * self._rate)
            # A full bucket lets any request through, or one larger than the bucket would wait for ever.
            enough = level >= min(cost, self._burst)
            self._buckets[key_id] = (level - cost if enough else level, now)
        return 0 if enough else math.ceil((min(cost, self._burst) - level) / self._rate)
