"""keys.json: read, replaced whole under a lock, and given to whom it belongs."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sayso_ingest.errors import SaysoError
from sayso_ingest.keys.key import Key

_VERSION = 1


def stamp_of(path: Path) -> tuple[int, int, int] | None:
    """What changes when the file does; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino, status.st_size


def read_keys(path: Path) -> list[Key]:
    """Read every key, in the order in which they were made.

    Raises:
        SaysoError: the file cannot be read, or is no file of keys.
    """
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


def write_keys(path: Path, keys: Sequence[Key]) -> None:
    """Replace the file by one with these keys, durably; the caller holds the lock."""
    beside = path.with_name(f".{path.name}.new")
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
def locked(path: Path) -> Iterator[None]:
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
        "token_key": key.token_key.hex() if key.token_key else None,
        "signed_only": key.signed_only,
    }


def _decode(entry: Mapping[str, Any]) -> Key:
    revoked_at, token_key = entry.get("revoked_at"), entry.get("token_key")
    return Key(
        key_id=entry["key_id"],
        kind=entry["kind"],
        project=entry["project"],
        sha256=entry["sha256"],
        origins=tuple(entry.get("origins", ())),
        created_at=datetime.fromisoformat(entry["created_at"]),
        revoked_at=datetime.fromisoformat(revoked_at) if revoked_at else None,
        note=entry.get("note", ""),
        token_key=bytes.fromhex(token_key) if token_key else None,
        signed_only=bool(entry.get("signed_only", False)),
    )
