"""A comparison in one plain sentence: better, worse, no difference larger than X, or not enough data yet."""

from __future__ import annotations

from sayso_ingest.analysis.comparison import ENOUGH, Assignment, Comparison, Outcome, Topic
from sayso_ingest.analysis.stats.sequence import Interval

OBSERVED = "Observed, not an experiment: who met which was not drawn by lot."
LIKED = {"thumb": "liked", "suggestion": "accepted as proposed"}
"""What the share of each kind of verdict counts."""
ALL = 0.995
"""A share that a reader sees as 100 %."""
SURE = 0.05
"""A topic is named where its difference is less likely by chance, after correction for how many topics there are."""


def sentence(comparison: Comparison) -> str:
    """Say what a comparison comes to, and what it rests on."""
    return f"{_finding(comparison)} {_basis(comparison.assignment)}"


def details(comparison: Comparison) -> list[str]:
    """The figures behind the sentence, a line each."""
    lines = []
    if comparison.difference is not None and comparison.interval is not None:
        lines.append(f"As counted: {_between(comparison.difference, comparison.interval)}, for one look.")
    corrected, sequence = comparison.corrected, comparison.sequence
    if corrected is not None and sequence is not None:
        mix = "With the same mix of topics" if comparison.stratified else "Looked at again and again"
        part = f"; {corrected.compared:.0%} of verdicts are about topics that both have" * (
            corrected.compared < 1
        )
        lines.append(f"{mix}: {_between(corrected.difference, sequence)}, however often one looks{part}.")
    smallest = points(comparison.detectable)
    lines.append(f"Smallest difference that so many people show 80 times of 100: {smallest} points.")
    return lines + _topics(comparison)


def _between(difference: float, interval: Interval) -> str:
    return f"{signed(difference)} points ({signed(interval.low)} to {signed(interval.high)})"


def points(share: float) -> str:
    """A difference of shares in percentage points, without a sign."""
    size = abs(share) * 100
    return f"{size:.2f}" if 0 < size < 0.1 else f"{size:.1f}"


def signed(share: float) -> str:
    """A difference of shares in percentage points, with its sign."""
    return ("-" if share < 0 else "+") + points(share)


def _finding(comparison: Comparison) -> str:
    a, b = comparison.a.label, comparison.b.label
    mix = " with the same mix of topics" if comparison.stratified else ""
    corrected, sequence = comparison.corrected, comparison.sequence
    if comparison.outcome is Outcome.UNKNOWN or corrected is None or sequence is None:
        return _not_enough(comparison)
    if comparison.outcome is Outcome.SAME:
        return (
            f"No difference between {b} and {a} larger than {points(sequence.farthest)} points{mix}, "
            f"however often one looks."
        )
    return (
        f"{b} is {comparison.outcome} than {a}: {LIKED[comparison.kind]} {points(corrected.difference)} points "
        f"{'more' if corrected.difference > 0 else 'less'} often{mix} (95 % interval {signed(sequence.low)} to "
        f"{signed(sequence.high)}, however often one looks)."
    )


def _not_enough(comparison: Comparison) -> str:
    a, b = comparison.a, comparison.b
    needed = f"about {comparison.more_people:,} more people in each are needed to find a difference of "
    needed += f"{points(comparison.margin)} points, if there is one"
    silent = " and ".join(side.label for side in (a, b) if side.share is None)
    if silent:
        return f"Not enough data: nobody has said anything about {silent}; {needed}."
    if comparison.corrected is None:
        return f"{b.label} and {a.label} share no topic: compare them with --stratify none, or not at all."
    if not comparison.more_people:
        return f"Not enough data: nothing is concluded from fewer than {ENOUGH} people of {a.label} or {b.label}."
    return f"Not enough data to tell {b.label} from {a.label}: {needed}."


def _basis(assignment: Assignment | None) -> str:
    if assignment is None:
        return OBSERVED
    ratio = assignment.ratio
    shares = f"{ratio.a:,} and {ratio.b:,} {assignment.unit}"
    if ratio.mismatch:
        return (
            f"Do not trust it: the experiment {assignment.experiment} gave {shares}, where {ratio.planned:.0%} "
            f"were planned for the first arm (p = {ratio.p:.1g}). Find out where the others go."
        )
    both = assignment.people_in_both if assignment.unit == "people" else 0
    blurred = f" {both:,} people met both, which blurs it." if both else ""
    return f"Assigned by the experiment {assignment.experiment}, {shares}, as planned (p = {ratio.p:.2g}).{blurred}"


def _topics(comparison: Comparison) -> list[str]:
    sure = [topic for topic in comparison.topics if topic.p < SURE]
    worse = [topic for topic in sure if topic.difference < 0]
    better = [topic for topic in reversed(sure) if topic.difference > 0]
    return [
        f"{what} on {', '.join(map(_topic, topics))}."
        for what, topics in (("Worse", worse), ("Better", better))
        if topics
    ]


def _topic(topic: Topic) -> str:
    interval = topic.interval
    label = topic.label or "(no tag)"
    return f"{label} {signed(topic.difference)} ({signed(interval.low)} to {signed(interval.high)})"
