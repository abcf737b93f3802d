"""What differs between two versions of an eval set."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sayso_ingest.evalsets.case import EvalCase
from sayso_ingest.evalsets.version import Version


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two versions, by case id.

    `fields` names what is different of each changed case, `reasons` why a removed one was retired, where a version
    between the two says so.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)


def compare(before: Version, after: Version, *, known: Iterable[Version] = ()) -> Difference:
    """Which cases were added, removed or changed, apart from the version they came in with.

    `known` are the versions of the set: those up to `after` say why a case was retired.
    """
    old = {case.case_id: case.since(0) for case in before.cases}
    new = {case.case_id: case.since(0) for case in after.cases}
    changed = sorted(case_id for case_id in old.keys() & new.keys() if old[case_id] != new[case_id])
    removed = tuple(sorted(old.keys() - new.keys()))
    told = sorted((*known, after), key=lambda version: version.number)
    said = {
        one.case_id: one.reason
        for version in told
        if before.number < version.number <= after.number
        for one in version.retired
    }
    return Difference(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=removed,
        changed=tuple(changed),
        fields={case_id: _fields(old[case_id], new[case_id]) for case_id in changed},
        reasons={case_id: said[case_id] for case_id in removed if case_id in said},
    )


def _fields(old: EvalCase, new: EvalCase) -> tuple[str, ...]:
    """What of a case is different; where it comes from is one field."""
    names = (one.name for one in dataclasses.fields(EvalCase))
    return tuple(name for name in names if getattr(old, name) != getattr(new, name))
