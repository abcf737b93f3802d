"""Pure: a map of traffic and set. A topic is a circle: placed by likeness, sized by traffic, filled by its cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from math import hypot, sqrt
from typing import Literal

from sayso_ingest.mining import MappedTopic, Measured

WIDTH, HEIGHT = 400.0, 300.0
LARGEST, SMALLEST = 26.0, 3.5
"""Radii, in the same units: the area says how much traffic a topic has."""
ROOM_FOR_A_NUMBER = 8.5
ROUNDS = 60
APART = 1.5

Look = Literal["none", "some", "full"]


@dataclass(frozen=True, slots=True)
class Circle:
    """A topic as it is drawn: by its middle and radius, with the rank of its gap, if it is one of those listed."""

    topic: MappedTopic
    x: float
    y: float
    radius: float
    look: Look
    rank: int | None = None

    @property
    def holds_its_number(self) -> bool:
        """Whether the rank fits into it, or has to stand beside it."""
        return self.radius >= ROOM_FOR_A_NUMBER


def enough(measured: Measured) -> int:
    """Cases with which a topic counts as covered at every level."""
    return max((level.at_least for level in measured.levels), default=1)


def look_of(topic: MappedTopic, full: int) -> Look:
    """How well a topic is covered, in one of three steps."""
    if topic.cases == 0:
        return "none"
    return "full" if topic.cases >= full else "some"


@lru_cache(maxsize=8)
def circles(measured: Measured) -> tuple[Circle, ...]:
    """The map of a measurement, the largest circle first, so that small ones are drawn over it."""
    most = max((topic.interactions for topic in measured.map), default=0) or 1
    ranks = {(gap.topic, gap.interactions): place for place, gap in enumerate(measured.gaps, start=1)}
    drawn = []
    for topic in sorted(measured.map, key=lambda topic: -topic.interactions):
        radius = max(SMALLEST, LARGEST * sqrt(topic.interactions / most))
        drawn.append(
            Circle(
                topic=topic,
                x=LARGEST + topic.x * (WIDTH - 2 * LARGEST),
                y=LARGEST + (1 - topic.y) * (HEIGHT - 2 * LARGEST),
                radius=radius,
                look=look_of(topic, enough(measured)),
                rank=ranks.get((topic.topic, topic.interactions)),
            )
        )
    return tuple(_apart(drawn))


def _apart(drawn: Sequence[Circle]) -> list[Circle]:
    """Push circles off each other, a little at a time: where they stood says more than where there was room."""
    x, y = [one.x for one in drawn], [one.y for one in drawn]
    for _ in range(ROUNDS):
        moved = False
        for a, b in combinations(range(len(drawn)), 2):
            wanted = drawn[a].radius + drawn[b].radius + APART
            across, down = x[b] - x[a], y[b] - y[a]
            if abs(across) >= wanted or abs(down) >= wanted:
                continue
            distance = hypot(across, down)
            if distance >= wanted:
                continue
            if distance < 1e-9:  # one on the other: to the side that their order says
                across, down, distance = 1.0, (b % 3) - 1.0, hypot(1.0, (b % 3) - 1.0)
                push = wanted / 2
            else:
                push = (wanted - distance) / 2
            moved = True
            for one, sign in ((a, -1), (b, 1)):
                radius = drawn[one].radius
                x[one] = _within(x[one] + sign * push * across / distance, radius, WIDTH - radius)
                y[one] = _within(y[one] + sign * push * down / distance, radius, HEIGHT - radius)
        if not moved:
            break
    return [
        replace(one, x=round(at_x, 1), y=round(at_y, 1), radius=round(one.radius, 1))
        for one, at_x, at_y in zip(drawn, x, y, strict=True)
    ]


def _within(value: float, least: float, most: float) -> float:
    return max(least, min(most, value))
