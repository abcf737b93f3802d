"""Versions of prompts as pages read them: what people say of each, what runs of eval sets do, and which should ship."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sayso_ingest.analysis import Comparison as Verdicts
from sayso_ingest.analysis import Contrast, compare, sentence
from sayso_ingest.console import against, runs
from sayso_ingest.console.copy import copy
from sayso_ingest.console.runs import Listed
from sayso_ingest.console.shipping import Advice, Candidate, advise
from sayso_ingest.errors import NotFound, SaysoError, UsageError
from sayso_ingest.evals.compare import Table
from sayso_ingest.evals.compare import sentence as run_sentence
from sayso_ingest.evals.compare.many import against_first, in_words
from sayso_ingest.evals.runs import Manifest

Row = Mapping[str, Any]
MOST = 12
"""Versions of a prompt that are shown side by side, those last used."""
RUNS = 4
"""Runs of a version that are shown."""
COMPARED = 5
"""Versions that are compared with the one that answers now."""
ENOUGH = 20
"""People on either side below which what they say is not compared."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A version: what production says of it, None where it never answered, and its newest run by set and system."""

    version: str
    seen: Row | None
    ran: tuple[Listed, ...]

    @property
    def commit(self) -> str | None:
        """The commit that wrote its text."""
        said = self.seen["prompt_commit"] if self.seen else None
        return said or next((one.manifest.prompt.commit for one in self.ran if one.manifest.prompt), None)

    @property
    def path(self) -> str | None:
        """The file that it is in."""
        said = self.seen["prompt_path"] if self.seen else None
        return said or next((one.manifest.prompt.path for one in self.ran if one.manifest.prompt), None)


@dataclass(frozen=True, slots=True)
class Known:
    """A prompt: its versions, the one that answers now first, what should ship, and what that rests on.

    `current` is what others are compared with; of many `versions`, `standings` are those last used. `advice` is None
    where it has one version alone. `met` are the runs that it rests on, the current one's first.
    """

    name: str
    current: str
    standings: tuple[Standing, ...]
    versions: tuple[str, ...]
    advice: Advice | None
    reasons: tuple[str, ...] = ()
    met: tuple[str, ...] = ()


def known_prompts(rows: Sequence[Row]) -> list[Known]:
    """Every prompt that production or a run names; `rows` are what production says of versions, the last used first."""
    ran: dict[str, list[Manifest]] = {}
    for one in runs.every_manifest():
        if one.prompt and one.finished_at:
            ran.setdefault(one.prompt.name, []).append(one)
    seen: dict[str, list[Row]] = {}
    for row in rows:
        seen.setdefault(row["prompt_name"] or "", []).append(row)
    return [_known(name, seen.get(name, []), ran.get(name, [])) for name in dict.fromkeys([*seen, *ran])]


def newest_of(name: str, version: str) -> Manifest | None:
    """The newest finished run of a version."""
    return next((one for one in _finished(name) if _version(one) == version), None)


def runs_between(name: str, a: str, b: str) -> list[Manifest]:
    """The newest runs of two versions on the same cases by the same system, that of `a` first, if there are such."""
    return _comparable([one for one in _finished(name) if _version(one) in (a, b)], a)


def _finished(name: str) -> list[Manifest]:
    """The finished runs of a prompt, newest first."""
    return [
        one for one in runs.every_manifest() if one.finished_at and one.prompt and one.prompt.name == name
    ]


def _known(name: str, rows: Sequence[Row], mine: Sequence[Manifest]) -> Known:
    seen = {row["prompt_version"]: row for row in rows if row["prompt_version"]}
    ran = _newest(mine)
    by_use = sorted(seen, key=lambda version: seen[version]["last_at"], reverse=True)
    names = [*by_use, *(version for version in ran if version not in seen)]
    standings = [
        Standing(version, seen.get(version), tuple(runs.listed(one) for one in ran.get(version, ())))
        for version in names[:MOST]
    ]
    if len(names) < 2:
        return Known(name, names[0] if names else "", tuple(standings), tuple(names), None)
    group = _comparable(mine, by_use[0] if by_use else None)
    current = by_use[0] if by_use else _version(group[0]) if group else names[0]
    scores, told = _offline(group)
    liked, said = _online(name, current, [row for row in rows if row["prompt_version"] in by_use])
    candidates = [
        Candidate(
            version,
            online=liked[version].outcome if version in liked else None,
            offline=scores[version].offline if version in scores else None,
            liked=_difference(liked.get(version)),
            gain=scores[version].gain if version in scores else 0.0,
        )
        for version in dict.fromkeys([*names, *scores])
        if version != current
    ]
    advice = advise(current, candidates, answers=bool(by_use))
    return Known(
        name,
        current,
        tuple(standings),
        tuple(names),
        advice,
        (*said, *told),
        tuple(one.run_id for one in group),
    )


