"""Who is signed in: what a browser's cookie says, and for how long that holds."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sayso_ingest.users import User

IDLE = timedelta(hours=12)
"""After so long without a page, somebody has to sign in again."""
LONGEST = timedelta(days=7)
"""However often they look."""
_STEP = timedelta(minutes=5)
"""How exactly the last look is kept: the cookie is not set with each answer."""


class Jar(Protocol):
    """What a signed cookie holds, as a mapping."""

    def __setitem__(self, key: str, value: Any, /) -> None: ...
    def get(self, key: str, /) -> Any: ...  # noqa: D102 - as of a dictionary
    def clear(self) -> None: ...  # noqa: D102 - as of a dictionary


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in that still holds."""

    session_id: str
    name: str
    until: datetime


def begin(jar: Jar, user: User, *, now: datetime) -> None:
    """Write a new session into the cookie; nothing of what was in it before stays."""
    jar.clear()
    jar["id"] = secrets.token_urlsafe(16)
    jar["name"] = user.name
    jar["stamp"] = user.stamp
    jar["began"] = int(now.timestamp())
    jar["seen"] = int(now.timestamp())


def find(jar: Jar, *, now: datetime) -> Session | None:
    """Return the session of a cookie, unless it is over; one that is used goes on."""
    name, session_id, began, seen = (jar.get(key) for key in ("name", "id", "began", "seen"))
    if not (isinstance(name, str) and isinstance(session_id, str) and isinstance(began, int)):
        return None
    if not isinstance(seen, int):
        return None
    moment = int(now.timestamp())
    until = began + int(LONGEST.total_seconds())
    if moment >= until or moment >= seen + int(IDLE.total_seconds()):
        return None
    if moment >= seen + int(_STEP.total_seconds()):
        jar["seen"] = moment
    return Session(session_id, name, datetime.fromtimestamp(until, tz=now.tzinfo))


def belongs_to(jar: Jar, user: User) -> bool:
    """Say whether the session began with the password that the user has now."""
    stamp = jar.get("stamp")
    return isinstance(stamp, str) and secrets.compare_digest(stamp, user.stamp)
