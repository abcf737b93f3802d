"""Two runs of a set over the cases that both scored: which is better, how sure that is, and where.

Pure: the runs and the cases of the set come in, nothing is read here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sayso_ingest.analysis.comparison import MARGIN, Outcome
from sayso_ingest.analysis.stats.paired import SURE, Paired, compare_paired
from sayso_ingest.analysis.stats.several import false_discovery
from sayso_ingest.errors import UsageError
from sayso_ingest.evals.compare.labels import labels
from sayso_ingest.evals.compare.pairs import LeftOut, Pair, pair_up
from sayso_ingest.evals.compare.traffic import Traffic, Weighing, weigh_by_chance, weigh_by_group
from sayso_ingest.evals.runs import Run
from sayso_ingest.evalsets import EvalCase

FEWEST = 10
"""Cases below which nothing is concluded."""
FEW = 5
"""Cases of a topic or theme below which it is not looked into."""


@dataclass(frozen=True, slots=True)
class Which:
    """One of the runs that are compared: what sentences call it, and where it lies."""

    label: str
    run_id: str
    set_version: int


@dataclass(frozen=True, slots=True)
class Part:
    """The comparison over some of the cases; `p` is corrected where there are many such parts (false discovery).

    `paired` is None where there are fewer than two.
    """

    name: str
    cases: int
    paired: Paired | None
    p: float


@dataclass(frozen=True, slots=True)
class Reweighted:
    """The comparison as if the cases were met as often as what they stand for is met in traffic."""

    how: str
    covered: float | None
    """The share of traffic in groups that have a case, 0 to 1; None where nobody knows."""
    paired: Paired


@dataclass(frozen=True, slots=True)
class Comparison:
    """The second run against the first. Scores and differences are 0 to 1, intervals 95 %.

    Parts are over the same cases: `splits` (dev, held_out; where there are both), `strata`, `topics` (those with at
    least 5 cases) and `themes`. `changes` are the cases that were scored differently, the largest losses first.
    """

    a: Which
    b: Which
    set_name: str
    paired: Paired | None
    left_out: Mapping[LeftOut, tuple[str, ...]]
    splits: tuple[Part, ...]
    strata: tuple[Part, ...]
    topics: tuple[Part, ...]
    themes: tuple[Part, ...]
    traffic: Reweighted | None
    changes: tuple[Pair, ...]
    margin: float
    """A difference that matters, 0 to 1."""
    more_cases: int
    """So many more it takes to find a difference of `margin`, 80 times of 100; 0 where these are enough."""
    outcome: Outcome

    @property
    def cases(self) -> int:
        """Cases that both scored."""
        return self.paired.cases if self.paired else 0

    @property
    def losses(self) -> tuple[Pair, ...]:
        """Cases that the second scored lower, the largest difference first."""
        return tuple(pair for pair in self.changes if pair.difference < 0)

    @property
    def wins(self) -> tuple[Pair, ...]:
        """Cases that the second scored higher, the largest difference first."""
        return tuple(pair for pair in reversed(self.changes) if pair.difference > 0)


def compare_runs(
    a: Run,
    b: Run,
    cases: Iterable[EvalCase],
    *,
    changed: Collection[str] = (),
    traffic: Traffic | None = None,
    themes: Mapping[str, str] | None = None,
    margin: float = MARGIN,
    names: tuple[str, str] | None = None,
) -> Comparison:
    """Compare run b with run a over the cases that both scored; `cases` are those of the set, for topics and texts.

    `changed` are cases whose expected answer differs between the versions that were run, `themes` gives cases the
    theme of what people complained about. Without `traffic` it is reweighted by cases that were drawn at random.

    Raises:
        UsageError: they are runs of different sets, or one run twice.
    """
    check_comparable([a, b])
    every = tuple(cases)
    pairs, left_out = pair_up(a, b, every, changed=changed)
    called = names or tuple(labels([a, b]))
    whole = compare_pairs(pairs)
    more = more_cases(whole, margin)
    weighing = weigh_by_group(pairs, traffic) if traffic else weigh_by_chance(pairs, every)
    splits = _parts(pairs, lambda pair: pair.split)
    return Comparison(
        a=Which(called[0], a.run_id, a.manifest.set.version),
        b=Which(called[1], b.run_id, b.manifest.set.version),
        set_name=b.manifest.set.name,
        paired=whole,
        left_out=left_out,
        splits=splits if len(splits) > 1 else (),
        strata=_parts(pairs, lambda pair: pair.stratum),
        topics=_corrected(_parts(pairs, lambda pair: pair.topic, least=FEW)),
        themes=_corrected(_parts(pairs, lambda pair: (themes or {}).get(pair.case_id, ""), least=FEW)),
        traffic=_reweighted(pairs, weighing) if weighing else None,
        changes=_changes(pairs),
        margin=margin,
        more_cases=more,
        outcome=outcome_of(whole, whole.p if whole else 1.0, margin=margin, more=more),
    )


def check_comparable(runs: Sequence[Run]) -> None:
    """See that runs can be compared.

    Raises:
        UsageError: they are of different sets, or one is there twice.
    """
    sets = sorted({run.manifest.set.name for run in runs})
    if len(sets) > 1:
        raise UsageError(
            f"These are runs of different sets ({', '.join(sets)}): no case is common to them. Compare runs of one "
            "set; which there are says: sayso eval list --set NAME"
        )
    if len({run.run_id for run in runs}) < len(runs):
        raise UsageError(f"{runs[0].run_id} cannot be compared with itself. Name different runs.")


def compare_pairs(
    pairs: Sequence[Pair], *, weights: Mapping[str, float] | None = None, at_once: int = 1
) -> Paired | None:
    """Compare the two sides of pairs; topics are what cases resemble each other by, one without is on its own."""
    topics: dict[str, int] = {}
    number = [topics.setdefault(pair.topic or f"\0{pair.case_id}", len(topics)) for pair in pairs]
    return compare_paired(
        [pair.a.score for pair in pairs],
        [pair.b.score for pair in pairs],
        # Groups of traffic are all there are, and no sample of groups: cases within them are what chance drew.
        topics=None if weights else number,
        weights=[weights[pair.case_id] for pair in pairs] if weights else None,
        at_once=at_once,
    )


def more_cases(paired: Paired | None, margin: float) -> int:
    """How many more cases it takes to find a difference of `margin`; at least as many as anything is concluded from."""
    count = paired.cases if paired else 0
    return max(FEWEST - count, paired.more_cases(margin) if paired else 0, 0)


def outcome_of(paired: Paired | None, p: float, *, margin: float, more: int) -> Outcome:
    """What a comparison comes to: better or worse where both the interval and the test (`p`) say so."""
    if paired is None or paired.cases < FEWEST:
        return Outcome.UNKNOWN
    if p < SURE and paired.interval.low > 0:
        return Outcome.BETTER
    if p < SURE and paired.interval.high < 0:
        return Outcome.WORSE
    return Outcome.SAME if paired.interval.farthest <= margin or not more else Outcome.UNKNOWN


def _parts(pairs: Sequence[Pair], name: Callable[[Pair], str], *, least: int = 1) -> tuple[Part, ...]:
    found: dict[str, list[Pair]] = {}
    for pair in pairs:
        found.setdefault(name(pair), []).append(pair)
    parts = []
    for of in sorted(found):
        if len(found[of]) >= least and (of or least == 1):
            paired = compare_pairs(found[of])
            parts.append(Part(of, len(found[of]), paired, paired.p if paired else 1.0))
    return tuple(parts)


def _corrected(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Parts with p corrected for how many there are, what got worse first."""
    p = false_discovery([part.p for part in parts])
    corrected = [Part(part.name, part.cases, part.paired, q) for part, q in zip(parts, p, strict=True)]
    return tuple(
        sorted(corrected, key=lambda part: (part.paired.difference if part.paired else 0, part.name))
    )


def _reweighted(pairs: Sequence[Pair], weighing: Weighing) -> Reweighted | None:
    weighed = [pair for pair in pairs if pair.case_id in weighing.weights]
    paired = compare_pairs(weighed, weights=weighing.weights)
    return Reweighted(weighing.how, weighing.covered, paired) if paired else None


def _changes(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    changed = [pair for pair in pairs if abs(pair.difference) > 1e-9]
    return tuple(sorted(changed, key=lambda pair: (pair.difference, pair.case_id)))
