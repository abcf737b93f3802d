"""The users of a file, for those who look them up."""

from __future__ import annotations

from sayso_ingest.registry import Registry
from sayso_ingest.users.file import USERS
from sayso_ingest.users.password import fits
from sayso_ingest.users.user import User, folded


class UserBook(Registry[User]):
    """The users of a file, followed as they change."""

    form = USERS

    def get(self, name: str) -> User | None:
        """Return the user of this name, in whatever case, or None."""
        return super().get(folded(name))

    def with_password(self, name: str, password: str) -> User | None:
        """Return the user of this name if this is the password; it takes as long where there is no such user."""
        user = self.get(name)
        return user if fits(user.password if user else None, password) else None
