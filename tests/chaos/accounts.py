"""What was made, and what became of it: the sums that have to add up when everything has been killed often enough."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from service import Service


@dataclass(frozen=True)
class Journal:
    """What a sender wrote down, over all of its lives."""

    begun: frozenset[str]
    """Ids that were given to an event; of each life the last one may never have been held by anybody."""
    made: frozenset[str]
    """Ids whose call returned."""
    lives: int

    @classmethod
    def read(cls, path: Path) -> Journal:
        """Read it; the last line of a life may be cut off."""
        words: dict[str, set[str]] = {"begun": set(), "made": set(), "started": set()}
        for line in path.read_text().splitlines():
            word, _, event_id = line.partition(" ")
            words.setdefault(word, set()).add(event_id)
        return cls(frozenset(words["begun"]), frozenset(words["made"]), len(words["started"]))


@dataclass(frozen=True)
class Landed:
    """What the warehouse holds."""

    events: frozenset[str]
    rejects: Mapping[str, str]
    """Event id -> reason."""


@dataclass(frozen=True)
class Account:
    """Of one sender: made = landed + rejected + dropped + lost."""

    name: str
    lives: int
    made: int
    accepted: int
    landed: int
    rejected: Mapping[str, int]
    dropped: Mapping[str, int] = field(default_factory=dict)
    """By reason, as the clients have reported it."""

    @classmethod
    def of(
        cls,
        name: str,
        journal: Journal,
        landed: Landed,
        accepted: Collection[str],
        dropped: Mapping[str, int] | None = None,
    ) -> Account:
        """Settle the account of a sender; a call that was killed counts as made if its event arrived."""
        arrived = landed.events | landed.rejects.keys()
        made = journal.made | (journal.begun & arrived)
        return cls(
            name,
            journal.lives,
            made=len(made),
            accepted=len(made & set(accepted)),
            landed=len(made & landed.events),
            rejected=Counter(landed.rejects[event_id] for event_id in made & landed.rejects.keys()),
            dropped=dropped or {},
        )

    @property
    def lost(self) -> int:
        """What is in none of the other sums."""
        return self.made - self.landed - sum(self.rejected.values()) - sum(self.dropped.values())


def settled(service: Service, ids: Collection[str], *, patience: float = 60.0) -> Landed:
    """Look at the published copy until all of these ids are in it; an end to its growth is the end of patience."""
    size, since = 0, time.monotonic()
    while True:
        landed = Landed(
            frozenset(str(event_id) for (event_id,) in service.query("SELECT event_id FROM events")),
            dict(service.query("SELECT event_id, reason FROM rejects")),
        )
        missing = set(ids) - landed.events - landed.rejects.keys()
        if not missing:
            return landed
        if len(landed.events) > size:
            size, since = len(landed.events), time.monotonic()
        assert time.monotonic() < since + patience, (
            f"{len(missing)} of {len(ids)} are missing: {sorted(missing)[:5]}"
        )
        time.sleep(0.5)


def table(accounts: Collection[Account]) -> str:
    """Write the accounts under each other, and their sum."""
    heads = ("sender", "lives", "made", "accepted", "landed", "rejected", "dropped", "lost in memory")
    rows = [_row(account) for account in accounts]
    total = Account(
        "all",
        sum(a.lives for a in accounts),
        made=sum(a.made for a in accounts),
        accepted=sum(a.accepted for a in accounts),
        landed=sum(a.landed for a in accounts),
        rejected=_sum(a.rejected for a in accounts),
        dropped=_sum(a.dropped for a in accounts),
    )
    lines = [heads, *rows, _row(total)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(heads))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def _row(account: Account) -> tuple[str, ...]:
    numbers = (account.lives, account.made, account.accepted, account.landed)
    reasons = (_by_reason(account.rejected), _by_reason(account.dropped))
    return (account.name, *(f"{n:,}" for n in numbers), *reasons, f"{account.lost:,}")


def _by_reason(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n:,} {reason}" for reason, n in sorted(counts.items())) or "0"


def _sum(counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return total
