"""Kafka for a log, one broker on the same cores: posts beside kafka-python alone, landing beside files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from broker import Broker
from processes import wait_until
from sayso_ingest.eventlog import open_reader
from sayso_ingest.places import log_folder

from bench.figure import Beside, Figure, in_turn, quantile
from bench.lines import freshness
from bench.lines.batches import AT_ONCE, BATCH, BODIES, bodies, events_a_second
from bench.load import talking
from bench.load.kafka import broker, raw_sends
from bench.load.landing import land
from bench.load.records import accepted, write_log
from bench.load.serving import collecting
from bench.load.traffic import events, uuid7_from
from bench.load.whole import serving_all
from bench.load.wrk import CONNECTIONS, highest_rate, need_wrk
from bench.run import Run


def measure(run: Run) -> Iterator[Figure]:
    need_wrk()
    with broker() as running:
        yield from _posts(run, running)
        yield from _landing(run, running)
        yield _freshness(run, running)


def _posts(run: Run, running: Broker) -> Iterator[Figure]:
    seconds, rounds = run.size(10, 1), run.size(3, 1)
    batches = bodies(run.folder / "plain", run.folder / "gzip")
    single = list(events(BODIES))
    with collecting(run.folder / "data", "--log", running.url("bench")) as ours:
        posts, raw_posts, sent, raw_sent = in_turn(
            lambda: highest_rate(ours.url, "single.lua", ours.secret, seconds=seconds),
            lambda: raw_sends(running.address, single, seconds, at_once=CONNECTIONS // 2),
            lambda: events_a_second(ours, run.folder / "plain", "", seconds),
            lambda: raw_sends(running.address, batches, seconds, at_once=AT_ONCE // 2) * BATCH,
            rounds=rounds,
        )
    beside = "kafka-python alone with the same settings, two processes, as much in flight, of the same bytes"
    yield Figure(
        f"single posts, durable in Kafka, {CONNECTIONS} connections",
        posts,
        "posts/s",
        [Beside(beside, raw_posts)],
    )
    yield Figure(f"batches of {BATCH}, durable in Kafka", sent, "events/s", [Beside(beside, raw_sent)])


def _landing(run: Run, running: Broker) -> Iterator[Figure]:
    count = run.size(500_000, 5_000)
    rates, records = {}, 0
    for name, log in (("kafka", running.url("landing")), ("files", "sqlite")):
        project = run.folder / name / "default"
        stream = accepted(events(count, new_id=uuid7_from()))
        write_log(log_folder(project), stream, project="default", log=log)
        records = _records(project, log)
        landing = land(project, log=log)
        assert landing.rows == count, f"{landing.rows} of {count} landed"
        rates[name] = landing.rate
    yield Figure(
        f"landing {count:,} events from Kafka, {count / records:,.0f} events a record",
        rates["kafka"],
        "rows/s",
        [Beside("the same from files", rates["files"])],
        ">= 100,000 rows/s",
        rates["kafka"] >= 100_000,
    )


def _records(project: Path, log: str) -> int:
    reader = open_reader(log, folder=log_folder(project), project="default")
    try:
        return reader.behind({})
    finally:
        reader.close()


def _freshness(run: Run, running: Broker) -> Figure:
    kafka, files = (
        _ages(run, run.folder / name, options)
        for name, options in (("fresh", ("--log", running.url("fresh"))), ("fresh-files", ()))
    )
    p99 = quantile(kafka, 0.99)
    return Figure(
        f"call to row in the published copy through Kafka, {freshness.RATE} events/s: p99",
        p99,
        "s",
        [
            Beside("the same from files", quantile(files, 0.99)),
            Beside("p50", quantile(kafka, 0.5)),
            Beside("worst", max(kafka)),
        ],
        "p99 < 3 s",
        p99 < 3,
    )


def _ages(run: Run, data: Path, options: Sequence[str]) -> list[float]:
    seconds = run.size(60.0, 4.0)
    with serving_all(data, *options) as service:
        wait_until((data / "default" / "warehouse.duckdb").exists, what="the first copy")
        process = talking.start(service.url, service.secret, rate=freshness.RATE, seconds=seconds)
        ages = freshness.ages_of(data / "default", process, expected=int(freshness.RATE * seconds), last=0)
        counts = talking.finish(process)
    assert len(ages) == counts["delivered"], f"{len(ages)} of {counts} were seen in the copy"
    return ages
