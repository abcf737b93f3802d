"""Pure: what a key is, and where it may be used."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from sayso_ingest.settings import LOOPBACK_HOSTS

KeyKind = Literal["sk", "pk", "ak"]
"""Secret (back ends), publishable (browsers), and admin (programs that use the console's port)."""

LOOPBACK = "loopback"
"""The origin that stands for this machine, on any port."""

_ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Key:
    """What is known about a key; its secret is not."""

    key_id: str
    kind: KeyKind
    project: str
    sha256: str
    origins: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None = None
    note: str = ""
    token_key: bytes | None = field(default=None, repr=False)
    """What verifies the feedback tokens that the holder of an sk_ key signs; None in keys older than tokens."""
    signed_only: bool = False
    """Whether a pk_ key sends only events that have a feedback token."""

    def allows_origin(self, origin: str) -> bool:
        """Say whether pages of this origin may use the key."""
        origin = origin.lower()
        if LOOPBACK in self.origins and _is_loopback(origin):
            return True
        return origin != LOOPBACK and origin in self.origins


def is_origin(text: str) -> bool:
    """Say whether a text is an origin: scheme, host and port alone, in small letters."""
    return bool(_ORIGIN.fullmatch(text))


def digest_of(secret: str) -> str:
    """The SHA-256 of a secret, in hex."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def key_id_of(digest: str) -> str:
    """The id of the key whose secret has this SHA-256."""
    return f"key_{digest[:12]}"


def _is_loopback(origin: str) -> bool:
    return is_origin(origin) and urlsplit(origin).hostname in LOOPBACK_HOSTS
