"""The files of the checkout, without what was installed or made in it: of that there is a hundred times as much."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {".venv", ".cache", ".git", "build", "node_modules"}


def files(folder: Path = ROOT) -> Iterator[Path]:
    """All files in a folder and below, by name."""
    for entry in sorted(folder.iterdir()):
        if not entry.is_dir():
            yield entry
        elif entry.name not in NOT_OURS and not entry.is_symlink():
            yield from files(entry)
