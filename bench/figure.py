"""One line of the table: a figure, what it is held against, and the goal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Beside:
    """A peer or a raw limit, measured in the same run."""

    name: str
    value: float
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A measured value; the ratio is held against the first of `beside`."""

    what: str
    value: float
    unit: str
    beside: Sequence[Beside] = ()
    goal: str = ""
    met: bool | None = None
    """None where there is no goal of its own."""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """This value by the first one beside it."""
        return self.value / self.beside[0].value if self.beside and self.beside[0].value else None

    def as_json(self) -> dict[str, Any]:
        """What is stored of it."""
        return asdict(self) | {"ratio": self.ratio}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Figure:
        """Read back what was stored."""
        rest = {name: value for name, value in stored.items() if name not in ("ratio", "beside")}
        return cls(beside=[Beside(**other) for other in stored["beside"]], **rest)


def in_turn(*measures: Callable[[], float], rounds: int = 3) -> list[float]:
    """Measure several things in turn, so that a machine whose speed drifts treats them alike; return the medians."""
    taken = [[measure() for measure in measures] for _ in range(rounds)]
    return [median(column) for column in zip(*taken, strict=True)]


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def short(value: float) -> str:
    """A number with as many digits as say something."""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"
