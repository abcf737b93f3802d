"""What publishing costs at three sizes: the lander's time, bytes on the disk, what the collector's clients feel."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from sayso_ingest.settings import Settings

from bench.figure import Beside, Figure
from bench.load.landing import NEVER
from bench.load.paced import Paced, finish, start
from bench.load.publishing import Share, publishing
from bench.load.serving import collecting
from bench.load.warehouse import fill
from bench.run import Run

RATE = 500
WARM = 10.0
"""Seconds before the count begins."""
INTERVAL = Settings().publish_interval
FULL = ((480_000, 0, 60.0), (5_000_000, 0, 120.0), (5_000_000, 200, 180.0))
"""Events stored and words in an answer, for about 100 MB, 1 GB and 5 GB, and the seconds counted."""
QUICK = ((20_000, 0, 3.0),)

Watched = tuple[Share, Paced]
"""What the lander counted, and what its collector's clients felt meanwhile."""


def measure(run: Run) -> Iterator[Figure]:
    for events, words, seconds in run.size(FULL, QUICK):
        data = run.folder / f"{events}-{words}"
        project = data / "default"
        fill(project, events=events, words=words).close()
        warm = run.size(WARM, 1.0)
        still = _watch(data, NEVER, seconds, warm)
        busy = _watch(data, INTERVAL, seconds, warm)
        yield from _figures((project / "warehouse.duckdb").stat().st_size, still, busy)


def _watch(data: Path, interval: float, seconds: float, warm: float) -> Watched:
    """Land 500 events a second, and count."""
    with collecting(data) as collector, publishing(data / "default", interval) as lander:
        load = start(collector.url, collector.secret, rate=RATE, seconds=warm + seconds)
        time.sleep(warm)
        lander.begin()
        time.sleep(seconds)
        share = lander.end()
        return share, finish(load)


def _figures(size: int, still: Watched, busy: Watched) -> Iterator[Figure]:
    (landing, quiet), (share, felt) = still, busy
    what = f"publishing {_size(size)}, {RATE} events/s"
    spent = share.publishing / share.wall * 100
    copies = f"{share.copies} copies in {share.wall:.0f} s"
    beside = [Beside("landing", share.landing / share.wall * 100)]
    yield Figure(f"{what}: share of the lander's time", spent, "%", beside, "<= 5 %", spent <= 5, copies)
    count = max(share.copies, 1)
    yield Figure(
        f"{what}: written for each copy, landing included",
        share.written / count / 1e6,
        "MB",
        [Beside("a plain copy", size / 1e6), Beside("landing alone", landing.written / count / 1e6)],
    )
    yield Figure(
        f"{what}: the collector's p99",
        felt.p99,
        "ms",
        [Beside("without publishing", quiet.p99)],
        "<= 2 x",
        felt.p99 <= 2 * quiet.p99,
    )


def _size(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size > 5e8 else f"{size / 1e6:.0f} MB"
