"""Pure: who sends, as far as their events are judged by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sayso_ingest.keys import Key, KeyKind


def _nobody(_: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Sender:
    """What a key may send, and what its feedback tokens are held against."""

    kind: KeyKind
    project: str = ""
    signed_only: bool = False
    find_key: Callable[[str], Key | None] = _nobody
    """The key with an id: the `kid` of a token names the sk_ key whose holder has signed it."""
    now: float = 0.0
    """Seconds since 1970."""

    @classmethod
    def of(cls, key: Key, *, find_key: Callable[[str], Key | None], now: float) -> Sender:
        """Who sends with this key at this time."""
        return cls(key.kind, key.project, key.signed_only, find_key, now)
