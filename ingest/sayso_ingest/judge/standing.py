"""Where a judge stands: what it says of traffic, corrected by what people say, and how far it agrees with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

import numpy as np

from sayso_ingest.analysis.stats.agreement import Agreement, alpha, cohen
from sayso_ingest.analysis.stats.arrays import Floats
from sayso_ingest.analysis.stats.judge import CorrectedRate, Labels, corrected_rate, reliability
from sayso_ingest.analysis.stats.wilson import wilson
from sayso_ingest.judge.grade import PREFERENCE
from sayso_ingest.judge.prompt import TIE
from sayso_ingest.judge.said import PEOPLE, Said

ENOUGH = 50
"""Things that both a judge and people spoke of, from which on its rates are corrected by theirs."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` of `things`, and Wilson's 95 % interval."""

    hits: int
    things: int
    rate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Ceiling:
    """How far people agree with each other, which no judge can be seen to exceed."""

    things: int
    """Of which several spoke."""
    same: float
    """Mean share of pairs of people who say the same."""
    alpha: float


@dataclass(frozen=True, slots=True)
class Standing:
    """A judge by one rubric, over all it judged or over one version of a prompt (`prompt`)."""

    judge: str
    rubric: str
    name: str
    """What is asked about, or an empty text."""
    prompt: str
    judged: int
    """Of which it says good or bad."""
    raw: float | None
    """The share it calls good, weighed by how likely each was drawn; None where nothing says what people think."""
    weighed: bool
    """Whether things were drawn with unequal probabilities."""
    people_by: str
    """Which people it is held against: `annotated` or `thumbs`; empty where none spoke."""
    labelled: int
    """Things that it and these people spoke of, who do not balance."""
    missing: int
    """How many of these are missing until there are enough for a rate."""
    people: int
    """How many they are."""
    corrected: CorrectedRate | None
    """The share that people would call good; None where too few spoke."""
    agreement: Agreement | None
    alpha: float
    found_bad: Rate | None
    """Of what people call bad, how much it calls bad."""
    found_good: Rate | None
    ceiling: Ceiling | None
    error: float | None
    """Expected calibration error of its score, read as the probability that people like it."""
    self_agreement: float | None
    """Where several samples were drawn: the mean share of them that gave the label."""


@dataclass(frozen=True, slots=True)
class Preference:
    """A judge that says which candidate is better."""

    judge: str
    rubric: str
    judged: int
    ties: int
    swap: Rate | None
    """Pairs whose two orders agree."""
    people: Rate | None
    """Of those where people prefer one, how often it is theirs."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two judges on the same things by the same rubric."""

    one: str
    other: str
    rubric: str
    name: str
    agreement: Agreement


def standings(said: Iterable[Said]) -> list[Standing]:
    """Every judge by each of its rubrics: over all it judged, then by version of the prompt where there are several."""
    found = []
    for _, own in _grouped(
        ((one.judge, one.rubric, one.name), one)
        for one in said
        if one.name != PREFERENCE and one.good is not None
    ):
        found.append(_standing(own, ""))
        versions = _grouped((one.prompt, one) for one in own)
        if len(versions) > 1:
            found += [_standing(some, prompt) for prompt, some in versions if prompt]
    return found


def preferences(said: Iterable[Said]) -> list[Preference]:
    """Every judge that compares candidates."""
    grouped = _grouped(((one.judge, one.rubric), one) for one in said if one.name == PREFERENCE)
    return [_preference(judge, rubric, own) for (judge, rubric), own in grouped]


def disagreements(said: Iterable[Said]) -> list[Disagreement]:
    """Every two judges that judged the same things by the same rubric."""
    found = []
    for (rubric, name), own in _grouped(((one.rubric, one.name), one) for one in said):
        by_judge = _grouped((one.judge, one) for one in own)
        for (one, ones), (other, others) in combinations(by_judge, 2):
            theirs = {item.target: item.value for item in others}
            shared = [(item.value, theirs[item.target]) for item in ones if item.target in theirs]
            agreement = cohen([a for a, _ in shared], [b for _, b in shared])
            if agreement:
                found.append(Disagreement(one, other, rubric, name, agreement))
    return found


