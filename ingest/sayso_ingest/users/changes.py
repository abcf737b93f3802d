"""Adding and removing users, and changing their passwords."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.private_file import locked
from sayso_ingest.users.file import read_users, write_users
from sayso_ingest.users.password import check_password, hash_password
from sayso_ingest.users.user import Role, User, checked_name, folded

MOST = 1000
"""Users of a data folder; more belong to a directory, behind a proxy that signs them in."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


def add_user(
    path: Path, name: str, *, role: Role, password: str | None, now: Callable[[], datetime] = _utc_now
) -> User:
    """Add a user; without a password, one whom a trusted proxy signs in.

    Raises:
        UsageError: the name or the password cannot be one, the name is taken, or there are too many.
    """
    name = checked_name(name)
    user = User(name, role, now(), _hashed(password, name))
    with locked(path):
        users = read_users(path)
        if any(known.name == name for known in users):
            raise UsageError(
                f"There is a user {name} already. `sayso users password` gives another password, and "
                "`sayso users remove` makes room for another role."
            )
        if len(users) >= MOST:
            raise UsageError(f"{path} holds {MOST} users, which is the most. Let a proxy sign people in.")
        write_users(path, [*users, user])
    return user


def known_user(path: Path, name: str) -> User:
    """Return the user of this name.

    Raises:
        NotFound: there is no such user.
    """
    return _named(name, read_users(path) if path.exists() else [], path)


def remove_user(path: Path, name: str) -> list[User]:
    """Remove a user, whose sessions end; return who is left.

    Raises:
        NotFound: there is no such user.
    """
    return _changed(path, name, lambda _: None)


def change_password(path: Path, name: str, password: str) -> None:
    """Give a user another password; sessions that began with the old one end.

    Raises:
        NotFound: there is no such user.
        UsageError: it cannot be a password.
    """
    kept = _hashed(password, folded(name))
    _changed(path, name, lambda user: replace(user, password=kept))


def _hashed(password: str | None, name: str) -> str | None:
    if password is None:
        return None
    check_password(password, name=name)
    return hash_password(password)


def _named(name: str, users: Sequence[User], path: Path) -> User:
    for user in users:
        if user.name == folded(name):
            return user
    raise NotFound(f"There is no user {name!r} in {path}. List them with: sayso users list")


def _changed(path: Path, name: str, change: Callable[[User], User | None]) -> list[User]:
    """Change one user, and keep what there is then."""
    known_user(path, name)  # before the lock: perhaps the folder was mistyped, and nothing is made for it
    with locked(path):
        users = read_users(path)
        meant = _named(name, users, path)
        changed = [change(user) if user is meant else user for user in users]
        left = [user for user in changed if user is not None]
        write_users(path, left)
    return left
