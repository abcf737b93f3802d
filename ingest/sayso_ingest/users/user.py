"""Pure: what a user is, what a role includes, and what can be a name."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sayso_ingest.errors import UsageError

_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")


class Role(StrEnum):
    """What a user may do; each includes the one before."""

    READ = "read"
    ANNOTATE = "annotate"

    def includes(self, other: Role) -> bool:
        """Say whether whoever has this role may do what the other is needed for."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class User:
    """What is known about a user; the password is not."""

    name: str
    role: Role
    created_at: datetime
    password: str | None = field(default=None, repr=False)
    """What the password is held against (argon2); None for those whom only a proxy signs in."""

    @property
    def stamp(self) -> str:
        """Another one after each change of the password, or when the user was removed and made again."""
        said = f"{self.name}\n{self.created_at.isoformat()}\n{self.password}"
        return hashlib.sha256(said.encode()).hexdigest()[:32]


def folded(name: str) -> str:
    """The form in which names are compared: ANA and ana are the same person."""
    return name.strip().lower()


def checked_name(name: str) -> str:
    """The name of a user, folded, if it can be one.

    Raises:
        UsageError: it cannot.
    """
    name = folded(name)
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be the name of a user. Use 1 to 64 of a-z, 0-9, '.', '_', '@', '+' and '-', "
            "a letter or digit first."
        )
    return name
