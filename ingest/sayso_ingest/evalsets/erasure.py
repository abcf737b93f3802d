"""Erasing cases from an eval set: gone from every version, whose hashes are made anew; the next one says how many."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sayso_ingest.durable import sync
from sayso_ingest.evalsets.case import EvalCase
from sayso_ingest.evalsets.files import decode_lines, encode_lines, is_name, stamp, write_durably
from sayso_ingest.evalsets.next_version import count_cases, encode_manifest, new_folder
from sayso_ingest.evalsets.version import CASES, MANIFEST, version_numbers
from sayso_ingest.event import JSON

REASON = "erased on request"
_ASIDE = ".erased-"
TOMBSTONE = "erased"
"""Stands for the id of a case, which is a hash of what was asked."""


@dataclass
class Erased:
    """How many cases are gone, and from which versions."""

    cases: int = 0
    versions: list[str] = field(default_factory=list)
    ids: Set[str] = frozenset()
    """Of the cases."""


@dataclass
class _Draft:
    """A version as it will be."""

    manifest: dict[str, JSON]
    cases: list[EvalCase]
    gone: set[str]
    changed: bool


@dataclass(frozen=True)
class Belonging:
    """What of an eval set is somebody's."""

    ids: Set[str]
    """Those of the events that are erased."""
    owns: Callable[[JSON], bool]
    """Says whether a case, as plain values, is theirs, and not only somebody else's that they spoke of."""

    def out_of(self, case: EvalCase) -> EvalCase:
        """The case without what they said of it, as far as it names that."""
        kept = tuple(one for one in case.provenance.event_ids if one not in self.ids)
        return replace(case, provenance=replace(case.provenance, event_ids=kept))


def erase_cases(folder: Path, name: str, theirs: Belonging, *, now: datetime | None = None) -> Erased:
    """Take somebody's cases out of all versions, and out of others what they said of these.

    A next version follows, with a tombstone for each case. One that is killed is run again, and goes on.
    """
    home = _home(folder, name)
    _put_back(home)
    drafts = _drafts(home, theirs)
    erased, gone = _sum(drafts), _gone(drafts)
    if gone:
        last = max(drafts)
        drafts[last + 1] = _tombstones(drafts[last], last, len(gone), now)
    if any(draft.changed for draft in drafts.values()):
        _write(home, drafts, gone)
    return erased


def count_erasable(folder: Path, name: str, theirs: Belonging) -> Erased:
    """Say what `erase_cases` would take out; nothing is changed."""
    return _sum(_drafts(_home(folder, name), theirs))


def kept_cases(folder: Path, name: str, number: int) -> set[str] | None:
    """The ids of the cases that erasures left in a version; None where none has taken any out, or it is not there."""
    path = _home(folder, name) / f"v{number}"
    if not is_name(name) or not (path / MANIFEST).exists():
        return None
    manifest, cases = _read(path)
    return {case.case_id for case in cases} if manifest.get("erased") else None


def _home(folder: Path, name: str) -> Path:
    return folder / "evalsets" / name


def _drafts(home: Path, theirs: Belonging) -> dict[int, _Draft]:
    return {number: _without(home / f"v{number}", theirs) for number in version_numbers(home)}


def _gone(drafts: Mapping[int, _Draft]) -> set[str]:
    return set[str]().union(*(draft.gone for draft in drafts.values()))


def _sum(drafts: Mapping[int, _Draft]) -> Erased:
    gone = _gone(drafts)
    return Erased(len(gone), [f"v{number}" for number, draft in drafts.items() if draft.gone], gone)


def _tombstones(last: _Draft, number: int, count: int, now: datetime | None) -> _Draft:
    """The version after the last one: the same cases, and how many are gone from all."""
    said: dict[str, JSON] = {
        "version": number + 1,
        "created_at": stamp(now),
        "note": f"{count} {'case' if count == 1 else 'cases'} {REASON}",
        "added": 0,
        "retired": [{"case_id": TOMBSTONE, "reason": REASON} for _ in range(count)],
        "parent": f"v{number}",
    }
    return _Draft(last.manifest | said, last.cases, set(), changed=True)


def _without(path: Path, theirs: Belonging) -> _Draft:
    manifest, cases = _read(path)
    gone = {case.case_id for case in cases if theirs.owns(case.row())}
    kept = [theirs.out_of(case) for case in cases if case.case_id not in gone]
    return _Draft(manifest, kept, gone, changed=kept != cases)


def _read(path: Path) -> tuple[dict[str, JSON], list[EvalCase]]:
    rows = decode_lines((path / CASES).read_bytes(), source=path / CASES)
    return json.loads((path / MANIFEST).read_bytes()), [EvalCase.from_row(row) for row in rows]


def _write(home: Path, drafts: dict[int, _Draft], gone: set[str]) -> None:
    """Write the versions anew, the newest first: until the oldest has its place, all is found to be erased still."""
    files: dict[int, tuple[bytes, bytes]] = {}
    parent: str | None = None
    for number, draft in sorted(drafts.items()):
        data = encode_lines(case.row() for case in draft.cases)
        sha256 = hashlib.sha256(data).hexdigest()
        before = draft.manifest.get("retired", ())
        retired = [{**one, "case_id": TOMBSTONE} if one["case_id"] in gone else one for one in before]
        manifest = draft.manifest | count_cases(draft.cases)
        manifest |= {"cases_sha256": sha256, "parent_sha256": parent, "retired": retired}
        if draft.gone:
            manifest["erased"] = manifest.get("erased", 0) + len(draft.gone)
        files[number] = data, encode_manifest(manifest)
        parent = sha256
    for number, (data, manifest_bytes) in sorted(files.items(), reverse=True):
        place = home / f"v{number}"
        if place.exists():
            place.rename(home / f"{_ASIDE}{place.name}")
        with new_folder(home, place.name) as folder:
            write_durably(folder / CASES, data)
            write_durably(folder / MANIFEST, manifest_bytes)
    _put_back(home)
    sync(home)


def _put_back(home: Path) -> None:
    """Put a version back whose place is empty, since its eraser was killed; of the others remove what they were."""
    for left in home.glob(f"{_ASIDE}*"):
        place = home / left.name.removeprefix(_ASIDE)
        if place.exists():
            shutil.rmtree(left)
        else:
            left.rename(place)
