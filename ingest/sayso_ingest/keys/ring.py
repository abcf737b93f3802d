"""The keys of a file, for those who look them up."""

from __future__ import annotations

import hmac

from sayso_ingest.keys.file import KEYS
from sayso_ingest.keys.key import Key, digest_of, key_id_of
from sayso_ingest.registry import Registry


class KeyRing(Registry[Key]):
    """The keys of a file, revoked or not, followed as they change."""

    form = KEYS

    def find(self, secret: str) -> Key | None:
        """Return the key with this secret, or None."""
        digest = digest_of(secret)
        key = self.get(key_id_of(digest))
        return key if key and hmac.compare_digest(key.sha256, digest) else None
