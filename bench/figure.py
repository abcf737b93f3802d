"""One line of the table: a figure and the raw limit it is held against."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """A measured value, the raw limit of the same run, and what that limit is."""

    what: str
    value: float
    raw: float
    unit: str
    limit: str

    def cells(self) -> tuple[str, str, str, str, str]:
        """The cells of its row."""
        ratio = self.value / self.raw if self.raw else float("nan")
        return (
            self.what,
            f"{_short(self.value)} {self.unit}",
            f"{_short(self.raw)} {self.unit}",
            f"{ratio:.2f}",
            self.limit,
        )


def paired(ours: Callable[[], float], raw: Callable[[], float], *, rounds: int = 5) -> tuple[float, float]:
    """Measure both in turn, so that a machine whose speed drifts treats them alike; return the medians."""
    pairs = [(ours(), raw()) for _ in range(rounds)]
    return median(a for a, _ in pairs), median(b for _, b in pairs)


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
