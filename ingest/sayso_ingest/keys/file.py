"""keys.json: how a key stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sayso_ingest.keys.key import Key
from sayso_ingest.registry import Form


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


KEYS = Form(
    name="keys",
    version=1,
    id_of=lambda key: key.key_id,
    encode=_encode,
    decode=_decode,
    advice="make a key with: sayso keys create",
)
