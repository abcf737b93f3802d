"""How fast records of the log become rows, publishing included, beside DuckDB inserting the same rows from Arrow."""

from __future__ import annotations

from collections.abc import Iterator

from sayso_ingest.places import log_folder
from sayso_ingest.settings import Settings

from bench.figure import Beside, Figure
from bench.load.arrow import bare_insert
from bench.load.landing import land
from bench.load.records import accepted, write_log
from bench.load.traffic import events, uuid7_from
from bench.run import Run

INTERVAL = Settings().publish_interval


def measure(run: Run) -> Iterator[Figure]:
    count, project = run.size(1_500_000, 5_000), run.folder / "default"
    write_log(log_folder(project), accepted(events(count, new_id=uuid7_from())), project="default")
    landing = land(project, publish_interval=INTERVAL)
    assert landing.rows == count, f"{landing.rows} of {count} landed"
    raw, peak = bare_insert(project / "live" / "warehouse.duckdb", run.folder / "bare.duckdb")
    yield Figure(
        f"landing {count:,} events, published every {INTERVAL:g} s",
        landing.rate,
        "rows/s",
        [Beside("DuckDB inserts the same rows from Arrow", raw)],
        ">= 100,000 rows/s",
        landing.rate >= 100_000,
    )
    beside = [Beside("DuckDB in that insert", peak)]
    met = landing.peak_mb <= 1024
    yield Figure("the lander's peak memory meanwhile", landing.peak_mb, "MB", beside, "<= 1 GB", met)
