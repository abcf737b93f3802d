"""Whether two prompts that do not differ are called better or worse, and whether intervals hold the true difference."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from sayso_ingest.analysis.comparison import MARGIN, Outcome
from sayso_ingest.analysis.stats.paired import Paired, compare_paired
from sayso_ingest.analysis.stats.several import family_wise
from sayso_ingest.evals.compare.comparison import outcome_of

from bench.evidence import feedbackqa
from bench.evidence.data import folder
from bench.figure import Figure
from bench.run import Run

COMPARISONS = 1_000
"""Of each setting."""
SIZES = (20, 50, 200, 1_000)
TOPICS = ("one topic", "5 topics", "50 topics", "30 topics, sizes like Zipf's", "8 topics, sizes like Zipf's")
MOST_CALLED = 5
HELD = (93, 97)
DIFFERING = 8
"""Cases that differ, on average, below which few values are possible: an interval then holds more than it says."""
PROMPTS = 10
GRADES = {"Bad": 0.0, "Could be Improved": 1 / 3, "Acceptable": 2 / 3, "Excellent": 1.0}


@dataclass(frozen=True)
class Setting:
    """How scores come about: of what sort, in which topics, and how much topics pull either way."""

    scores: str
    topics: str
    size: int
    pull: float = 0.0
    ahead: float = 0.0
    """The true difference."""


@dataclass(frozen=True)
class Tried:
    """Of a setting: how many of 100 were called better or worse, how many intervals held, how many cases differ."""

    setting: Setting
    called: float
    held: float
    differing: float


def measure(run: Run) -> Iterator[Figure]:
    count = run.size(COMPARISONS, 20)
    every = list(settings())
    tried = Parallel(n_jobs=-1)(delayed(_tried)(setting, count, seed) for seed, setting in enumerate(every))
    for scores in dict.fromkeys(one.setting.scores for one in tried):
        yield from _figures(scores, [one for one in tried if one.setting.scores == scores], count)
    yield _at_once(count)
    yield from _real(count)


def settings() -> Iterator[Setting]:
    """Every setting that is tried."""
    for scores in ("whole", "whole, few differ", "graded", "graded, most alike"):
        for topics in TOPICS:
            for size in SIZES:
                yield Setting(scores, topics, size)
                if scores in ("whole", "graded"):
                    yield Setting(scores, topics, size, ahead=0.1)
                    if topics != "one topic":
                        yield Setting(scores, topics, size, pull=0.1)


def sizes(topics: str, cases: int) -> np.ndarray:
    """The cases of each topic."""
    count = min({"one": 1, "5": 5, "50": 50, "30": 30, "8": 8}[topics.split(maxsplit=1)[0]], cases // 2)
    weights = 1 / np.arange(1, count + 1) if "Zipf" in topics else np.ones(count)
    found = np.maximum(1, np.floor(weights / weights.sum() * cases)).astype(int)
    found[0] += cases - found.sum()
    return found


def draw(setting: Setting, topic: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Scores (n,) of both sides, whose difference is `ahead` on average over topics and cases."""
    size = len(topic)
    pulls = (setting.pull * random.normal(size=topic.max() + 1))[topic]
    if setting.scores == "whole":
        # The chance to pass is a case's own, and stays away from 0 and 1, so that nothing is cut off.
        chance = random.uniform(0.3, 0.7, size)
        half = (np.clip(pulls, -0.4, 0.4) + setting.ahead) / 2
        return (random.random(size) < chance - half) * 1.0, (random.random(size) < chance + half) * 1.0
    if setting.scores == "whole, few differ":
        same, differs = (random.random(size) < 0.9) * 1.0, random.random(size) < 0.03
        other = (random.random(size) < 0.5) * 1.0
        return np.where(differs, 1 - other, same), np.where(differs, other, same)
    if setting.scores == "graded":
        middle = random.uniform(0.4, 0.6, size)
        half = (np.clip(pulls, -0.3, 0.3) + setting.ahead) / 2
        noise = random.uniform(-0.2, 0.2, (2, size))
        return middle - half + noise[0], middle + half + noise[1]
    grades = random.integers(0, 5, (3, size)) / 4
    alike = random.random(size) < 0.85
    return np.where(alike, grades[2], grades[0]), np.where(alike, grades[2], grades[1])


def _tried(setting: Setting, count: int, seed: int) -> Tried:
    random = np.random.default_rng(seed)
    of = sizes(setting.topics, setting.size)
    topic = np.repeat(np.arange(len(of)), of)
    called = held = differing = 0
    for _ in range(count):
        found = _compared(*draw(setting, topic, random), topic)
        called += _is_called(found)
        held += found.interval.low <= setting.ahead <= found.interval.high
        differing += found.wins + found.losses
    return Tried(setting, 100 * called / count, 100 * held / count, differing / count)


def _compared(a: Sequence[float], b: Sequence[float], topic: Sequence[int], at_once: int = 1) -> Paired:
    found = compare_paired(a, b, topics=topic, at_once=at_once)
    assert found
    return found


def _is_called(found: Paired, p: float | None = None) -> bool:
    outcome = outcome_of(found, found.p if p is None else p, margin=MARGIN, more=1)
    return outcome in (Outcome.BETTER, Outcome.WORSE)


