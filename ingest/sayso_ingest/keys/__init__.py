"""Who may send what: keys, kept as SHA-256 of their secrets.

`keys.json` is the registry of all keys of a data folder; several collectors may get the same file as a mounted secret.
It must not know about HTTP, nor what a key's holder sends.
"""

from sayso_ingest.keys.creation import check_project, create_key, revoke_key
from sayso_ingest.keys.key import LOOPBACK, Key, KeyKind
from sayso_ingest.keys.redact import redact
from sayso_ingest.keys.ring import KeyRing

__all__ = [
    "LOOPBACK",
    "Key",
    "KeyKind",
    "KeyRing",
    "check_project",
    "create_key",
    "redact",
    "revoke_key",
]
