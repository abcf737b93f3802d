"""Pure: how much is taken, every number of it."""

from __future__ import annotations

from sayso_ingest.event import Kind

KB = 1024
MB = 1024 * KB

WIRE_BYTES = 1 * MB
"""Bytes of a body as it comes."""
UNPACKED_BYTES = 4 * MB
"""Bytes of a body when it is unpacked."""
EVENTS = 200
"""Events of a request."""
REASONS = 50
"""Reasons of a client's report that are counted; more are left out."""
EVENT_BYTES = 64 * KB
"""Bytes of an event in compact, unescaped UTF-8 JSON."""
LARGE_EVENT_BYTES = 512 * KB
"""The same for an interaction or a suggestion, which hold whole texts."""
LARGE_KINDS = frozenset({Kind.INTERACTION, Kind.SUGGESTION})
DEPTH = 64
"""How many objects and lists of an event may lie inside each other."""
DIGITS = 4300
"""Digits of an integer; Python refuses to read more."""
NAME_CHARACTERS = 512
"""Characters (code points) of an id of the application: a target, an actor, a name."""
NAME_KEPT = 100
"""Characters of a reject's id and kind that are kept, whatever they were."""
TOKEN_CHARACTERS = 8 * KB
"""Characters of a feedback token: one for the longest target and the longest actor has some 5,700."""


def event_limit(kind: object) -> int:
    """Return how many bytes an event of this kind, or of none, may have."""
    return LARGE_EVENT_BYTES if isinstance(kind, str) and kind in LARGE_KINDS else EVENT_BYTES


def in_words(size: int) -> str:
    """Write a limit for people: 65536 is "64 KB"."""
    return f"{size // MB} MB" if size >= MB else f"{size // KB} KB"
