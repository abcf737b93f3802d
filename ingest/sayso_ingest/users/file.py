"""users.json: how a user stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sayso_ingest.registry import Form
from sayso_ingest.users.user import Role, User


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


USERS = Form(
    name="users",
    version=1,
    id_of=lambda user: user.name,
    encode=_encode,
    decode=_decode,
    advice="add a user with: sayso users add NAME",
)
