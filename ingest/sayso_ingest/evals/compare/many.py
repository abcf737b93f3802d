"""Many runs of one set at once, prompts by models for instance: which is best, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sayso_ingest.analysis.comparison import MARGIN, Outcome
from sayso_ingest.analysis.stats.paired import Paired, Scored
from sayso_ingest.analysis.stats.several import family_wise
from sayso_ingest.evals.compare.comparison import check_comparable, compare_pairs, more_cases, outcome_of
from sayso_ingest.evals.compare.labels import labels
from sayso_ingest.evals.compare.pairs import LeftOut, Pair, pair_up
from sayso_ingest.evals.compare.words import points, signed
from sayso_ingest.evals.runs import Run
from sayso_ingest.evalsets import EvalCase


@dataclass(frozen=True, slots=True)
class Entry:
    """One run of the table, and its comparison with the first over the cases that both scored.

    The interval of the difference holds for all entries together, and `p` is corrected for how many they are (Holm).
    The first has neither.
    """

    label: str
    run_id: str
    prompt: str
    system: str
    cases: int
    scored: Scored | None
    paired: Paired | None
    p: float
    outcome: Outcome | None
    left_out: Mapping[LeftOut, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Table:
    """Runs in the order in which they were named, the first of them what others are compared with.

    `best` has the highest mean; `like_best` are those that cannot be told apart from it beyond chance, with
    the best of so many picked: corrected for every pair of them.
    """

    set_name: str
    set_version: int
    entries: tuple[Entry, ...]
    best: str
    like_best: tuple[str, ...]
    margin: float


def compare_many(
    runs: Sequence[Run],
    cases: Iterable[EvalCase],
    *,
    changed: Collection[str] = (),
    margin: float = MARGIN,
) -> Table:
    """Compare all runs with the first, and the best with all others.

    Raises:
        UsageError: they are runs of different sets, or one is there twice.
    """
    check_comparable(runs)
    every, names = tuple(cases), labels(runs)
    first, others = runs[0], runs[1:]
    met = [pair_up(first, run, every, changed=changed) for run in others]
    compared = [compare_pairs(pairs, at_once=max(1, len(others))) for pairs, _ in met]
    p = family_wise([one.p if one else 1.0 for one in compared])
    entries = [_entry(first, names[0], paired=None, p=1.0, outcome=None, left_out={})]
    for run, name, paired, sure, (_, left_out) in zip(others, names[1:], compared, p, met, strict=True):
        outcome = outcome_of(paired, sure, margin=margin, more=more_cases(paired, margin))
        entries.append(_entry(run, name, paired=paired, p=sure, outcome=outcome, left_out=left_out))
    best = max(range(len(runs)), key=lambda place: _mean(entries[place]))
    alike = [
        entry.label
        for run, entry in zip(runs, entries, strict=True)
        if run is not runs[best] and not _beaten(run, runs[best], every, changed, len(runs))
    ]
    return Table(
        set_name=first.manifest.set.name,
        set_version=first.manifest.set.version,
        entries=tuple(entries),
        best=entries[best].label,
        like_best=tuple(alike),
        margin=margin,
    )


def in_words(table: Table) -> str:
    """Say which run is best, and which ones may be as good."""
    on = f"on {table.set_name} v{table.set_version}"
    count = len(table.entries)
    if len(table.like_best) == count - 1:
        return (
            f"Not enough data to say which of {count} is best {on}: {table.best} scored highest, "
            "which may be chance."
        )
    alike = f" {' and '.join(table.like_best)} may be as good." if table.like_best else ""
    return f"{table.best} is the best of {count} {on}, beyond what choosing among so many explains.{alike}"


def against_first(entry: Entry) -> str:
    """The difference from the first run, with an interval that holds for all of them."""
    if entry.paired is None:
        return ""
    low, high = entry.paired.interval.low, entry.paired.interval.high
    return f"{signed(entry.paired.difference)} ({signed(low)} to {signed(high)})"


def with_interval(scored: Scored | None) -> str:
    """A mean score in points of a hundred with its interval."""
    return f"{points(scored.mean)} ({points(scored.low)} to {points(scored.high)})" if scored else ""


def _entry(
    run: Run,
    label: str,
    *,
    paired: Paired | None,
    p: float,
    outcome: Outcome | None,
    left_out: Mapping[LeftOut, tuple[str, ...]],
) -> Entry:
    alone = _alone(run)
    prompt = run.manifest.prompt
    return Entry(
        label=label,
        run_id=run.run_id,
        prompt=f"{prompt.name}@{prompt.version}" if prompt else "",
        system=str(run.manifest.system["name"]),
        cases=alone.cases if alone else 0,
        scored=alone.b if alone else None,
        paired=paired,
        p=p,
        outcome=outcome,
        left_out=left_out,
    )


def _alone(run: Run) -> Paired | None:
    """A run beside itself, for its own mean."""
    pairs, _ = pair_up(run, run, ())
    return compare_pairs(pairs)


def _mean(entry: Entry) -> float:
    return entry.scored.mean if entry.scored else -1.0


def _beaten(run: Run, best: Run, cases: Sequence[EvalCase], changed: Collection[str], count: int) -> bool:
    """Whether the best is better than a run even if every pair of runs was looked at."""
    pairs: tuple[Pair, ...] = pair_up(run, best, cases, changed=changed)[0]
    looked_at = count * (count - 1) // 2
    paired = compare_pairs(pairs, at_once=looked_at)
    return outcome_of(paired, (paired.p if paired else 1) * looked_at, margin=0, more=1) is Outcome.BETTER
