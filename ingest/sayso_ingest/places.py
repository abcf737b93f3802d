"""Where things lie in the folder that the setting `data` names, so that one room finds what another one leaves.

What only one room knows of a project is named in that room.
"""

from __future__ import annotations

from pathlib import Path

KEYS_FILE = "keys.json"
USERS_FILE = "users.json"
PROJECTS_FILE = "projects.json"


def keys_file(data: Path) -> Path:
    """Return where the keys of all projects are."""
    return data / KEYS_FILE


def users_file(data: Path) -> Path:
    """Return where the users of the console are."""
    return data / USERS_FILE


def projects_file(data: Path) -> Path:
    """Return where it stands what differs from project to project."""
    return data / PROJECTS_FILE


def project_folder(data: Path, project: str) -> Path:
    """Return where everything of a project is."""
    return data / project


def log_folder(project_folder: Path) -> Path:
    """Return where the event log of a project keeps its files."""
    return project_folder / "log"


def live_warehouse(project_folder: Path) -> Path:
    """Return the file that the lander of a project writes, and nobody else opens."""
    return project_folder / "live" / "warehouse.duckdb"


def kept_copy(project_folder: Path) -> Path:
    """Return the published copy before the last, which the next one is made of."""
    return project_folder / ".warehouse.duckdb.retired"


def landed_mark(project_folder: Path) -> Path:
    """Return where the lander of a project says how much of the log's files has landed."""
    return project_folder / "live" / "landed"


def service_key_file(project_folder: Path) -> Path:
    """Return where the secret key is with which programs on this machine send to a project."""
    return project_folder / "service.key"


def themes_file(project_folder: Path) -> Path:
    """What themes of comments there were, in a project's folder."""
    return project_folder / "mining" / "themes.json"


def gathered_file(project_folder: Path) -> Path:
    """Which comments the last run gathered in themes, for the console."""
    return project_folder / "mining" / "gathered.json"


def static_table_file(data: Path) -> Path:
    """The table of the embedder `static`, which all projects share; no project can have this name."""
    return data / "static-256.npz"


def vectors_folder(project_folder: Path) -> Path:
    """Where mining keeps the vectors of questions; no eval set can have this name."""
    return project_folder / "mining" / "_vectors"


def coverage_file(project_folder: Path, name: str) -> Path:
    """How well an eval set covered traffic whenever that was measured, a line each."""
    return project_folder / "mining" / name / "coverage.jsonl"


def replies_file(project_folder: Path) -> Path:
    """Replies of models that were paid for, by a hash of what was asked."""
    return project_folder / "models" / "replies.sqlite"


def improve_folder(project_folder: Path) -> Path:
    """What was gathered for prompts to learn from, a folder each: people's words are in it."""
    return project_folder / "improve"
