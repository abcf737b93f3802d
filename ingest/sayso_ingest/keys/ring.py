"""The keys of a file, for those who look them up."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic

from sayso_ingest.keys.file import read_keys
from sayso_ingest.keys.key import Key, digest_of, key_id_of
from sayso_ingest.private_file import Followed


class KeyRing:
    """The keys of a file, read again when the file has changed; whether it has is looked at every `look_every` s."""

    def __init__(self, path: Path, *, look_every: float = 0, clock: Callable[[], float] = monotonic) -> None:
        self._file: Followed[Mapping[str, Key]] = Followed(
            path,
            lambda path: {key.key_id: key for key in read_keys(path)},
            missing={},
            advice="make a key with: sayso keys create",
            look_every=look_every,
            clock=clock,
        )

    def find(self, secret: str) -> Key | None:
        """Return the key with this secret, revoked or not, or None."""
        digest = digest_of(secret)
        key = self._file.current().get(key_id_of(digest))
        return key if key and hmac.compare_digest(key.sha256, digest) else None

    def get(self, key_id: str) -> Key | None:
        """Return the key with this id, revoked or not, or None."""
        return self._file.current().get(key_id)

    def keys(self) -> Sequence[Key]:
        """Return every key, in the order in which they were made."""
        return tuple(self._file.current().values())
