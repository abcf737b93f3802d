"""One deadline for all that comes back over a connection, however slowly it drips.

A socket's own timeout begins anew with every byte that arrives: a server that sends one a second would never be done.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from http.client import HTTPResponse
from io import BufferedReader, RawIOBase
from typing import Any


class Deadline:
    """The moment at which an attempt is over, on a clock that never jumps."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._at = clock()

    def begin(self, seconds: float) -> None:
        """Let the next attempt take so many seconds."""
        self._at = self._clock() + seconds

    def left(self) -> float:
        """Return the seconds that are left.

        Raises:
            TimeoutError: none are.
        """
        left = self._at - self._clock()
        if left <= 0:
            raise TimeoutError("the time for this attempt is over")
        return left

    def hold(self, manager: Any) -> None:
        """Hold every connection that a pool manager of urllib3 opens from now on to this deadline."""
        pools = manager.pool_classes_by_scheme
        manager.pool_classes_by_scheme = {scheme: self._held(pool) for scheme, pool in pools.items()}

    def _held(self, pool: type[Any]) -> type[Any]:
        """Make a class of pools whose connections read through `_Answer`."""
        answer = partial(_Answer, deadline=self)
        connection = type("Connection", (pool.ConnectionCls,), {"response_class": answer})
        return type("Pool", (pool,), {"ConnectionCls": connection})


class _Answer(HTTPResponse):
    """An answer, status line and headers included, that is read from its socket against a deadline."""

    def __init__(self, sock: Any, *args: Any, deadline: Deadline, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = BufferedReader(_Timed(self.fp.detach(), sock, deadline))


class _Timed(RawIOBase):
    """Reads from a socket, each time with no more patience than is left."""

    def __init__(self, raw: Any, sock: Any, deadline: Deadline) -> None:
        self._raw = raw
        self._sock = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._deadline.left())
        read: int | None = self._raw.readinto(buffer)
        return read

    def close(self) -> None:
        self._raw.close()
        super().close()
