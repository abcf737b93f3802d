"""Pure: which answer somebody labels next. Of each five, three were disliked, one is read again, one is drawn."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

SECOND_READINGS = 20
"""Percent of the labelled answers that a second person reads, without seeing what the first one said."""

Pool = Literal["disliked", "second", "random"]
_ROUND: Sequence[Pool] = ("disliked", "disliked", "second", "disliked", "random")
_ELSE: Sequence[Pool] = ("disliked", "second", "random")


@dataclass(frozen=True)
class Pools:
    """Answers that wait, in order, by why they do; of a second reading, who gave the first label."""

    disliked: Sequence[str]
    second: Mapping[str, str]
    random: Sequence[str]


def following(
    pools: Pools, *, who: str, turn: int, done: Collection[str], taken: Collection[str]
) -> str | None:
    """Return the answer for somebody's next turn; None when nothing waits.

    `done` are those that they have labelled or skipped; `taken` those that others have just labelled, which are no
    longer for everybody, though what was published does not know of it yet.
    """
    for pool in (_ROUND[turn % len(_ROUND)], *_ELSE):
        for target in _waiting(pools, pool, who):
            if target not in done and (pool == "second" or target not in taken):
                return target
    return None


def _waiting(pools: Pools, pool: Pool, who: str) -> Iterator[str]:
    if pool == "second":
        return (target for target, first in pools.second.items() if first != who)
    return iter(pools.disliked if pool == "disliked" else pools.random)
