"""Pure: who an event is from, and which of several people in one request send too much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from sayso_ingest.event import JSON

Who = str | None
"""The actor, else the browser's id, else the session, typed; None where an event names nobody."""

_FIELDS = ("actor", "anonymous", "session")


def who_of(actor: JSON, anonymous: JSON, session: JSON) -> Who:
    """Name who an event is from. These come from outside: what is no text names nobody."""
    for field, value in zip(_FIELDS, (actor, anonymous, session), strict=True):
        if value is not None:
            return f"{field}:{value}" if isinstance(value, str) else None
    return None


def held_back(senders: Sequence[Who], wait: Callable[[str, int], int]) -> dict[str, int]:
    """Ask of everybody in a request whether all they send is too much; return those, with the seconds to wait."""
    counts = Counter(who for who in senders if who is not None)
    waits = {who: wait(who, count) for who, count in counts.items()}
    return {who: seconds for who, seconds in waits.items() if seconds}