def _newest(manifests: Sequence[Manifest]) -> dict[str, list[Manifest]]:
    """The newest run of each version on each set and side of it by each system; `manifests` are the newest first."""
    found: dict[str, dict[tuple[str, ...], Manifest]] = {}
    for one in manifests:
        key = (one.set.name, one.set.split, str(one.system["name"]))
        found.setdefault(_version(one), {}).setdefault(key, one)
    return {version: [runs_[key] for key in sorted(runs_)][:RUNS] for version, runs_ in found.items()}


def _comparable(manifests: Sequence[Manifest], current: str | None) -> list[Manifest]:
    """The newest run of each version on the same cases by the same system, the current one's first.

    Of several sets or systems, those that ran last; none where the current one did not run, or nothing else did.
    Where no version is current, it is the one that ran first. `manifests` are the newest first.
    """
    groups: dict[tuple[object, ...], dict[str, Manifest]] = {}
    for one in manifests:
        system = json.dumps(dict(one.system), sort_keys=True, default=str)
        key = (one.set.name, one.set.version, one.set.split, system)
        groups.setdefault(key, {}).setdefault(_version(one), one)
    for found in groups.values():
        first = current or _version(min(found.values(), key=lambda one: one.created_at))
        if first in found and len(found) > 1:
            others = [one for version, one in found.items() if version != first]
            return [found[first], *others[:COMPARED]]
    return []


def _offline(group: Sequence[Manifest]) -> tuple[dict[str, Candidate], list[str]]:
    """How the other versions did in runs against the first of these, and that in words."""
    if len(group) < 2:
        return {}, []
    try:
        return _scores(group)
    except SaysoError as error:
        return {}, [f"The runs cannot be compared: {error}"]


def _scores(group: Sequence[Manifest]) -> tuple[dict[str, Candidate], list[str]]:
    if len(group) == 2:
        found = against.compared(*group)
        version = _version(group[1])
        gain = found.paired.difference if found.paired else 0.0
        return {version: Candidate(version, offline=found.outcome, gain=gain)}, [
            f"Eval set: {run_sentence(found)}"
        ]
    table = against.compared_many(group)
    scores = {
        _version(manifest): Candidate(
            _version(manifest), offline=entry.outcome, gain=entry.paired.difference if entry.paired else 0.0
        )
        for manifest, entry in zip(group[1:], table.entries[1:], strict=True)
    }
    return scores, [f"Eval set: {in_words(table)}", *_lines(table)]


def _lines(table: Table) -> Iterable[str]:
    first = table.entries[0].label
    for entry in table.entries[1:]:
        if entry.paired and entry.outcome:
            yield f"Eval set: {entry.label} against {first}: {entry.outcome}, {against_first(entry)} points."


def _online(name: str, current: str, rows: Sequence[Row]) -> tuple[dict[str, Verdicts], list[str]]:
    """What people say of versions against the current one, of those that enough of them met."""
    spoken = [row["prompt_version"] for row in rows if (row["people"] or 0) >= ENOUGH]
    found: dict[str, Verdicts] = {}
    if current in spoken:
        for version in [one for one in spoken if one != current][:COMPARED]:
            verdicts = _verdicts(Contrast(current, version, prompt=name or None))
            if verdicts:
                found[version] = verdicts
    return found, [f"People: {sentence(one)}" for one in found.values()]


def _verdicts(contrast: Contrast) -> Verdicts | None:
    try:
        return copy().keep(("compare", contrast), lambda: compare(copy().open(), contrast))
    except (NotFound, UsageError):
        return None


def _difference(verdicts: Verdicts | None) -> float:
    return verdicts.corrected.difference if verdicts and verdicts.corrected else 0.0


def _version(manifest: Manifest) -> str:
    return manifest.prompt.version if manifest.prompt else ""
