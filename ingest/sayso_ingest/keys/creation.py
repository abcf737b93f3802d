"""Making and revoking keys."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast, get_args

from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.keys.file import KEYS
from sayso_ingest.keys.key import LOOPBACK, Key, KeyKind, digest_of, is_origin, key_id_of
from sayso_ingest.keys.ring import KeyRing
from sayso_ingest.keys.token_key import token_key_of
from sayso_ingest.settings import PROJECT_NAME


def _new_secret() -> str:
    return secrets.token_urlsafe(32)


def create_key(
    path: Path,
    *,
    kind: str,
    project: str,
    origins: Sequence[str] = (),
    note: str = "",
    signed_only: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
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
    with KEYS.changing(path) as keys:
        keys[key.key_id] = key
    return secret, key


def revoke_key(path: Path, key_id: str, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Key:
    """Mark a key as revoked and return it; a key that was revoked before stays as it is.

    Raises:
        NotFound: there is no such key.
    """
    unknown = NotFound(f"There is no key {key_id!r} in {path}. List the keys with: sayso keys list")
    if KeyRing(path).get(key_id) is None:  # perhaps a folder that was mistyped; nothing is made for it
        raise unknown
    with KEYS.changing(path) as keys:
        if key_id not in keys:
            raise unknown
        key = keys[key_id]
        keys[key_id] = revoked = replace(key, revoked_at=key.revoked_at or now())
    return revoked


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
