"""Rows: where data lies, and which project is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sayso_ingest import parsers
from sayso_ingest.settings.row import setting

PROJECT_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
"""What can name a project, and so its folder."""


@dataclass(frozen=True)
class PlaceRows:
    """Where data lies, and which project is meant."""

    data: Path = setting(  # noqa: RUF009 - returns a dataclass field
        Path("sayso-data"),
        "Folder that holds the keys and every project.",
        parsers.path,
        "the path of a folder",
    )
    project: str = setting(
        "default",
        "Project to work on; each has a folder of its own.",
        parsers.matching(PROJECT_NAME),
        "up to 63 of a-z, 0-9, - and _, the first a letter or a digit",
    )
