"""A comparison in plain words, for somebody who does not know statistics; figures after them."""

from __future__ import annotations

from collections.abc import Iterator

from sayso_ingest.analysis.comparison import Outcome
from sayso_ingest.analysis.stats.paired import LEVEL, Paired
from sayso_ingest.evals.compare.comparison import FEWEST, Comparison, Part


def sentence(found: Comparison) -> str:
    """Say which is better, by how much, and how sure that is; or how many cases are missing."""
    paired = found.paired
    if paired is None or found.outcome is Outcome.UNKNOWN:
        return _not_enough(found)
    if found.outcome is Outcome.SAME:
        return (
            f"No difference between {found.b.label} and {found.a.label} on {_set(found)} larger than "
            f"{points(paired.interval.farthest)} points: {_rates(paired)}. {_changed(paired)}"
        )
    return (
        f"{found.b.label} is {found.outcome} than {found.a.label} on {_set(found)}: {_rates(paired)}, "
        f"{difference(paired)}. {_changed(paired)}"
    )


def _not_enough(found: Comparison) -> str:
    paired, pair = found.paired, f"{found.b.label} from {found.a.label} on {_set(found)}"
    if paired is None:
        return f"Not enough data to tell {pair}: both scored {found.cases} cases, and it takes at least {FEWEST}."
    more = f"{found.more_cases:,} more {'case' if found.more_cases == 1 else 'cases'}"
    needed = (
        f"about {more} like these are needed to find a difference of {points(found.margin)} points, if any"
    )
    return f"Not enough data to tell {pair}: {_rates(paired)}, {difference(paired)}; {needed}. {_changed(paired)}"


def details(found: Comparison) -> list[str]:
    """What the sentence rests on, a line each."""
    return list(_details(found))


def _details(found: Comparison) -> Iterator[str]:
    if found.paired:
        yield (
            f"Smallest difference that {found.cases} such cases show 80 times of 100: "
            f"{points(found.paired.detectable)} points."
        )
        if found.paired.topics:
            yield f"Cases of one topic count as alike ({found.paired.topics} topics), which makes intervals wider."
    for part in found.splits:
        if part.paired:
            yield f"{_side(part)} {_rates(part.paired)}, {difference(part.paired)}."
    if found.traffic:
        covered = found.traffic.covered
        missing = "" if covered is None else f" {1 - covered:.0%} of traffic has no case like it."
        paired = found.traffic.paired
        yield f"As traffic has it ({found.traffic.how}): {_weighed(paired)}, {difference(paired)}.{missing}"
    if found.a.set_version != found.b.set_version:
        yield (
            f"They ran different versions (v{found.a.set_version} and v{found.b.set_version}): only the cases that "
            "both have are compared."
        )
    for why, cases in found.left_out.items():
        yield f"Left out: {len(cases)} {'case' if len(cases) == 1 else 'cases'}, {why}."
    for what, parts in (("topics", found.topics), ("themes", found.themes)):
        yield from _parts(what, parts)


def _parts(what: str, parts: tuple[Part, ...]) -> Iterator[str]:
    for word, sign in (("Worse", -1), ("Better", 1)):
        sure = [
            f"{part.name} {signed(part.paired.difference)}"
            for part in parts
            if part.paired and part.p < LEVEL and part.paired.difference * sign > 0
        ]
        if sure:
            yield f"{word} on {what}: {', '.join(sure)} points."


def _side(part: Part) -> str:
    return {
        "dev": "On the cases to work with (dev):",
        "held_out": "On those held out (held_out), which nobody should choose by:",
    }.get(part.name, f"{part.name}:")


def _set(found: Comparison) -> str:
    return f"{found.set_name} v{found.b.set_version}"


def _rates(paired: Paired) -> str:
    """Both sides' rates: cases that passed, or where scores are graded their means."""
    if paired.whole:
        return f"{paired.b.mean:.0%} of {paired.cases} cases passed instead of {paired.a.mean:.0%}"
    return (
        f"{paired.cases} cases scored {paired.b.mean * 100:.1f} of 100 instead of {paired.a.mean * 100:.1f}"
    )


def _weighed(paired: Paired) -> str:
    """The same where cases count differently."""
    if paired.whole:
        return f"{paired.b.mean:.0%} would pass instead of {paired.a.mean:.0%}"
    return f"the score would be {paired.b.mean * 100:.1f} of 100 instead of {paired.a.mean * 100:.1f}"


def difference(paired: Paired) -> str:
    """The difference with its interval, in points."""
    low, high = paired.interval.low, paired.interval.high
    return f"{signed(paired.difference)} points (95 % interval {signed(low)} to {signed(high)})"


def _changed(paired: Paired) -> str:
    won = f"{paired.wins} {'case' if paired.wins == 1 else 'cases'}"
    return f"It won {won} and lost {paired.losses}."


def points(share: float) -> str:
    """A difference in points of a hundred, without a sign; decimals only where they say something."""
    size = abs(share) * 100
    return f"{size:.0f}" if size >= 9.95 else f"{size:.1f}".removesuffix(".0")


def signed(share: float) -> str:
    """A difference in points of a hundred, with its sign."""
    size = points(share)
    return size if size == "0" else ("-" if share < 0 else "+") + size
