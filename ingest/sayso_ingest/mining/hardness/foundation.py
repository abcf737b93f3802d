"""What hardness rests on, as a caller is told: how reliable each kind of signal is, and what stands in for silence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from sayso_ingest.excerpt import one_line
from sayso_ingest.mining.hardness.acts import Act
from sayso_ingest.mining.hardness.prior import Prior
from sayso_ingest.mining.hardness.reliability import Reliability

NAME = 40
"""Characters of an act's name that are told: an application chose it."""

Tell: TypeAlias = Callable[[Sequence[str]], None]
"""Called once, with a line for each thing that hardness rests on."""


def untold(lines: Sequence[str]) -> None:
    """Tell nobody."""


def described(reliability: Sequence[Reliability], acts: Sequence[Act], prior: Prior) -> list[str]:
    """A line for each kind of signal and each act, and one for what nobody spoke about."""
    rows = [(one.kind, f"said of {one.said:,}", _agreement(one), _use(one)) for one in reliability]
    rows += [(one_line(act.name, NAME), f"done with {act.done:,}", _judged(act), _heed(act)) for act in acts]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return [*lines, f"nobody spoke: {prior.method}"]


def _agreement(one: Reliability) -> str:
    if one.auc is None:
        return f"others spoke of {one.compared:,} of these: too few to measure it"
    return f"agrees with others: AUC {one.auc:.2f} over {one.compared:,}"


def _judged(act: Act) -> str:
    return f"{act.disliked:,} of the {act.judged:,} that somebody spoke of were disliked"


def _heed(act: Act) -> str:
    if not act.odds:
        return "not in use: tells nothing yet"
    return "in use: harder" if act.odds > 0 else "in use: easier"


def _use(one: Reliability) -> str:
    return "in use" if one.used else "not in use: no better than a coin"