def _figures(scores: str, tried: Sequence[Tried], count: int) -> Iterator[Figure]:
    alike = [one for one in tried if not one.setting.ahead]
    most = max(alike, key=lambda one: one.called)
    yield Figure(
        f"{scores}: no difference is called better or worse, in the worst of {len(alike)} settings",
        most.called,
        "%",
        goal=f"<= {MOST_CALLED} % of {count:,}",
        met=most.called <= MOST_CALLED,
        note=f"on average {np.mean([one.called for one in alike]):.1f} %; the worst: {_said(most.setting)}",
    )
    plain = [one for one in tried if one.differing >= DIFFERING]
    least = min(plain, key=lambda one: one.held)
    over = [one for one in plain if one.held > HELD[1]]
    yield Figure(
        f"{scores}: intervals that hold the true difference, least of {len(plain)} settings",
        least.held,
        "%",
        goal=f">= {HELD[0]} %",
        met=least.held >= HELD[0],
        note=(
            f"on average {np.mean([one.held for one in plain]):.1f} %; over {HELD[1]} in {len(over)}; the least: "
            f"{_said(least.setting)}"
        ),
    )
    few = [one.held for one in tried if one.differing < DIFFERING]
    if few:
        yield Figure(
            f"{scores}: the same where fewer than {DIFFERING} cases differ, least of {len(few)}",
            min(few),
            "%",
            note="few values are possible",
        )


def _said(setting: Setting) -> str:
    pull = f", topics pull by {setting.pull}" if setting.pull else ""
    ahead = f", {setting.ahead} ahead" if setting.ahead else ""
    return f"{setting.size:,} cases, {setting.topics}{pull}{ahead}"


def _at_once(count: int) -> Figure:
    """Ten prompts that are alike: how often any of nine is called better or worse than the first."""
    cells = [
        (scores, topics, size)
        for scores in ("whole", "graded")
        for topics in ("one topic", "30 topics, sizes like Zipf's")
        for size in (50, 200)
    ]
    found = Parallel(n_jobs=-1)(delayed(_ten)(*cell, count, seed) for seed, cell in enumerate(cells))
    return Figure(
        f"{PROMPTS} prompts at once: any is called better or worse, in the worst of {len(cells)} settings",
        max(found),
        "%",
        goal=f"<= {MOST_CALLED} % of {count:,}",
        met=max(found) <= MOST_CALLED,
        note=f"on average {np.mean(found):.1f} %",
    )


def _ten(scores: str, topics: str, size: int, count: int, seed: int) -> float:
    random = np.random.default_rng(1_000 + seed)
    of = sizes(topics, size)
    topic, called = np.repeat(np.arange(len(of)), of), 0
    for _ in range(count):
        hard = random.uniform(0.1, 0.9, size)
        if scores == "whole":
            sides = (random.random((PROMPTS, size)) < hard) * 1.0
        else:
            sides = np.clip(hard + random.normal(0, 0.2, (PROMPTS, size)), 0, 1)
        found = [_compared(sides[0], side, topic, at_once=PROMPTS - 1) for side in sides[1:]]
        corrected = family_wise([one.p for one in found])
        called += any(_is_called(one, p) for one, p in zip(found, corrected, strict=True))
    return 100 * called / count


def _real(count: int) -> Iterator[Figure]:
    """Raters of one answer do not differ once it is drawn who is first; people write better than machines."""
    items = feedbackqa.read()
    twice = [place for place, of in enumerate(items.ratings) if len(of) > 1]
    random, called, right = np.random.default_rng(5), 0, 0
    for _ in range(count):
        some = random.choice(twice, 200, replace=False)
        pairs = np.array(
            [[GRADES[one] for one in random.permutation(items.ratings[place])[:2]] for place in some]
        )
        called += _is_called(_compared(pairs[:, 0], pairs[:, 1], items.clusters[some]))
        # One answer in four is a grade worse: a difference that is known, since it was made.
        lower = np.where(random.random(200) < 0.25, np.maximum(0, pairs[:, 1] - 1 / 3), pairs[:, 1])
        right += _compared(pairs[:, 1], lower, items.clusters[some]).interval.high < 0
    yield Figure(
        "feedbackqa, 200 answers, two raters by lot: called better or worse",
        100 * called / count,
        "%",
        goal=f"<= {MOST_CALLED} % of {count:,}",
        met=called <= MOST_CALLED * count / 100,
    )
    yield Figure(
        "feedbackqa, 200 answers, one in four a grade worse: the sign is right, and sure",
        100 * right / count,
        "%",
        goal=">= 95 %",
        met=right >= 0.95 * count,
    )
    signs = list(_people_against_machines())
    yield Figure(
        "jfleg, people's rewrites against each machine's: the sign is right, and sure",
        sum(found.interval.low > 0 for found in signs),
        f"of {len(signs)}",
        goal="all",
        met=all(found.interval.low > 0 for found in signs),
        note=", ".join(f"+{100 * found.difference:.0f} points, {found.cases} sentences" for found in signs),
    )


def _people_against_machines() -> Iterator[Paired]:
    """Of each machine how often it was ranked above people's rewrite of a sentence, and the other way round."""
    with (folder() / "jfleg" / "mturk_pairwise.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    met: dict[str, dict[str, list[tuple[float, float]]]] = {}
    for row in rows:
        names, ranks = (
            [row["system1Id"], row["system2Id"]],
            [int(row["system1rank"]), int(row["system2rank"])],
        )
        if "turk" in names:
            people = names.index("turk")
            # The lower rank is the better one.
            better = float(np.sign(ranks[1 - people] - ranks[people]))
            sentence = met.setdefault(names[1 - people], {}).setdefault(row["srcIndex"], [])
            sentence.append(((1 - better) / 2, (1 + better) / 2))
    for machine in sorted(met):
        a, b = np.array([np.mean(of, axis=0) for of in met[machine].values()]).T
        yield _compared(a, b, np.arange(len(a)))
