"""Land, publish and read the same events in a file and in a lake of servers on this machine; print the figures.

    .cache/lake/bin/python -m bench.load.lake FOLDER [--quick]

PostgreSQL waits for the disk as it does anywhere; the S3 server (versitygw) leaves that to the system.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median

from lakes import BUCKET, PROJECT, Servers, running_servers
from processes import wait_until
from sayso_ingest.analysis import catalog
from sayso_ingest.eventlog import open_reader
from sayso_ingest.lander import HAND_OVER, Lander
from sayso_ingest.places import live_warehouse, log_folder
from sayso_ingest.warehouse import Home, Lake, LakePublisher, LakeWarehouse, Published, Publisher, Warehouse

from bench.figure import Beside, Figure, quantile
from bench.lines import freshness
from bench.load import talking
from bench.load.landing import NEVER
from bench.load.records import accepted, write_log
from bench.load.traffic import BEGAN, events, uuid7_from
from bench.load.warehouse import questions
from bench.load.whole import cpu_seconds, serving_all
from bench.run import Run

FEW = 1_000
"""Events of a publish."""
STORED = 300_000
"""Events that are landed at first, in as many landings as there are parts."""
PARTS = 2
SECONDS = 60.0
"""For which somebody speaks, where it is looked how soon readers see it."""
OPENING = "opening"


@dataclass(frozen=True)
class Spent:
    """Seconds that something took."""

    wall: float
    servers: float
    """Processor time of PostgreSQL and the S3 server."""
    all: float
    """That and the lander's."""


class Side:
    """The file, or the lake: a project with a lander of its own."""

    def __init__(self, folder: Path, servers: Servers, lake: Lake | None = None) -> None:
        self.folder = folder
        self.home: Home = lake or folder
        self._servers = servers
        log_folder(folder).mkdir(parents=True)
        self._warehouse: Warehouse | LakeWarehouse
        publisher: Publisher | LakePublisher
        if lake:
            self._warehouse = LakeWarehouse.open(lake, folder, views=catalog())
            publisher = LakePublisher(self._warehouse, interval=NEVER, upkeep=NEVER)
        else:
            self._warehouse = Warehouse.open(folder, views=catalog())
            publisher = Publisher(self._warehouse, folder, interval=NEVER)
        reader = open_reader("sqlite", folder=log_folder(folder), project=PROJECT)
        self._lander = Lander(reader, self._warehouse, publisher)
        self.publish()

    def land(self, log: Sequence[bytes]) -> Spent:
        """Land these events, without publishing."""
        write_log(log_folder(self.folder), log, project=PROJECT)
        return self._spent(self._land)

    def publish(self) -> Spent:
        """Fold what landed, and let readers see it."""
        return self._spent(lambda: self._lander.publish_if_due(last=True))

    def look_after(self) -> Spent:
        """Merge small files of the lake, and remove all that was replaced."""
        assert isinstance(self._warehouse, LakeWarehouse)
        return self._spent(partial(self._warehouse.look_after, keep=0))

    def close(self) -> None:
        """Let go of the warehouse."""
        self._lander.close()

    def _land(self) -> None:
        while self._lander.step():
            self._lander.publish_if_due()

    def _spent(self, work: Callable[[], object]) -> Spent:
        began, ours, servers = time.perf_counter(), _processor_time(), self._servers_time()
        work()
        wall, servers = time.perf_counter() - began, self._servers_time() - servers
        return Spent(wall, servers, _processor_time() - ours + servers)

    def _servers_time(self) -> float:
        return sum(map(cpu_seconds, self._servers.pids()))


def main() -> None:
    run = Run(Path(sys.argv[1]), quick="--quick" in sys.argv)
    sys.setswitchinterval(HAND_OVER)
    run.folder.chmod(0o755)  # PostgreSQL is somebody else where we are root
    (run.folder / "servers").mkdir()
    with running_servers(run.folder / "servers", durable=True) as servers:
        for figure in measure(run, servers):
            print(json.dumps(figure.as_json()), flush=True)


def measure(run: Run, servers: Servers) -> Iterator[Figure]:
    stored, rounds = run.size(STORED, 2_000), run.size(5, 1)
    lake = servers.blank(run.folder, catalog())
    file = Side(run.folder / "file" / PROJECT, servers)
    in_lake = Side(run.folder / "lake" / PROJECT, servers, lake)
    yield _landing(file, in_lake, stored)
    for side in (file, in_lake):
        side.publish()
    yield from _publishing(file, in_lake, stored, rounds)
    yield Figure("upkeep of the lake after that: landing waits for", in_lake.look_after().wall, "s")
    for side in (file, in_lake):
        side.close()
    asked = [OPENING, *questions()][: run.size(None, 6)]
    yield from _reading(file, in_lake, stored, asked, rounds=run.size(3, 1))
    yield _bytes(file, servers, lake, stored + rounds * FEW)
    if not run.quick:
        yield _freshness(run, servers)


