"""An application that uses one client in one of the ways in which applications end.

python -m bench.peers.application CLIENT URL FOLDER WAY N
"""

from __future__ import annotations

import importlib
import os
import sys
import time
from typing import Any

NEXT_RUN = 5.0
"""Seconds that the next run gives a client to send what the last one kept."""


def main() -> None:
    client, url, folder, way, count = sys.argv[1:]
    WAYS[way](importlib.import_module(f"bench.peers.{client}").connect(url, folder), int(count))


def exit_without_flush(client: Any, count: int) -> None:
    for number in range(count):
        client.record(number)


def next_run(client: Any, count: int) -> None:
    """Start again, say nothing, and stay for a while."""
    deadline = time.monotonic() + NEXT_RUN
    time.sleep(0.5)
    while time.monotonic() < deadline and getattr(client, "waits", lambda: False)():
        time.sleep(0.05)
    client.flush()


def fork_with_a_queue(client: Any, count: int) -> None:
    """Half is recorded before the fork, half in the child, which flushes and leaves as multiprocessing does."""
    for number in range(count // 2):
        client.record(number)
    child = os.fork()
    if child == 0:
        for number in range(count // 2, count):
            client.record(number)
        client.flush()
        os._exit(0)
    client.flush()
    os.waitpid(child, 0)


def leave_at_once(client: Any, count: int) -> None:
    """A forked child records and is gone: `os._exit` runs nothing at all."""
    child = os.fork()
    if child == 0:
        for number in range(count):
            client.record(number)
        os._exit(0)
    os.waitpid(child, 0)


def fill(client: Any, count: int) -> None:
    """Record, say so, and flush when told: how fast a full queue drains."""
    for number in range(count):
        client.record(number)
    print("full", flush=True)
    sys.stdin.readline()
    client.flush()


WAYS = {way.__name__: way for way in (exit_without_flush, next_run, fork_with_a_queue, leave_at_once, fill)}

if __name__ == "__main__":
    main()
