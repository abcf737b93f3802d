"""Adding and removing users, and changing their passwords."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.users.book import UserBook
from sayso_ingest.users.file import USERS
from sayso_ingest.users.password import check_password, hash_password
from sayso_ingest.users.user import Role, User, checked_name, folded

MOST = 1000
"""Users of a data folder; more belong to a directory, behind a proxy that signs them in."""


def add_user(
    path: Path,
    name: str,
    *,
    role: Role,
    password: str | None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> User:
    """Add a user; without a password, one whom a trusted proxy signs in.

    Raises:
        UsageError: the name or the password cannot be one, the name is taken, or there are too many.
    """
    name = checked_name(name)
    user = User(name, role, now(), _hashed(password, name))
    with USERS.changing(path) as users:
        if name in users:
            raise UsageError(
                f"There is a user {name} already. `sayso users password` gives another password, and "
                "`sayso users remove` makes room for another role."
            )
        if len(users) >= MOST:
            raise UsageError(f"{path} holds {MOST} users, which is the most. Let a proxy sign people in.")
        users[name] = user
    return user


def known_user(path: Path, name: str) -> User:
    """Return the user of this name.

    Raises:
        NotFound: there is no such user.
    """
    return _known(name, UserBook(path).get(name), path)


def remove_user(path: Path, name: str) -> list[User]:
    """Remove a user, whose sessions end; return who is left.

    Raises:
        NotFound: there is no such user.
    """
    known_user(path, name)  # before the lock: perhaps the folder was mistyped, and nothing is made for it
    with USERS.changing(path) as users:
        _known(name, users.pop(folded(name), None), path)
    return list(users.values())


def change_password(path: Path, name: str, password: str) -> None:
    """Give a user another password; sessions that began with the old one end.

    Raises:
        NotFound: there is no such user.
        UsageError: it cannot be a password.
    """
    kept = _hashed(password, folded(name))
    known_user(path, name)  # before the lock, as above
    with USERS.changing(path) as users:
        user = _known(name, users.get(folded(name)), path)
        users[user.name] = replace(user, password=kept)


def _hashed(password: str | None, name: str) -> str | None:
    if password is None:
        return None
    check_password(password, name=name)
    return hash_password(password)


def _known(name: str, user: User | None, path: Path) -> User:
    if user is None:
        raise NotFound(f"There is no user {name!r} in {path}. List them with: sayso users list")
    return user
