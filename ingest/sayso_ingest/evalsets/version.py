"""Versions of eval sets: folders that are written once, whole, and never changed.

    FOLDER/evalsets/NAME/v1/{manifest.json, cases.jsonl}, v2, ...

A version holds all cases of its parent and the new ones. Its content hash is that of cases.jsonl, which is
ordered by case id, so that the same cases are the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from sayso_ingest.errors import NotFound, SaysoError, UsageError
from sayso_ingest.evalsets.case import EvalCase
from sayso_ingest.evalsets.files import (
    checked_name,
    decode_lines,
    encode_lines,
    is_name,
    reachable,
    stamp,
    sync_folder,
    write_durably,
)
from sayso_ingest.event import JSON

MANIFEST = "manifest.json"
CASES = "cases.jsonl"
FORMAT = 1
_FOLDER = re.compile(r"v([1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an eval set: its cases, ordered by id, and the content hash of them."""

    name: str
    number: int
    sha256: str
    cases: tuple[EvalCase, ...]
    parent: str | None
    created_at: str
    note: str
    path: Path

    def rows(self) -> list[dict[str, JSON]]:
        """The cases as plain values: what mining takes as the current set."""
        return [case.row() for case in self.cases]


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two versions, by case id."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


def set_names(folder: Path) -> list[str]:
    """The names of the eval sets of a project; folders of other names, or without a version, are none."""
    homes = (folder / "evalsets").glob("*")
    return sorted(path.name for path in homes if is_name(path.name) and _numbers(path))


def versions(folder: Path, name: str) -> list[Version]:
    """Every version of a set, oldest first; none if there is no such set.

    Raises:
        SaysoError: one was changed, or was not made from the one before it.
    """
    home = folder / "evalsets" / checked_name(name)
    found = [read(folder, name, number) for number in _numbers(home)]
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
    numbers = _numbers(folder / "evalsets" / checked_name(name))
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
    )


def _account(data: bytes, *, source: Path) -> dict[str, JSON]:
    """The manifest of a version, with all fields that reading needs."""
    try:
        manifest = json.loads(data)
        known = {name: manifest[name] for name in ("cases_sha256", "parent_sha256", "created_at", "note")}
    except (ValueError, TypeError, KeyError) as error:
        raise SaysoError(
            f"{source} is not the manifest of a version ({error}). Versions are never edited: restore the file."
        ) from error
    return known


def promote(
    folder: Path, name: str, cases: Sequence[EvalCase], *, now: datetime | None = None, note: str = ""
) -> Version:
    """Write the next version of a set: the cases of the latest one and these.

    Raises:
        UsageError: there are no cases, or one is there twice or in the set already.
        SaysoError: another process wrote the same version meanwhile.
    """
    parent = latest(folder, name)
    number = parent.number + 1 if parent else 1
    _check_new(name, cases, parent)
    old = parent.cases if parent else ()
    every = sorted([*old, *(case.since(number) for case in cases)], key=lambda case: case.case_id)
    data = encode_lines(case.row() for case in every)
    manifest = {
        "format": FORMAT,
        "name": name,
        "version": number,
        "created_at": stamp(now),
        "note": note,
        "added": len(cases),
        "cases_sha256": hashlib.sha256(data).hexdigest(),
        **_ancestry(parent),
        **_counts(every),
    }
    with _new_folder(folder / "evalsets" / name, f"v{number}") as draft:
        write_durably(draft / CASES, data)
        write_durably(draft / MANIFEST, json.dumps(manifest, indent=2, sort_keys=True).encode() + b"\n")
    return read(folder, name, number)


def compare(before: Version, after: Version) -> Difference:
    """Which cases were added, removed or changed, apart from the version they came in with."""
    old = {case.case_id: case.since(0) for case in before.cases}
    new = {case.case_id: case.since(0) for case in after.cases}
    return Difference(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed=tuple(sorted(case_id for case_id in old.keys() & new.keys() if old[case_id] != new[case_id])),
    )


def _ancestry(parent: Version | None) -> dict[str, JSON]:
    return {
        "parent": f"v{parent.number}" if parent else None,
        "parent_sha256": parent.sha256 if parent else None,
    }


def _counts(cases: Sequence[EvalCase]) -> dict[str, JSON]:
    return {
        "cases": len(cases),
        "strata": Counter(case.stratum for case in cases),
        "reference_kinds": Counter(case.reference_kind for case in cases),
    }


def _check_new(name: str, cases: Sequence[EvalCase], parent: Version | None) -> None:
    if not cases:
        raise UsageError(
            f"There is nothing to promote into {name!r}. Propose some with `sayso mine --set {name}`."
        )
    twice = [case_id for case_id, count in Counter(case.case_id for case in cases).items() if count > 1]
    if twice:
        raise UsageError(f"Promoted twice at once: {_some(twice)}. Name each case once.")
    known = {case.case_id for case in parent.cases} if parent else set()
    again = [case.case_id for case in cases if case.case_id in known]
    if parent and again:
        raise UsageError(f"Already in {name!r} v{parent.number}: {_some(again)}. Leave these out.")


def _some(case_ids: Sequence[str]) -> str:
    shown = ", ".join(case_id[:12] for case_id in case_ids[:5])
    return shown if len(case_ids) <= 5 else f"{shown} and {len(case_ids) - 5} more"


def _numbers(home: Path) -> list[int]:
    """The numbers of the versions in a folder; an empty folder is none, whatever it is called."""
    with reachable(home, doing="read"):
        return sorted(
            int(match[1])
            for path in home.glob("v*")
            if (match := _FOLDER.fullmatch(path.name)) and path.is_dir() and any(path.iterdir())
        )


@contextmanager
def _new_folder(home: Path, name: str) -> Iterator[Path]:
    """A draft beside the final place, renamed when it is whole; what a crash leaves has a name that nobody reads."""
    with reachable(home, doing="written"):
        home.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=home))
    try:
        with reachable(home / name, doing="written"):
            yield draft
            draft.chmod(0o755)
            sync_folder(draft)
            draft.rename(home / name)
            sync_folder(home)
    except SaysoError as error:
        if (home / name).exists():
            raise SaysoError(
                f"{home / name} was written by another process meanwhile. Run the same again."
            ) from error
        raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
