"""What analysts ask every day, over many events: how long each question takes on the published copy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from sayso_ingest.analysis import catalog
from sayso_ingest.warehouse import Published

from bench.figure import Beside, Figure, seconds
from bench.load.landing import land
from bench.run import Run
from bench.stock import stock

LIMIT = 100
EVERYDAY = {
    "verdicts by value": "SELECT kind, value, count(*) FROM verdicts GROUP BY ALL",
    "thumbs by day": "SELECT date_trunc('day', occurred_at) AS day, value, count(*) FROM verdicts"
    " WHERE kind = 'thumb' GROUP BY ALL ORDER BY day",
    "down thumbs with input and output": "SELECT target, input, output, reasons, comment FROM feedback"
    f" WHERE kind = 'thumb' AND value = 'down' ORDER BY occurred_at DESC LIMIT {LIMIT}",
    "feedback by model": "SELECT model, value, count(*) FROM feedback WHERE kind = 'thumb' GROUP BY ALL",
    "newest comments": f"SELECT * FROM comments ORDER BY occurred_at DESC LIMIT {LIMIT}",
    "exposures by surface": "SELECT surface, count(*), sum(times) FROM exposures GROUP BY ALL",
    "events by kind and day": "SELECT date_trunc('day', occurred_at) AS day, kind, count(*) FROM events GROUP BY ALL",
    "one target": "SELECT * FROM feedback WHERE target = (SELECT max(target) FROM verdicts)",
}
"""Beside the questions that the views of analysis ask."""


def measure(run: Run) -> Iterator[Figure]:
    count, project = run.size(10_000_000, 20_000), run.folder / "default"
    stock(project, count)
    land(project)  # which publishes
    questions = {view.name: f"SELECT * FROM {view.name} LIMIT {LIMIT}" for view in catalog()} | EVERYDAY
    took = {name: _seconds(project, sql) for name, sql in questions.items()}
    slowest = sorted(took, key=lambda name: took[name], reverse=True)
    yield Figure(
        f"the slowest of {len(took)} everyday questions over {count / 1e6:g} M events: {slowest[0]}",
        took[slowest[0]],
        "s",
        [Beside(name, took[name]) for name in slowest[1:]],
        "each < 1 s",
        max(took.values()) < 1,
    )


def _seconds(project: Path, sql: str) -> float:
    """The median of three askings, each of a copy that is opened for it."""

    def ask() -> None:
        with Published.open(project) as copy:
            copy.table(sql)

    return median(seconds(ask) for _ in range(3))
