"""What analysts ask every day, over many events: how long each question takes on the published copy."""

from __future__ import annotations

from collections.abc import Iterator

from bench.figure import Beside, Figure
from bench.load.warehouse import ask, fill
from bench.run import Run

ALLOWED = 1.0
"""Seconds."""


def measure(run: Run) -> Iterator[Figure]:
    count, project = run.size(10_000_000, 20_000), run.folder / "default"
    fill(project, events=count).close()
    asked = sorted(ask(project), key=lambda answer: answer[1], reverse=True)
    (slowest, took, _), *others = asked
    yield Figure(
        f"the slowest of {len(asked)} everyday questions over {count / 1e6:g} M events: {slowest}",
        took,
        "s",
        [Beside(name, seconds) for name, seconds, _ in others],
        "each < 1 s",
        took < ALLOWED,
    )
