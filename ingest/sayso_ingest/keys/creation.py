"""Making and revoking keys."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast, get_args

from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.keys.file import read_keys, write_keys
from sayso_ingest.keys.key import LOOPBACK, Key, KeyKind, digest_of, is_origin, key_id_of
from sayso_ingest.keys.token_key import token_key_of
from sayso_ingest.private_file import locked
from sayso_ingest.settings import PROJECT_NAME


def _new_secret() -> str:
    return secrets.token_urlsafe(32)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def create_key(
    path: Path,
    *,
    kind: str,
    project: str,
    origins: Sequence[str] = (),
    note: str = "",
    signed_only: bool = False,
    now: Callable[[], datetime] = _utc_now,
    new_secret: Callable[[], str] = _new_secret,
) -> tuple[str, Key]:
    """Make a key, store its hash, and return the secret, which nobody can show again, with the key.

    Raises:
        UsageError: an unknown kind, a project that cannot name a folder, or origins or `signed_only` that do not fit.
    """
    if kind not in get_args(KeyKind):
        raise UsageError(f"There is no kind of key {kind!r}. Use sk (back ends) or pk (browsers).")
    check_project(project)
    if signed_only and kind != "pk":
        raise UsageError(
            f"An {kind}_ key is not for browsers: only a pk_ key can be for signed events alone."
        )
    secret = f"{kind}_{new_secret()}"
    digest = digest_of(secret)
    key = Key(
        key_id=key_id_of(digest),
        kind=cast(KeyKind, kind),
        project=project,
        sha256=digest,
        origins=_check_origins(kind, origins),
        created_at=now(),
        note=note,
        token_key=token_key_of(secret) if kind == "sk" else None,
        signed_only=signed_only,
    )
    with locked(path):
        write_keys(path, [*(read_keys(path) if path.exists() else []), key])
    return secret, key


def revoke_key(path: Path, key_id: str, *, now: Callable[[], datetime] = _utc_now) -> Key:
    """Mark a key as revoked and return it; a key that was revoked before stays as it is.

    Raises:
        NotFound: there is no such key.
    """
    unknown = NotFound(f"There is no key {key_id!r} in {path}. List the keys with: sayso keys list")
    if not path.exists():  # perhaps a folder that was mistyped; nothing is made for it
        raise unknown
    with locked(path):
        keys = read_keys(path)
        for place, key in enumerate(keys):
            if key.key_id == key_id:
                if key.revoked_at is None:
                    keys[place] = replace(key, revoked_at=now())
                    write_keys(path, keys)
                return keys[place]
    raise unknown


def check_project(project: str) -> None:
    """Refuse a name that cannot be a project's folder.

    Raises:
        UsageError: it has other characters than a-z, 0-9, _ and -, or more than 63 of them.
    """
    if not PROJECT_NAME.fullmatch(project):
        raise UsageError(
            f"{project!r} cannot name a project. Use 1 to 63 of a-z, 0-9, _ and -, beginning with a letter or digit."
        )


def _check_origins(kind: str, origins: Sequence[str]) -> tuple[str, ...]:
    if kind != "pk" and origins:
        raise UsageError(
            f"An {kind}_ key has no origins: it is not for browsers. Leave them out, or make a pk_ key."
        )
    if kind == "pk" and not origins:
        raise UsageError(
            "A pk_ key needs the origins of the pages that use it: "
            f"--origin https://app.example.com, or --origin {LOOPBACK} for this machine."
        )
    checked = tuple(origin.strip().lower().removesuffix("/") for origin in origins)
    for origin in checked:
        if origin != LOOPBACK and not is_origin(origin):
            raise UsageError(
                f"{origin!r} is not an origin. Write scheme, host and port alone: "
                f"https://app.example.com, http://intranet:8080, or {LOOPBACK}."
            )
    return checked