def _landing(file: Side, in_lake: Side, stored: int) -> Figure:
    parts = [_log(stored // PARTS, seed) for seed in range(PARTS)]
    took = [(file.land(part).wall, in_lake.land(part).wall) for part in parts]
    of_file, of_lake = (sum(column) for column in zip(*took, strict=True))
    beside = [Beside("the file", stored / of_file)]
    what = f"landing {stored:,} events in a lake"
    return Figure(what, stored / of_lake, "rows/s", beside, note=f"DuckDB {version('duckdb')}")


def _publishing(file: Side, in_lake: Side, stored: int, rounds: int) -> Iterator[Figure]:
    """Fold few events, as a lander does all day, into what is stored."""
    spent: dict[tuple[str, str], list[Spent]] = defaultdict(list)
    for seed in range(PARTS, PARTS + rounds):
        log = _log(FEW, seed)
        for name, side in (("file", file), ("lake", in_lake)):
            spent["landing", name].append(side.land(log))
            spent["publishing", name].append(side.publish())
    for what in ("landing", "publishing"):
        ours, theirs = spent[what, "lake"], spent[what, "file"]
        told = f"{what} {FEW:,} events in a lake of {stored:,}"
        yield Figure(told, _median(ours, "wall"), "s", [Beside("the file", _median(theirs, "wall"))])
        beside = [
            Beside("the file", _median(theirs, "all")),
            Beside("of it PostgreSQL's and the S3 server's", _median(ours, "servers")),
        ]
        yield Figure(f"{told}: processor time of lander and servers", _median(ours, "all"), "s", beside)


def _reading(
    file: Side, in_lake: Side, stored: int, names: Sequence[str], *, rounds: int
) -> Iterator[Figure]:
    asked = [[_asked(side.home, names) for side in (file, in_lake)] for _ in range(rounds)]
    of_file, of_lake = (
        {name: median(times[name] for times in of_side) for name in names}
        for of_side in zip(*asked, strict=True)
    )
    opened = [Beside("the file", of_file.pop(OPENING))]
    yield Figure("opening what is published in a lake", of_lake.pop(OPENING), "s", opened)
    what = f"of {len(of_lake)} everyday questions over {stored:,} events in a lake"
    middle = [Beside("the file", median(of_file.values()))]
    yield Figure(f"the middle one {what}", median(of_lake.values()), "s", middle)
    slowest = max(of_lake, key=of_lake.__getitem__)
    beside = [Beside("the file", of_file[slowest])]
    yield Figure(f"the slowest {what}: {slowest}", of_lake[slowest], "s", beside)


def _asked(home: Home, names: Sequence[str]) -> dict[str, float]:
    """Seconds that it takes to open what is published, and to ask it each question."""
    sql = {OPENING: "SELECT 1", **questions()}
    times, began = {}, time.perf_counter()
    with Published.open(home) as copy:
        for name in names:
            copy.table(sql[name])
            times[name] = time.perf_counter() - began
            began = time.perf_counter()
    return times


def _bytes(file: Side, servers: Servers, lake: Lake, stored: int) -> Figure:
    parquet = sum(
        path.stat().st_size for path in (servers.folder / "s3" / BUCKET / lake.database).rglob("*.parquet")
    )
    sizes = servers.sql(f"SELECT pg_database_size('{lake.database}') - pg_database_size('template1')")
    return Figure(
        "bytes of an event in Parquet files, after upkeep",
        parquet / stored,
        "bytes",
        [
            Beside(
                "the file", live_warehouse(file.folder).stat().st_size / stored, "and as much for its copy"
            ),
            Beside("the catalog in PostgreSQL", int(sizes) / stored),
        ],
    )


def _freshness(run: Run, servers: Servers) -> Figure:
    lake = servers.blank(run.folder, catalog())
    of_file = _ages(run.folder / "fresh-file", run.folder / "fresh-file" / PROJECT)
    os.environ.update(servers.environ(lake))
    of_lake = _ages(run.folder / "fresh-lake", lake)
    p99 = quantile(of_lake, 0.99)
    return Figure(
        f"call to row in what is published in a lake, {freshness.RATE} events/s: p99",
        p99,
        "s",
        [
            Beside("the file", quantile(of_file, 0.99)),
            Beside("p50", quantile(of_lake, 0.5)),
            Beside("worst", max(of_lake)),
        ],
    )


def _ages(data: Path, home: Home) -> list[float]:
    with serving_all(data) as service:
        wait_until(lambda: Published.version(home), what="the first that is published")
        process = talking.start(service.url, service.secret, rate=freshness.RATE, seconds=SECONDS)
        ages = freshness.ages_of(home, process, expected=int(freshness.RATE * SECONDS), last=0)
        counts = talking.finish(process)
    assert len(ages) == counts["delivered"], f"{len(ages)} of {counts} were seen"
    return ages


def _log(count: int, seed: int) -> list[bytes]:
    """Events with ids and targets of their own."""
    new_id = uuid7_from(BEGAN + timedelta(days=seed), seed=seed)
    return list(accepted(events(count, new_id=new_id, seed=seed)))


def _median(spent: Sequence[Spent], what: str) -> float:
    return median(getattr(one, what) for one in spent)


def _processor_time() -> float:
    """Seconds of this process, and of what it started and waited for, as the copy of a file is made."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    main()
