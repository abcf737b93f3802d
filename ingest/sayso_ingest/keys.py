"""Who may send what: keys, kept as SHA-256 of their secrets in one file that several processes read.

`keys.json` is replaced whole and never edited in place, so that a reader sees the old file or the new one;
several collectors may get the same file as a mounted secret.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import logging
import os
import re
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast, get_args
from urllib.parse import urlsplit

from sayso_ingest.errors import NotFound, SaysoError, UsageError

KeyKind = Literal["sk", "pk", "ak"]
"""Secret (back ends), publishable (browsers), admin (console and SQL)."""

LOOPBACK = "loopback"
"""The origin that stands for this machine, on any port."""

_VERSION = 1
_PROJECT = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?")
_LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_SECRET = re.compile(rb"(sk|pk|ak)_[A-Za-z0-9_-]{20,}")
_logger = logging.getLogger(__name__)


def _new_secret() -> str:
    return secrets.token_urlsafe(32)


def _utc_now() -> datetime:
    return datetime.now(UTC)


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

    def allows_origin(self, origin: str) -> bool:
        """Say whether pages of this origin may use the key."""
        origin = origin.lower()
        if LOOPBACK in self.origins and _is_loopback(origin):
            return True
        return origin != LOOPBACK and origin in self.origins


class KeyRing:
    """The keys of a file, read again when the file has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._keys: Mapping[str, Key] = {}
        self._refresh()

    def find(self, secret: str) -> Key | None:
        """Return the key with this secret, revoked or not, or None."""
        digest = _digest(secret)
        key = self._current().get(_key_id(digest))
        return key if key and hmac.compare_digest(key.sha256, digest) else None

    def keys(self) -> Sequence[Key]:
        """Return every key, in the order in which they were made."""
        return tuple(self._current().values())

    def _current(self) -> Mapping[str, Key]:
        if _stamp(self._path) != self._stamp:
            with self._lock:
                try:
                    self._refresh()
                except SaysoError as error:
                    # A file that is being replaced by hand must not lock everybody out.
                    _logger.warning("%s The keys read before stay in use.", error)
        return self._keys

    def _refresh(self) -> None:
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return
        if stamp is not None:
            self._stamp = stamp  # before reading: a change in between is seen as one
            self._keys = {key.key_id: key for key in _read(self._path)}
        elif self._stamp is not None:
            self._stamp = None
            raise NotFound(f"{self._path} is gone. Put it back, or make a key with: sayso keys create")


def create_key(
    path: Path,
    *,
    kind: str,
    project: str,
    origins: Sequence[str] = (),
    note: str = "",
    now: Callable[[], datetime] = _utc_now,
    new_secret: Callable[[], str] = _new_secret,
) -> tuple[str, Key]:
    """Make a key, store its hash, and return the secret, which nobody can show again, with the key.

    Raises:
        UsageError: an unknown kind, a project that cannot name a folder, or origins that do not fit.
    """
    if kind not in get_args(KeyKind):
        raise UsageError(
            f"There is no kind of key {kind!r}. Use sk (back ends), pk (browsers) or ak (admin)."
        )
    check_project(project)
    secret = f"{kind}_{new_secret()}"
    digest = _digest(secret)
    key = Key(
        key_id=_key_id(digest),
        kind=cast(KeyKind, kind),
        project=project,
        sha256=digest,
        origins=_check_origins(kind, origins),
        created_at=now(),
        note=note,
    )
    with _locked(path):
        _write(path, [*(_read(path) if path.exists() else []), key])
    return secret, key


def revoke_key(path: Path, key_id: str, *, now: Callable[[], datetime] = _utc_now) -> Key:
    """Mark a key as revoked and return it; a key that was revoked before stays as it is.

    Raises:
        NotFound: there is no such key.
    """
    with _locked(path):
        keys = _read(path) if path.exists() else []
        for place, key in enumerate(keys):
            if key.key_id == key_id:
                if key.revoked_at is None:
                    keys[place] = replace(key, revoked_at=now())
                    _write(path, keys)
                return keys[place]
    raise NotFound(f"There is no key {key_id!r} in {path}. List the keys with: sayso keys list")


def check_project(project: str) -> None:
    """Refuse a name that cannot be a project's folder.

    Raises:
        UsageError: it has other characters than a-z, 0-9, _ and -, or more than 63 of them.
    """
    if not _PROJECT.fullmatch(project):
        raise UsageError(
            f"{project!r} cannot name a project. Use 1 to 63 of a-z, 0-9, _ and -, beginning with a letter or digit."
        )


def redact(raw: bytes) -> bytes:
    """Blank out everything that looks like a secret."""
    return _SECRET.sub(rb"\1_REDACTED", raw)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _key_id(digest: str) -> str:
    return f"key_{digest[:12]}"


def _is_loopback(origin: str) -> bool:
    return bool(_ORIGIN.fullmatch(origin)) and urlsplit(origin).hostname in _LOOPBACK_HOSTS


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
        if origin != LOOPBACK and not _ORIGIN.fullmatch(origin):
            raise UsageError(
                f"{origin!r} is not an origin. Write scheme, host and port alone: "
                f"https://app.example.com, http://intranet:8080, or {LOOPBACK}."
            )
    return checked


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino, status.st_size


def _read(path: Path) -> list[Key]:
    try:
        held = json.loads(path.read_text("utf-8"))
        if held["version"] != _VERSION:
            raise SaysoError(
                f"{path} has version {held['version']}, this sayso reads version {_VERSION}. Upgrade it."
            )
        return [_decode(entry) for entry in held["keys"]]
    except OSError as error:
        raise SaysoError(
            f"{path} cannot be read ({error.strerror}). Check who owns it and its mode."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SaysoError(f"{path} is not a file of keys ({error!r}). Restore it from a backup.") from error


def _write(path: Path, keys: Sequence[Key]) -> None:
    beside = path.with_name(f".{path.name}.new")  # whoever writes holds the lock
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"version": _VERSION, "keys": [_encode(key) for key in keys]}, file, indent=2)
        file.flush()
        os.fsync(handle)
        _give_to_owner(handle, path)
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _give_to_owner(handle: int, path: Path) -> None:
    """Let the service still read its keys after root has made one."""
    if os.geteuid() == 0:
        owner = (path if path.exists() else path.parent).stat()
        os.fchown(handle, owner.st_uid, owner.st_gid)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep two commands from losing each other's change."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _give_to_owner(handle, path)
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
    except OSError as error:
        raise SaysoError(
            f"{path} cannot be changed ({error.strerror}). Check the disk and who owns it."
        ) from error


def _encode(key: Key) -> dict[str, Any]:
    return {
        "key_id": key.key_id,
        "kind": key.kind,
        "project": key.project,
        "sha256": key.sha256,
        "origins": list(key.origins),
        "created_at": key.created_at.isoformat(),
        "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
        "note": key.note,
    }


def _decode(entry: Mapping[str, Any]) -> Key:
    revoked_at = entry.get("revoked_at")
    return Key(
        key_id=entry["key_id"],
        kind=entry["kind"],
        project=entry["project"],
        sha256=entry["sha256"],
        origins=tuple(entry.get("origins", ())),
        created_at=datetime.fromisoformat(entry["created_at"]),
        revoked_at=datetime.fromisoformat(revoked_at) if revoked_at else None,
        note=entry.get("note", ""),
    )
