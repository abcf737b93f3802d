"""Which events of a project were erased: the ids in PROJECT/erased_ids, one a line, and nothing of whom they were.

What was read from the warehouse before an erasure is held against it when it is written down after that.
"""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from sayso_ingest.private_file import replace

FILE = "erased_ids"


def add(folder: Path, ids: Set[str]) -> None:
    """Add to what is known to be erased from a project; durably, or not at all."""
    before = erased_in(folder)
    if ids <= before:
        return
    replace(folder / FILE, "".join(f"{one}\n" for one in sorted(before | ids)))


def erased_in(folder: Path) -> Set[str]:
    """The ids that a project's folder knows."""
    try:
        return frozenset((folder / FILE).read_text().split())
    except FileNotFoundError:
        return frozenset()
