"""What an erasure did, and what it could not reach."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Account:
    """The sums of an erasure; nothing in it says whom it was about."""

    events: Counter[str] = field(default_factory=Counter)
    """Erased from the warehouse, by kind."""
    rejects: int = 0
    log_records: int = 0
    """Records of the log from which something was taken out."""
    cases: dict[str, int] = field(default_factory=dict)
    """Cases taken out of all versions, by eval set."""
    versions: dict[str, list[str]] = field(default_factory=dict)
    """The versions that had such cases, by eval set."""
    results: dict[str, int] = field(default_factory=dict)
    """Results out of which what was answered was taken, by run; their scores are kept."""
    lines: int = 0
    """Candidates and other lines in the folder of mining."""
    removed: list[str] = field(default_factory=list)
    """Files that are made anew when they are needed, removed whole."""
    left: list[str] = field(default_factory=list)
    """What still holds something of it, or may, and has to be seen to by hand."""
