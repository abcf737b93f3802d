"""users.json: which users it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sayso_ingest.private_file import read_entries, write_entries
from sayso_ingest.users.user import Role, User

_VERSION = 1


def read_users(path: Path) -> list[User]:
    """Read every user, in the order in which they were added; nobody where there is no file.

    Raises:
        SaysoError: the file cannot be read, or is no file of users.
    """
    return read_entries(path, "users", _decode, version=_VERSION) if path.exists() else []


def write_users(path: Path, users: Sequence[User]) -> None:
    """Replace the file by one with these users, durably; the caller holds the lock."""
    write_entries(path, "users", [_encode(user) for user in users], version=_VERSION)


def _encode(user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "role": user.role,
        "created_at": user.created_at.isoformat(),
        "password": user.password,
    }


def _decode(entry: Mapping[str, Any]) -> User:
    return User(
        name=entry["name"],
        role=Role(entry["role"]),
        created_at=datetime.fromisoformat(entry["created_at"]),
        password=entry["password"],
    )
