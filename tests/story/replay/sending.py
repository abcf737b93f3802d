"""Sends many things through the SDK: several clients at once, none given more than its queue holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sayso import Client

Thing = TypeVar("Thing")

CLIENTS = 4
AT_ONCE = 300


def send_all(things: Sequence[Thing], record: Callable[[Client, Thing], None], *, url: str, key: str) -> None:
    """Record every thing with one of the clients, and wait until all is delivered."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        shares = [things[number::CLIENTS] for number in range(CLIENTS)]
        for sending in [pool.submit(_send, share, record, url, key) for share in shares]:
            sending.result()


def _send(things: Sequence[Thing], record: Callable[[Client, Thing], None], url: str, key: str) -> None:
    with Client(url, key) as client:
        for start in range(0, len(things), AT_ONCE):
            for thing in things[start : start + AT_ONCE]:
                record(client, thing)
            assert client.flush(60)
        assert client.stats().dropped == {}
        assert client.stats().delivered == client.stats().recorded
