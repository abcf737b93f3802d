"""The secret that signs the console's cookies: one file a data folder, for its owner alone."""

from __future__ import annotations

import secrets
from pathlib import Path

from sayso_ingest.errors import SaysoError
from sayso_ingest.private_file import locked, replace

FILE = "console.secret"
_LENGTH = 43


def cookie_secret(data: Path) -> str:
    """Return the secret, made when there is none; removing the file signs everybody out.

    Raises:
        SaysoError: the file cannot be read or made, or holds no secret.
    """
    path = data / FILE
    if not data.is_dir():  # a folder that was mistyped; nothing is made for it, and nobody can sign in
        return secrets.token_urlsafe(32)
    with locked(path):
        if not path.exists():
            replace(path, secrets.token_urlsafe(32))
        secret = path.read_text("utf-8").strip()
    if len(secret) < _LENGTH:
        raise SaysoError(
            f"{path} holds no secret. Remove it: a new one is made, and everybody signs in again."
        )
    return secret
