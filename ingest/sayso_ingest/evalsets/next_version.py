"""Making the next version of a set: the cases of the latest one with new ones, or without some."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sayso_ingest.durable import sync
from sayso_ingest.errors import NotFound, SaysoError, UsageError
from sayso_ingest.evalsets.case import EvalCase
from sayso_ingest.evalsets.files import encode_lines, reachable, stamp, write_durably
from sayso_ingest.evalsets.version import CASES, MANIFEST, Retirement, Version, latest, read
from sayso_ingest.event import JSON

FORMAT = 1


@dataclass(frozen=True, slots=True)
class _Change:
    """What makes a version different from its parent."""

    cases: Sequence[EvalCase]
    added: int = 0
    retired: Sequence[Retirement] = ()


def promote(
    folder: Path, name: str, cases: Sequence[EvalCase], *, now: datetime | None = None, note: str = ""
) -> Version:
    """Write the next version of a set: the cases of the latest one and these.

    Raises:
        UsageError: there are no cases, or one is there twice or in the set already.
        SaysoError: another process wrote the same version meanwhile.
    """
    parent = latest(folder, name)
    _check_new(name, cases, parent)
    number = parent.number + 1 if parent else 1
    old = parent.cases if parent else ()
    change = _Change([*old, *(case.since(number) for case in cases)], added=len(cases))
    return _write(folder, name, parent, change, note=note, now=now)


def without(
    folder: Path, name: str, case_ids: Sequence[str], *, reason: str, now: datetime | None = None
) -> Version:
    """Write the next version of a set: the cases of the latest one but these. A case id may be cut short.

    Raises:
        NotFound: there is no such set, or it has no such case.
        UsageError: an id fits several cases, no reason is given, or no case would be left.
        SaysoError: another process wrote the same version meanwhile.
    """
    parent = latest(folder, name)
    if parent is None:
        raise NotFound(
            f"There is no eval set {name!r}, so nothing to retire. `sayso evalset list` lists them."
        )
    if not reason.strip():
        raise UsageError("Say why with --reason: it stands in the manifest for whoever misses the case.")
    gone = {named_case(parent, case_id).case_id for case_id in case_ids}
    kept = [case for case in parent.cases if case.case_id not in gone]
    if not gone:
        raise UsageError("Name the cases to retire. `sayso evalset show` lists them.")
    if not kept:
        raise UsageError(f"{name!r} would have no case left. Keep one, or go on with a set of another name.")
    change = _Change(kept, retired=[Retirement(case_id, reason.strip()) for case_id in sorted(gone)])
    return _write(folder, name, parent, change, note="", now=now)


def named_case(version: Version, case_id: str) -> EvalCase:
    """The one case of a version whose id starts so.

    Raises:
        NotFound: there is none.
        UsageError: it fits several.
    """
    matches = [case for case in version.cases if case.case_id.startswith(case_id)]
    if not matches:
        raise NotFound(
            f"{version.name} v{version.number} has no case {case_id}. "
            f"List its cases: sayso evalset show {version.name}"
        )
    if len(matches) > 1:
        raise UsageError(
            f"{case_id!r} fits {len(matches)} cases of {version.name} v{version.number}. "
            f"List them: sayso evalset show {version.name}"
        )
    return matches[0]


def _write(
    folder: Path, name: str, parent: Version | None, change: _Change, *, note: str, now: datetime | None
) -> Version:
    number = parent.number + 1 if parent else 1
    every = sorted(change.cases, key=lambda case: case.case_id)
    data = encode_lines(case.row() for case in every)
    manifest = {
        "format": FORMAT,
        "name": name,
        "version": number,
        "created_at": stamp(now),
        "note": note,
        "added": change.added,
        "retired": [{"case_id": one.case_id, "reason": one.reason} for one in change.retired],
        "cases_sha256": hashlib.sha256(data).hexdigest(),
        "parent": f"v{parent.number}" if parent else None,
        "parent_sha256": parent.sha256 if parent else None,
        **count_cases(every),
    }
    with new_folder(folder / "evalsets" / name, f"v{number}") as draft:
        write_durably(draft / CASES, data)
        write_durably(draft / MANIFEST, encode_manifest(manifest))
    return read(folder, name, number)


def encode_manifest(manifest: JSON) -> bytes:
    """A manifest as it reads well in git: a line a field, in order."""
    text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)
    return text.encode("utf-8", "backslashreplace") + b"\n"  # half of a surrogate pair becomes its escape


def count_cases(cases: Sequence[EvalCase]) -> dict[str, JSON]:
    """What a manifest says of its cases."""
    return {
        "cases": len(cases),
        "strata": Counter(case.stratum for case in cases),
        "splits": Counter(case.split for case in cases),
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


@contextmanager
def new_folder(home: Path, name: str) -> Iterator[Path]:
    """A draft beside the final place, renamed when it is whole; what a crash leaves has a name that nobody reads."""
    with reachable(home, doing="written"):
        home.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=home))
    try:
        with reachable(home / name, doing="written"):
            yield draft
            draft.chmod(0o755)
            sync(draft)
            draft.rename(home / name)
            sync(home)
    except SaysoError as error:
        if (home / name).exists():
            raise SaysoError(
                f"{home / name} was written by another process meanwhile. Run the same again."
            ) from error
        raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