def _standing(own: Sequence[Said], prompt: str) -> Standing:
    kind = _held_by(own)
    pairs = [(one, good) for one in own if (good := _majority(one, kind)) is not None]
    weights = _weights(own)
    enough = len(pairs) >= ENOUGH
    scored = [
        (1 - one.score, float(not good))
        for one, good in pairs
        if one.score is not None and 0 <= one.score <= 1
    ]
    samples = [one.agreed for one in own if one.agreed is not None]
    return Standing(
        judge=own[0].judge,
        rubric=own[0].rubric,
        name=own[0].name,
        prompt=prompt,
        judged=len(own),
        raw=float(weights @ [bool(one.good) for one in own] / weights.sum()) if enough else None,
        weighed=bool(weights.min() < weights.max()),
        people_by=kind if pairs else "",
        labelled=len(pairs),
        missing=max(0, ENOUGH - len(pairs)),
        people=len({who for one in own for who, _ in one.labels(kind)}),
        corrected=_corrected(own, kind) if enough else None,
        agreement=cohen([one.good for one, _ in pairs], [good for _, good in pairs]),
        alpha=alpha([[one.good, *one.people(kind)] for one in own if one.people(kind)]),
        found_bad=_rate([not one.good for one, good in pairs if not good]),
        found_good=_rate([bool(one.good) for one, good in pairs if good]),
        ceiling=_ceiling([people for one in own if len(people := one.people(kind)) > 1]),
        error=reliability(*map(np.array, zip(*scored, strict=True))).error if scored else None,
        self_agreement=sum(samples) / len(samples) if samples else None,
    )


def _held_by(own: Sequence[Said]) -> str:
    """Annotators where there are enough of them, else thumbs where these are, else the more of both."""
    counts = {kind: sum(_majority(one, kind) is not None for one in own) for kind in PEOPLE}
    return next(
        (kind for kind in PEOPLE if counts[kind] >= ENOUGH), max(PEOPLE, key=lambda kind: counts[kind])
    )


def _majority(one: Said, kind: str) -> bool | None:
    people = one.people(kind)
    return None if 2 * sum(people) == len(people) else 2 * sum(people) > len(people)


def _corrected(own: Sequence[Said], kind: str) -> CorrectedRate | None:
    """People's mean of each thing corrects the judge, also where they balance."""
    both, alone = [one for one in own if one.people(kind)], [one for one in own if not one.people(kind)]
    return corrected_rate(
        np.array([sum(one.people(kind)) / len(one.people(kind)) for one in both]),
        np.array([float(bool(one.good)) for one in both]),
        np.array([float(bool(one.good)) for one in alone]),
        weights=_weights(both),
        weights_alone=_weights(alone),
        labels=_labels(both, kind),
    )


def _labels(both: Sequence[Said], kind: str) -> Labels:
    """Who said what of which thing, as places."""
    found = [(at, who, good) for at, one in enumerate(both) for who, good in one.labels(kind)]
    place = {who: at for at, who in enumerate(dict.fromkeys(who for _, who, _ in found))}
    return Labels(
        np.array([at for at, _, _ in found]),
        np.array([place[who] for _, who, _ in found]),
        np.array([float(good) for *_, good in found]),
    )


def _weights(own: Sequence[Said]) -> Floats:
    return np.array([1 / one.chance for one in own], dtype=np.float64)


def _ceiling(things: Sequence[Sequence[bool]]) -> Ceiling | None:
    if not things:
        return None
    shares = [_share_of_same_pairs(people) for people in things]
    return Ceiling(len(things), sum(shares) / len(shares), alpha(things))


def _share_of_same_pairs(people: Sequence[bool]) -> float:
    yes, all_of_them = sum(people), len(people)
    no = all_of_them - yes
    return (yes * (yes - 1) + no * (no - 1)) / (all_of_them * (all_of_them - 1))


def _preference(judge: str, rubric: str, own: Sequence[Said]) -> Preference:
    pairs = sum(one.pairs or 0 for one in own)
    agreed = [
        one.value == people[0]
        for one in own
        if one.preferred and len(people := sorted(set(one.preferred))) == 1
    ]
    return Preference(
        judge,
        rubric,
        len(own),
        sum(one.value == TIE for one in own),
        _of(sum(one.consistent or 0 for one in own), pairs),
        _rate(agreed),
    )


def _rate(hits: Sequence[bool]) -> Rate | None:
    return _of(sum(hits), len(hits))


def _of(hits: int, things: int) -> Rate | None:
    return Rate(hits, things, hits / things, *wilson(hits / things, things)) if things else None


Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")


def _grouped(items: Iterable[tuple[Key, Item]]) -> list[tuple[Key, list[Item]]]:
    groups: dict[Key, list[Item]] = defaultdict(list)
    for key, item in items:
        groups[key].append(item)
    return sorted(groups.items(), key=lambda group: str(group[0]))
