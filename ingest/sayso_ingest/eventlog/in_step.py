"""Whether a topic has enough copies in step for a record to become durable, asked without appending one.

A broker that is left alone may not learn that the others are gone, where they were controllers too: what it tells of
the copies is held against who can be reached.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from typing import Protocol

REACH_WITHIN = 1.0
"""Seconds in which a broker that is there takes a connection."""


class Partition(Protocol):
    """What a broker tells of a partition: which broker leads it, and which have copies in step, that one among them."""

    @property
    def leader_id(self) -> int:
        """The broker that leads it, by number."""

    @property
    def isr_nodes(self) -> list[int]:
        """Those that have a copy in step."""


def takes_records(partitions: Iterable[Partition], needed: int, is_up: Callable[[int], bool]) -> bool:
    """Say whether some partition has its leader, and `needed` copies in step on brokers that are up."""
    is_up = cache(is_up)
    return any(
        is_up(partition.leader_id) and sum(map(is_up, partition.isr_nodes)) >= needed
        for partition in partitions
    )


def can_reach(host: str, port: int) -> bool:
    """Say whether something listens there."""
    with suppress(OSError), socket.create_connection((host, port), timeout=REACH_WITHIN):
        return True
    return False
