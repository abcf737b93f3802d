"""How well runs of a set have said before what people said afterwards: prompt versions that have both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import StatisticsError, correlation, fmean

from sayso_ingest.analysis import question, wilson
from sayso_ingest.analysis.comparison import ENOUGH as PEOPLE
from sayso_ingest.evals.runs import Run
from sayso_ingest.evals.runs.summary import case_score
from sayso_ingest.mining import Query

ENOUGH = 4
"""Versions of prompts with both figures below which nothing is said of how well one foretells the other."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A prompt version with both figures, 0 to 1: its mean score in runs of a set, and the share that people liked."""

    prompt: str
    version: str
    offline: float
    online: float


@dataclass(frozen=True, slots=True)
class Foresight:
    """Over all pairs of versions of one prompt: how often the one that scored higher was liked more, too.

    The interval is of as many independent pairs as there are: versions less one of each prompt. `agreement` is None
    where no pair differs in both; `correlation` is that of the differences, None where one of them never varies.
    """

    versions: int
    pairs: int
    agreed: int
    agreement: float | None
    low: float
    high: float
    correlation: float | None

    @property
    def enough(self) -> bool:
        """Whether there are versions enough to say anything."""
        return self.versions >= ENOUGH and self.agreement is not None


def read_seen(query: Query, runs: Iterable[Run]) -> list[Seen]:
    """The prompt versions of runs of one version of a set that enough people spoke about, by the newest run of each."""
    online = {
        (row["prompt_name"], row["prompt_version"]): row["up_rate"]
        for row in query(question("prompt_versions"), [])
        if row["name"] == "" and row["people"] >= PEOPLE and row["up_rate"] is not None
    }
    found = {}
    for run in sorted(runs, key=lambda run: (run.manifest.created_at, run.run_id)):
        prompt = run.manifest.prompt
        scores = [score for samples in run.by_case().values() if (score := case_score(samples)) is not None]
        if prompt and scores and (prompt.name, prompt.version) in online:
            key = prompt.name, prompt.version
            found[key] = Seen(*key, offline=fmean(scores), online=float(online[key]))
    return list(found.values())


def foresight(seen: Sequence[Seen]) -> Foresight:
    """How well differences offline foretold differences in production."""
    of: dict[str, list[Seen]] = {}
    for one in sorted(seen, key=lambda one: (one.prompt, one.version)):
        of.setdefault(one.prompt, []).append(one)
    pairs = [pair for versions in of.values() for pair in combinations(versions, 2)]
    moved = [(b.offline - a.offline, b.online - a.online) for a, b in pairs]
    told = [(off, on) for off, on in moved if off and on]
    agreed = sum((off > 0) == (on > 0) for off, on in told)
    independent = sum(len(versions) - 1 for versions in of.values())
    share = agreed / len(told) if told else None
    low, high = wilson(share, independent) if share is not None else (0.0, 1.0)
    return Foresight(
        versions=len(seen),
        pairs=len(told),
        agreed=agreed,
        agreement=share,
        low=low,
        high=high,
        correlation=_correlation(moved),
    )


def in_words(found: Foresight) -> str:
    """Say how far scores can be trusted to foretell what people will say."""
    if not found.enough:
        return (
            f"Not enough versions yet to say how well scores foretell what people say: {found.versions} prompt "
            f"{'version has' if found.versions == 1 else 'versions have'} both, and it takes {ENOUGH}."
        )
    related = "" if found.correlation is None else f" The differences correlate by {found.correlation:.2f}."
    return (
        f"Of {found.pairs} pairs of prompt versions the one that scored higher was liked more in {found.agreed} "
        f"({found.agreement:.0%}, 95 % interval {found.low:.0%} to {found.high:.0%}).{related}"
    )


def _correlation(moved: Sequence[tuple[float, float]]) -> float | None:
    try:
        # Each difference both ways round: which version of a pair comes first is nothing but a name.
        both = [*moved, *((-off, -on) for off, on in moved)]
        return correlation([off for off, _ in both], [on for _, on in both])
    except StatisticsError:
        return None
