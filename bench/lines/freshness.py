"""From a call in an application to the row in the copy that analysts read, while 500 events a second come in."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from processes import wait_until
from sayso_ingest.warehouse import Home, Published

from bench.figure import Beside, Figure, quantile
from bench.load import talking
from bench.load.warehouse import fill
from bench.load.whole import serving_all
from bench.run import Run

RATE = 500
LOOK = 0.02
"""Seconds between two looks at the published file."""
LAST = 60.0
"""Seconds that the last events may take."""


def measure(run: Run) -> Iterator[Figure]:
    seconds = run.size(60.0, 4.0)
    for name, events in (("new", 0), ("full", run.size(400_000, 20_000))):
        data = run.folder / name
        published = data / "default" / "warehouse.duckdb"
        if events:
            fill(data / "default", events=events).close()
        with serving_all(data) as service:
            wait_until(published.exists, what="the first copy")
            last = _newest(data / "default")
            process = talking.start(service.url, service.secret, rate=RATE, seconds=seconds)
            ages = ages_of(data / "default", process, expected=int(RATE * seconds), last=last)
            counts = talking.finish(process)
        size = published.stat().st_size / 1e6
        assert len(ages) == counts["delivered"], f"{len(ages)} of {counts} were seen in the copy"
        p50, p99 = quantile(ages, 0.5), quantile(ages, 0.99)
        yield Figure(
            f"call to row in the published copy of {size:.0f} MB, {RATE} events/s: p99",
            p99,
            "s",
            [Beside("p50", p50), Beside("worst", max(ages))],
            "p50 < 2 s, p99 < 5 s",
            p50 < 2 and p99 < 5,
        )


def ages_of(home: Home, process: subprocess.Popen[str], *, expected: int, last: int) -> list[float]:
    """The age of every event after landing `last` when it was first seen in what is published, in seconds."""
    ages: list[float] = []
    seen, until = None, None
    while len(ages) < expected and (until is None or time.monotonic() < until):
        if process.poll() is not None and until is None:
            until = time.monotonic() + LAST
        now, version = datetime.now(UTC).replace(tzinfo=None), Published.version(home)
        if version == seen:
            time.sleep(LOOK)
            continue
        seen = version
        with Published.open(home) as copy:
            _, rows = copy.table("SELECT occurred_at_sent, landing FROM events WHERE landing > ?", [last])
        ages += [(now - said_at).total_seconds() for said_at, _ in rows]
        last = max([last, *(landing for _, landing in rows)])
    return ages


def _newest(project: Path) -> int:
    with Published.open(project) as copy:
        return int(copy.table("SELECT coalesce(max(landing), 0) FROM events")[1][0][0])
