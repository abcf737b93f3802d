"""The users of a file, for those who look them up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic

from sayso_ingest.private_file import Followed
from sayso_ingest.users.file import read_users
from sayso_ingest.users.password import fits
from sayso_ingest.users.user import User, folded


class UserBook:
    """The users of a file, read again when the file has changed; whether it has is looked at every `look_every` s."""

    def __init__(self, path: Path, *, look_every: float = 0, clock: Callable[[], float] = monotonic) -> None:
        self._file: Followed[Mapping[str, User]] = Followed(
            path,
            lambda path: {user.name: user for user in read_users(path)},
            missing={},
            advice="add a user with: sayso users add NAME",
            look_every=look_every,
            clock=clock,
        )

    def get(self, name: str) -> User | None:
        """Return the user of this name, or None."""
        return self._file.current().get(folded(name))

    def users(self) -> Sequence[User]:
        """Return every user, in the order in which they were added."""
        return tuple(self._file.current().values())

    def with_password(self, name: str, password: str) -> User | None:
        """Return the user of this name if this is the password; it takes as long where there is no such user."""
        user = self.get(name)
        return user if fits(user.password if user else None, password) else None
