"""Do people prefer little or much of a measure? The answer of the question `proxies`, in a sentence per measure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sayso_ingest.analysis.stats.wilson import apart

OBSERVED = "Observed, not an experiment: what makes an answer long or slow may be what people mind."


@dataclass(frozen=True, slots=True)
class Measure:
    """How a measure of an answer is spoken of: by its little and its much, or by whether it is so."""

    title: str
    axis: str
    """What its values are, with their unit."""
    unit: str
    little: str
    much: str
    least: str = ""
    """What the lowest fifth is called; where this is empty, there are no fifths but a no and a yes."""
    most: str = ""


MEASURES = {
    "output_chars": Measure(
        title="Length of the answer",
        axis="characters of the answer",
        unit=" characters",
        little="shorter answers",
        much="longer answers",
        least="shortest",
        most="longest",
    ),
    "latency_ms": Measure(
        title="Latency",
        axis="latency in ms",
        unit=" ms",
        little="faster answers",
        much="slower answers",
        least="fastest",
        most="slowest",
    ),
    "cost": Measure(
        title="Cost",
        axis="cost in the application's currency",
        unit="",
        little="cheaper answers",
        much="dearer answers",
        least="cheapest",
        most="dearest",
    ),
    "refusal": Measure(
        title="Refusal",
        axis="the answer says that it cannot",
        unit="",
        little="answers that help",
        much="refusals",
    ),
    "asked_again": Measure(
        title="Asked again",
        axis="the same is asked once more",
        unit="",
        little="answers after which nobody asks the same again",
        much="answers after which somebody does",
    ),
}


@dataclass(frozen=True, slots=True)
class Part:
    """The thumbs whose answers have so much of a measure."""

    lowest: float
    highest: float
    people: int
    rate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Dose:
    """How answers of a prompt are liked by how much of a measure they have: parts from the lowest to the highest."""

    prompt: str | None
    metric: str
    parts: tuple[Part, ...]

    @property
    def measure(self) -> Measure:
        """How it is spoken of."""
        return MEASURES[self.metric]

    @property
    def people(self) -> int:
        """People in its parts; who is in several is counted in each."""
        return sum(part.people for part in self.parts)

    def label(self, part: Part) -> str:
        """What a part has: a range of values, or a no or yes."""
        if not self.measure.least:
            return "yes" if part.highest else "no"
        low, high = figure(part.lowest), figure(part.highest)
        return low if low == high else f"{low} to {high}"

    @property
    def change(self) -> tuple[float, float, float] | None:
        """By how much the highest part is liked more than the lowest, 0 to 1, and its interval; None of one part."""
        if len(self.parts) < 2:
            return None
        first, last = self.parts[0], self.parts[-1]
        return last.rate - first.rate, *apart(first, last)

    @property
    def sentence(self) -> str:
        """Say which people prefer, by how much, and how sure that is."""
        measure = self.measure
        if self.change is None:
            same = self.label(self.parts[0]) + measure.unit
            return f"{measure.title}: nothing to compare, for all these answers are alike ({same})."
        change, low, high = self.change
        if low <= 0 <= high:
            finding = f"No clear difference between {measure.little} and {measure.much}"
        else:
            finding = f"People prefer {measure.much if change > 0 else measure.little}"
        first, last = self.parts[0], self.parts[-1]
        return (
            f"{finding}: {_share(first)} of thumbs are up {self._where(first, measure.least)}, {_share(last)} "
            f"{self._where(last, measure.most)}; {_points(change)} points "
            f"(95 % interval {_points(low)} to {_points(high)})."
        )

    def _where(self, part: Part, called: str) -> str:
        if not called:
            return f"of the {part.people:,} people who met {self.measure.much if part.highest else self.measure.little}"
        return f"in the {called} fifth ({self.label(part)}{self.measure.unit})"


def doses(rows: Iterable[Mapping[str, Any]]) -> list[Dose]:
    """Make one of the rows of each prompt and measure, in the order in which the question gives them."""
    grouped = groupby(rows, key=lambda row: (row["prompt_name"], row["metric"]))
    return [
        Dose(
            prompt,
            metric,
            tuple(
                Part(*(row[name] for name in ("lowest", "highest", "people", "up_rate", "up_low", "up_high")))
                for row in group
            ),
        )
        for (prompt, metric), group in grouped
    ]


def figure(value: float) -> str:
    """Spell a value of a measure with as many digits as matter."""
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 100 else f"{value:.3g}"


def _share(part: Part) -> str:
    return f"{part.rate:.1%}".replace("%", " %")


def _points(share: float) -> str:
    return f"{100 * share:+.1f}"
