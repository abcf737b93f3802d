"""Who did what, when, and on what: a record of ids and names, without a word of feedback."""

from __future__ import annotations

from datetime import datetime

from sayso_ingest.console.identity import Identity
from sayso_ingest.console.state import Writing, iso

MOST = 100_000
"""Entries that are kept; the oldest go first."""


def record(writing: Writing, who: Identity, what: str, on_what: str = "", *, now: datetime) -> None:
    """Write down what somebody did, in the transaction that does it."""
    writing.run("record", at=iso(now), who=who.name, way=who.way, what=what, on_what=on_what[:300])
    writing.run("trim_audit", most=MOST)
