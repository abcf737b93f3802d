"""Versions of eval sets: folders that are written once, whole, and never changed.

    FOLDER/evalsets/NAME/v1/{manifest.json, cases.jsonl}, v2, ...

A version holds the cases of its parent, with new ones or without some. Its content hash is that of cases.jsonl,
which is ordered by case id, so that the same cases are the same bytes. How the next one is made: `next_version`.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from sayso_ingest.errors import NotFound, SaysoError
from sayso_ingest.evalsets.case import EvalCase
from sayso_ingest.evalsets.files import checked_name, decode_lines, is_name, reachable
from sayso_ingest.event import JSON

MANIFEST = "manifest.json"
CASES = "cases.jsonl"
_FOLDER = re.compile(r"v([1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class Retirement:
    """A case that a version has no longer, and why."""

    case_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an eval set: its cases, ordered by id, the content hash of them, and what it left behind."""

    name: str
    number: int
    sha256: str
    cases: tuple[EvalCase, ...]
    parent: str | None
    created_at: str
    note: str
    path: Path
    retired: tuple[Retirement, ...] = ()

    def rows(self) -> list[dict[str, JSON]]:
        """The cases as plain values: what mining takes as the current set."""
        return [case.row() for case in self.cases]


def set_names(folder: Path) -> list[str]:
    """The names of the eval sets of a project; folders of other names, or without a version, are none."""
    homes = (folder / "evalsets").glob("*")
    return sorted(path.name for path in homes if is_name(path.name) and version_numbers(path))


def versions(folder: Path, name: str) -> list[Version]:
    """Every version of a set, oldest first; none if there is no such set.

    Raises:
        SaysoError: one was changed, or was not made from the one before it.
    """
    home = folder / "evalsets" / checked_name(name)
    found = [read(folder, name, number) for number in version_numbers(home)]
    for before, after in pairwise([None, *found]):
        if after and after.parent != (before.sha256 if before else None):
            raise SaysoError(
                f"{after.path / MANIFEST} was not written for a version that follows "
                f"{f'v{before.number}' if before else 'none'}: a version is missing or was replaced. Restore it."
            )
    return found


def all_versions(folder: Path) -> list[Version]:
    """Every version of every set of a project: what must not leak into training."""
    return [version for name in set_names(folder) for version in versions(folder, name)]


def latest(folder: Path, name: str) -> Version | None:
    """The newest version of a set, None if there is no such set yet."""
    numbers = version_numbers(folder / "evalsets" / checked_name(name))
    return read(folder, name, numbers[-1]) if numbers else None


def read(folder: Path, name: str, number: int) -> Version:
    """Read one version and check that nobody changed it.

    Raises:
        NotFound: there is no such version.
        SaysoError: the cases are not those that the manifest was written for.
    """
    path = folder / "evalsets" / checked_name(name) / f"v{number}"
    try:
        with reachable(path, doing="read"):
            manifest = _account((path / MANIFEST).read_bytes(), source=path / MANIFEST)
            data = (path / CASES).read_bytes()
    except SaysoError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            raise NotFound(
                f"There is no version {number} of the eval set {name!r}: {error.__cause__.filename} is missing."
            ) from error
        raise
    if hashlib.sha256(data).hexdigest() != manifest["cases_sha256"]:
        raise SaysoError(
            f"{path / CASES} was changed after it was written. Versions are never edited: restore the file, "
            "and promote changed cases as a new version."
        )
    return Version(
        name=name,
        number=number,
        sha256=manifest["cases_sha256"],
        cases=tuple(EvalCase.from_row(row) for row in decode_lines(data, source=path / CASES)),
        parent=manifest["parent_sha256"],
        created_at=manifest["created_at"],
        note=manifest["note"],
        path=path,
        retired=manifest["retired"],
    )


def _account(data: bytes, *, source: Path) -> dict[str, JSON]:
    """The manifest of a version, with all fields that reading needs; earlier ones do not know of retired cases."""
    try:
        manifest = json.loads(data)
        known = {name: manifest[name] for name in ("cases_sha256", "parent_sha256", "created_at", "note")}
        known["retired"] = tuple(Retirement(**row) for row in manifest.get("retired", ()))
    except (ValueError, TypeError, KeyError) as error:
        raise SaysoError(
            f"{source} is not the manifest of a version ({error}). Versions are never edited: restore the file."
        ) from error
    return known


def version_numbers(home: Path) -> list[int]:
    """The numbers of the versions in a folder; an empty folder is none, whatever it is called."""
    with reachable(home, doing="read"):
        return sorted(
            int(match[1])
            for path in home.glob("v*")
            if (match := _FOLDER.fullmatch(path.name)) and path.is_dir() and any(path.iterdir())
        )
