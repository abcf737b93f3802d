"""The keys of a file, for those who look them up."""

from __future__ import annotations

import hmac
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic

from sayso_ingest.errors import NotFound, SaysoError
from sayso_ingest.keys.file import read_keys, stamp_of
from sayso_ingest.keys.key import Key, digest_of, key_id_of

log = logging.getLogger(__name__)


class KeyRing:
    """The keys of a file, read again when the file has changed; whether it has is looked at every `look_every` s."""

    def __init__(self, path: Path, *, look_every: float = 0, clock: Callable[[], float] = monotonic) -> None:
        self._path = path
        self._look_every = look_every
        self._clock = clock
        self._looked_at = clock()
        self._lock = threading.Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._said = ""
        self._keys: Mapping[str, Key] = {}
        self._refresh()

    def find(self, secret: str) -> Key | None:
        """Return the key with this secret, revoked or not, or None."""
        digest = digest_of(secret)
        key = self._current().get(key_id_of(digest))
        return key if key and hmac.compare_digest(key.sha256, digest) else None

    def get(self, key_id: str) -> Key | None:
        """Return the key with this id, revoked or not, or None."""
        return self._current().get(key_id)

    def keys(self) -> Sequence[Key]:
        """Return every key, in the order in which they were made."""
        return tuple(self._current().values())

    def _current(self) -> Mapping[str, Key]:
        now = self._clock()
        if now - self._looked_at < self._look_every:
            return self._keys
        self._looked_at = now
        if stamp_of(self._path) != self._stamp:
            with self._lock:
                try:
                    self._refresh()
                except SaysoError as error:
                    self._keep_old(error)
        return self._keys

    def _keep_old(self, error: SaysoError) -> None:
        """Go on with the keys read before: a file that is being replaced by hand must not lock everybody out."""
        self._stamp = None  # whatever it was, it is looked at again, until it can be read
        if str(error) != self._said:
            self._said = str(error)
            log.warning("%s The keys read before stay in use.", error)

    def _refresh(self) -> None:
        stamp = stamp_of(self._path)
        if stamp == self._stamp:
            return
        if stamp is not None:
            self._stamp = stamp  # before reading: a change in between is seen as one
            self._keys = {key.key_id: key for key in read_keys(self._path)}
            self._said = ""
        elif self._stamp is not None:
            self._stamp = None
            raise NotFound(f"{self._path} is gone. Put it back, or make a key with: sayso keys create")
