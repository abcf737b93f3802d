"""Pure: who an event is from, and which of several people in one request send too much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from sayso_ingest.event import JSON

Who = str | None
"""The actor, else the browser's id, else the session, typed; None where an event names nobody."""


def who_of(actor: JSON, anonymous: JSON, session: JSON) -> Who:
    """Name who an event is from. These come from outside: what is no text names nobody."""
    # Spelled out: every event of a browser comes by here, and a loop would cost a fifth of judging it.
    if actor is not None:
        return f"actor:{actor}" if isinstance(actor, str) else None
    if anonymous is not None:
        return f"anonymous:{anonymous}" if isinstance(anonymous, str) else None
    return f"session:{session}" if isinstance(session, str) else None


def held_back(senders: Sequence[Who], wait: Callable[[str, int], int]) -> dict[str, int]:
    """Ask of everybody in a request whether all they send is too much; return those, with the seconds to wait."""
    counts = Counter(who for who in senders if who is not None)
    waits = {who: wait(who, count) for who, count in counts.items()}
    return {who: seconds for who, seconds in waits.items() if seconds}
