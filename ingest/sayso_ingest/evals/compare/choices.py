"""Against fooling oneself: who chooses by one set again and again chooses what suits that set, by chance."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from sayso_ingest.analysis.stats.several import expected_largest
from sayso_ingest.evals.compare.comparison import compare_pairs
from sayso_ingest.evals.compare.pairs import pair_up
from sayso_ingest.evals.compare.words import points, signed
from sayso_ingest.evals.runs import Manifest, Run
from sayso_ingest.evals.runs.summary import case_score

MANY = 10
"""Candidates by one version of a set from which on that is warned of."""


@dataclass(frozen=True, slots=True)
class Choices:
    """How often a version of a set was used to choose, and what that alone makes of the best one.

    `candidates` are distinct pairs of a prompt's text and what answered. `luck` is by how much the best of so many
    looks better than it is if all are alike, 0 to 1; None where no run of it has scores.
    """

    set_name: str
    set_version: int
    runs: int
    candidates: int
    luck: float | None


@dataclass(frozen=True, slots=True)
class Sides:
    """One run on the cases to work with and on those held out: means, 0 to 1, and the first less the second."""

    label: str
    dev: float
    held_out: float

    @property
    def difference(self) -> float:
        """How much better it does where it may have been chosen by."""
        return self.dev - self.held_out


def choices_by(
    name: str, version: int, manifests: Iterable[Manifest], two: tuple[Run, Run] | None
) -> Choices:
    """Count the candidates among the finished runs of a version; `two` of them say how far chance moves a score.

    What all candidates have in common, as how hard the cases are, moves all of them. What moves one alone is the
    standard error of the difference of two over the square root of two; the best of k looks better by the expected
    largest of k normal values times that.
    """
    ran = [one for one in manifests if one.finished_at and (one.set.name, one.set.version) == (name, version)]
    kinds = {candidate(one) for one in ran}
    paired = compare_pairs(pair_up(*two, ())[0]) if two else None
    luck = paired.error / sqrt(2) * expected_largest(len(kinds)) if paired else None
    return Choices(name, version, len(ran), len(kinds), luck)


def warning(choices: Choices) -> str | None:
    """Say that a set has been chosen by too often; None where it has not."""
    if choices.candidates < MANY:
        return None
    by = "" if choices.luck is None else f" by about {points(choices.luck)} points"
    return (
        f"{choices.set_name} v{choices.set_version} has been used to choose among {choices.candidates} candidates: the "
        f"best of so many looks better than it is{by}, by chance alone. Trust held-out cases, or make a new version."
    )


def sides_of(run: Run, label: str) -> Sides | None:
    """The run's means on dev and held-out cases; None where it has not both."""
    scores: dict[str, list[float]] = {}
    for samples in run.by_case().values():
        if (score := case_score(samples)) is not None:
            scores.setdefault(samples[0].split, []).append(score)
    if len(scores) < 2:
        return None
    dev, held_out = (sum(found) / len(found) for found in (scores["dev"], scores["held_out"]))
    return Sides(label, dev, held_out)


def in_words(sides: Sides) -> str:
    """Both means and their difference."""
    return (
        f"{sides.label} scored {points(sides.dev)} of 100 on the cases to work with, and {points(sides.held_out)} on "
        f"those held out ({signed(-sides.difference)} points)."
    )


def candidate(manifest: Manifest) -> tuple[str, str]:
    """What a run is about, whenever it was made: the prompt's text, and what answered with which settings."""
    prompt = manifest.prompt.sha256 if manifest.prompt else ""
    return prompt, json.dumps(dict(manifest.system), sort_keys=True, default=str)
