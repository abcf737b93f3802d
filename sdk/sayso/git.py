"""Where a file stands in git. Asks the git command; where there is none, or no repository, nothing is known."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 2.0
"""Seconds for one question, so that a repository on a disk that hangs does not hold up an application."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the text of a file stands. All None outside a repository."""

    commit: str | None = None
    """The commit that wrote the file as it is in HEAD; None when HEAD has no such file."""
    dirty: bool | None = None
    """Whether the file differs from the one in HEAD, as one does that was never committed."""
    path: str | None = None
    """The file's path from the top of its repository (a submodule's, in a submodule)."""


def place_of(file: Path) -> Place:
    """Say where a file stands in git; a link is followed to the text it leads to."""
    file = file.resolve()
    inside = _ask(file.parent, "rev-parse", "--show-prefix")
    if inside is None or inside.returncode != 0:
        return Place()
    path = inside.stdout.removesuffix("\n") + file.name
    known = _ask(file.parent, "cat-file", "-e", f"HEAD:./{file.name}")
    if known is None:
        return Place(path=path)
    if known.returncode != 0:
        return Place(commit=None, dirty=True, path=path)
    wrote = _ask(file.parent, "log", "-1", "--format=%H", "--", file.name)
    differs = _ask(file.parent, "diff", "--quiet", "--no-ext-diff", "HEAD", "--", file.name)
    return Place(
        commit=wrote.stdout.strip() or None if wrote else None,
        dirty={0: False, 1: True}.get(differs.returncode) if differs else None,
        path=path,
    )


def _ask(folder: Path, *words: str) -> subprocess.CompletedProcess[str] | None:
    """Run git in a folder; None when it cannot be run or takes too long."""
    # What GIT_DIR and its like say is about the repository of whoever started us, such as a hook.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        return subprocess.run(
            ["git", "--literal-pathspecs", *words],
            cwd=folder,
            env={**environment, "GIT_OPTIONAL_LOCKS": "0"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
