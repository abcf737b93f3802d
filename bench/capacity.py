"""What a load takes, computed from what was measured: the tables of deploy/capacity.md are made by this."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from bench.figure import short

LATEST = Path(__file__).parent / "results" / "latest.json"
RATES = (1_000, 10_000, 100_000)
HEADROOM = 2
"""A part is planned at half of what it was measured to bear: load comes in waves, and one of two may be away."""
BENCH_CORES = 2
"""Of the machine of the bench, which made the load as well."""
EVENT_BYTES = 562
"""Of the events of the line `batches`."""
EVENTS_STORED = 3
"""Of each interaction of the line `box`: itself, that it was seen, and a thumb; a comment now and then is left out."""
KEPT_DAYS = 7
REPLICAS = 3
PARTITION_BYTES = 5_000_000
"""A second: an assumption, until a line of the bench says what one partition bears."""
DAY = 86_400


def measured(line: str, what: str) -> float:
    """A figure of the bench: the first of a line whose words begin so."""
    figures = json.loads(LATEST.read_text())["lines"][line]["figures"]
    return next(float(figure["value"]) for figure in figures if figure["what"].startswith(what))


@dataclass(frozen=True)
class Costs:
    """What one core or one process was measured to bear, and what an event weighs."""

    single: float
    """Posts of one event that a core of a collector takes in a second, the load made on the same cores."""
    batched: float
    """Events that it takes in batches of 100."""
    landed: float
    """Events a second that one lander lands, publishing as it goes."""
    landed_later: float
    """The same with 10 million stored."""
    lander_mb: float
    service_mb: float
    stored: float
    """Bytes of an event on the lander's disk: its own file and the published copy."""

    @classmethod
    def latest(cls) -> Costs:
        """What `make bench` measured last."""
        return cls(
            single=measured("single", "single posts, durable") / BENCH_CORES,
            batched=measured("batches", "batches of 100") / BENCH_CORES,
            landed=measured("lander", "landing 1,500,000 events"),
            landed_later=measured("growth", "landing with 10 M events stored, new ids"),
            lander_mb=measured("lander", "the lander's peak memory"),
            service_mb=measured("box", "its memory in the last quarter"),
            stored=measured("box", "disk for a million interactions") * 1e9 / 1e6 / EVENTS_STORED,
        )


@dataclass(frozen=True)
class Plan:
    """What serves so many events a second."""

    rate: int
    single_cores: int
    batched_cores: int
    collectors: int
    """Of two cores each, where every event comes alone."""
    landers: int
    partitions: int
    network: float
    """Bits a second into the collectors, without headers."""
    kafka: float
    """Bytes that the topics keep, all copies, as they come: lz4 makes less of them."""
    stored: float
    """Bytes that a day adds to the warehouse."""

    @classmethod
    def of(cls, rate: int, costs: Costs) -> Plan:
        """Plan each part at half of what it bears; never fewer than two collectors and three partitions."""
        single = ceil(HEADROOM * rate / costs.single)
        return cls(
            rate=rate,
            single_cores=single,
            batched_cores=ceil(HEADROOM * rate / costs.batched),
            collectors=max(2, ceil(single / 2)),
            landers=ceil(HEADROOM * rate / costs.landed_later),
            partitions=REPLICAS * ceil(HEADROOM * rate * EVENT_BYTES / PARTITION_BYTES / REPLICAS),
            network=rate * EVENT_BYTES * 8,
            kafka=rate * EVENT_BYTES * DAY * KEPT_DAYS * REPLICAS,
            stored=rate * DAY * costs.stored,
        )

    def cells(self) -> Iterator[str]:
        """The cells of a row."""
        yield f"{self.rate:,}"
        yield f"{self.single_cores:,} / {self.batched_cores:,}"
        yield f"{self.collectors:,}"
        yield f"{self.partitions:,}"
        yield f"{self.landers:,}"
        yield f"{short(self.network / 1e6)} Mbit/s"
        yield f"{short(self.kafka / 1e12)} TB"
        yield f"{short(self.stored / 1e9)} GB"


def inputs(costs: Costs) -> str:
    """The table of what was measured."""
    rows = [
        ("a core of a collector, one event a post", f"{short(costs.single)} events/s", "`single`"),
        ("a core of a collector, 100 events a post", f"{short(costs.batched)} events/s", "`batches`"),
        ("one lander", f"{short(costs.landed)} events/s", "`lander`"),
        ("one lander, with 10 million events stored", f"{short(costs.landed_later)} events/s", "`growth`"),
        ("the most memory of a lander", f"{short(costs.lander_mb)} MB", "`lander`"),
        ("memory of the whole service on one core at 500 events/s", f"{short(costs.service_mb)} MB", "`box`"),
        ("disk of an event, the published copy with it", f"{short(costs.stored)} bytes", "`box`"),
    ]
    return _table(("what", "figure", "line of the bench"), rows)


def plans(costs: Costs) -> str:
    """The table of what each load takes."""
    head = (
        "events/s", "cores of collectors, single / batched", "collectors of 2 cores", "partitions", "landers",
        "network in", f"Kafka's disks, {KEPT_DAYS} days in {REPLICAS} copies", "warehouse, a day",
    )  # fmt: skip
    return _table(head, [tuple(Plan.of(rate, costs).cells()) for rate in RATES])


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))
