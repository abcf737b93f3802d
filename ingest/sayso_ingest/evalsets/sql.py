"""What this room asks of the published copy: statements, a file each, and JSON columns as values."""

from __future__ import annotations

import json
from importlib.resources import files

from sayso_ingest.event import JSON


def sql(name: str) -> str:
    """Read a statement."""
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def decoded(value: JSON) -> JSON:
    """A JSON column as a value; the driver hands it over as text."""
    return json.loads(value) if isinstance(value, str) else value
