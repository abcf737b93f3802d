"""What hardness rests on, as a caller is told: how reliable each kind of signal is, and what stands in for silence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from sayso_ingest.mining.hardness.prior import Prior
from sayso_ingest.mining.hardness.reliability import Reliability

Tell: TypeAlias = Callable[[Sequence[str]], None]
"""Called once, with a line for each thing that hardness rests on."""


def untold(lines: Sequence[str]) -> None:
    """Tell nobody."""


def described(reliability: Sequence[Reliability], prior: Prior) -> list[str]:
    """A line for each kind of signal, and one for what nobody spoke about."""
    rows = [(one.kind, f"said of {one.said:,}", _agreement(one), _use(one)) for one in reliability]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return [*lines, f"nobody spoke: {prior.method}"]


def _agreement(one: Reliability) -> str:
    if one.auc is None:
        return f"others spoke of {one.compared:,} of these: too few to measure it"
    return f"agrees with others: AUC {one.auc:.2f} over {one.compared:,}"


def _use(one: Reliability) -> str:
    return "in use" if one.used else "not in use: no better than a coin"
