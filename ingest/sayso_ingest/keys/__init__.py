"""Who may send what: keys, kept as SHA-256 of their secrets in one file that several processes read.

`keys.json` is replaced whole and never edited in place, so that a reader sees the old file or the new one;
several collectors may get the same file as a mounted secret.
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
