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
EVENT_BYTES = 562
"""Of the events of the line `batches`."""
EVENTS_STORED = 3
"""Of each interaction of the line `box`: itself, that it was seen, and a thumb; a comment now and then is left out."""
KEPT_DAYS = 7
REPLICAS = 3
COLLECTOR_CORES = 2
LANDER_MB = 1_000
"""Planned for a lander; it was measured to take less."""
DAY = 86_400


def measured(line: str, what: str) -> float:
    """A figure of the bench: the first of a line whose words begin so."""
    figures = json.loads(LATEST.read_text())["lines"][line]["figures"]
    return next(float(figure["value"]) for figure in figures if figure["what"].startswith(what))


@dataclass(frozen=True)
class Costs:
    """What one core or one process was measured to bear, and what an event weighs."""

    single: float
    """Processor time of a collector, in µs, for an event that comes alone and goes into Kafka."""
    batched: float
    """The same where 100 come in a post."""
    broker_single: float
    """Processor time of the broker that leads, for an event that came alone."""
    broker_batched: float
    partition: float
    """Events a second that one partition took, the load and the broker on the same cores."""
    topic: float
    """Bytes of an event in the topic, with lz4, where 100 come in a post."""
    collector_mb: float
    lander_cpu: float
    """Processor time of a lander, in µs, for an event from Kafka."""
    landed: float
    """Events a second that one lander lands, publishing as it goes."""
    landed_later: float
    """The same with 10 million stored."""
    lander_mb: float
    service_mb: float
    stored: float
    """Bytes of an event on the lander's disk: its own file and the published copy."""
    box_single: float
    """Events a second that one box without Kafka takes where each comes alone, the load on the same two cores."""
    box_batched: float
    """The same where 100 come in a post."""

    @property
    def box_alone(self) -> int:
        """Events a second that one box is planned for where each comes alone."""
        return int(min(self.box_single, self.landed_later) / HEADROOM)

    @property
    def box_in_batches(self) -> int:
        """The same in batches: landing them gives way before taking them does."""
        return int(min(self.box_batched, self.landed_later) / HEADROOM)

    @property
    def a_lander(self) -> int:
        """Events a second of one project that its lander is planned for."""
        return int(self.landed_later / HEADROOM)

    @classmethod
    def latest(cls) -> Costs:
        """What `make bench` measured last."""
        return cls(
            single=measured("brokered", "a collector, one a post"),
            batched=measured("brokered", "a collector, 100 a post"),
            broker_single=measured("brokered", "the broker, one a post"),
            broker_batched=measured("brokered", "the broker, 100 a post"),
            partition=measured("brokered", "a partition took, 100 a post"),
            topic=measured("brokered", "in the topic, 100 a post"),
            collector_mb=measured("brokered", "memory of a collector"),
            lander_cpu=measured("brokered", "a lander, from Kafka"),
            landed=measured("lander", "landing 1,500,000 events"),
            landed_later=measured("growth", "landing with 10 M events stored, new ids"),
            lander_mb=measured("lander", "the lander's peak memory"),
            service_mb=measured("box", "its memory in the last quarter"),
            stored=measured("box", "disk for a million interactions") * 1e9 / 1e6 / EVENTS_STORED,
            box_single=measured("single", "single posts, durable, 64 connections"),
            box_batched=measured("batches", "batches of 100, durable, validated, 562 bytes an event"),
        )


@dataclass(frozen=True)
class Plan:
    """What serves so many events a second."""

    rate: int
    one_box: str
    """Whether one box of two cores without Kafka does for it, where events come alone and where in batches."""
    single_cores: int
    batched_cores: int
    collectors: int
    """Of two cores each, where every event comes alone."""
    partitions: int
    broker_cores: int
    """Of all brokers together, where every event comes alone."""
    landers: int
    memory: float
    """Bytes of collectors and landers."""
    network: float
    """Bits a second into the collectors, without headers."""
    replicated: float
    """Bits a second from collectors to brokers, between these, and to the lander."""
    kafka: float
    """Bytes that the topics keep, all copies."""
    stored: float
    """Bytes that a day adds to the warehouse."""

    @classmethod
    def of(cls, rate: int, costs: Costs) -> Plan:
        """Plan each part at half of what it bears; never fewer than two collectors, three partitions and brokers."""
        single = _cores(rate, costs.single)
        collectors, landers = (
            max(2, ceil(single / COLLECTOR_CORES)),
            ceil(HEADROOM * rate / costs.landed_later),
        )
        return cls(
            rate=rate,
            one_box=" / ".join(
                "enough" if rate <= most else "too small" for most in (costs.box_alone, costs.box_in_batches)
            ),
            single_cores=single,
            batched_cores=_cores(rate, costs.batched),
            collectors=collectors,
            partitions=REPLICAS * ceil(HEADROOM * rate / costs.partition / REPLICAS),
            broker_cores=max(REPLICAS, REPLICAS * _cores(rate, costs.broker_single)),
            landers=landers,
            memory=(collectors * costs.collector_mb + landers * LANDER_MB) * 1e6,
            network=rate * EVENT_BYTES * 8,
            replicated=rate * costs.topic * 8 * (REPLICAS + 1),
            kafka=rate * costs.topic * DAY * KEPT_DAYS * REPLICAS,
            stored=rate * DAY * costs.stored,
        )

    def cells(self) -> Iterator[str]:
        """The cells of a row."""
        yield f"{self.rate:,}"
        yield self.one_box
        yield f"{self.single_cores:,} / {self.batched_cores:,}"
        yield f"{self.collectors:,}"
        yield f"{self.partitions:,}"
        yield f"{self.broker_cores:,}"
        yield f"{self.landers:,}"
        yield f"{short(self.memory / 1e9)} GB"
        yield f"{short(self.network / 1e6)} Mbit/s"
        yield f"{short(self.replicated / 1e6)} Mbit/s"
        yield f"{short(self.kafka / 1e12)} TB"
        yield f"{short(self.stored / 1e9)} GB"


def _cores(rate: int, microseconds: float) -> int:
    return ceil(HEADROOM * rate * microseconds / 1e6)


def inputs(costs: Costs) -> str:
    """The table of what was measured."""
    rows = [
        ("a collector into Kafka, one event a post", f"{short(costs.single)} µs of a core", "`brokered`"),
        ("a collector into Kafka, 100 events a post", f"{short(costs.batched)} µs of a core", "`brokered`"),
        (
            "the broker that leads, one event a post",
            f"{short(costs.broker_single)} µs of a core",
            "`brokered`",
        ),
        (
            "the broker that leads, 100 events a post",
            f"{short(costs.broker_batched)} µs of a core",
            "`brokered`",
        ),
        ("one partition took at least", f"{short(costs.partition)} events/s", "`brokered`"),
        ("an event in the topic, with lz4", f"{short(costs.topic)} bytes", "`brokered`"),
        ("memory of a collector", f"{short(costs.collector_mb)} MB", "`brokered`"),
        ("a lander from Kafka, without publishing", f"{short(costs.lander_cpu)} µs of a core", "`brokered`"),
        ("one lander, publishing as it goes", f"{short(costs.landed)} events/s", "`lander`"),
        ("one lander, with 10 million events stored", f"{short(costs.landed_later)} events/s", "`growth`"),
        ("the most memory of a lander", f"{short(costs.lander_mb)} MB", "`lander`"),
        ("one box without Kafka, one event a post", f"{short(costs.box_single)} events/s", "`single`"),
        ("one box without Kafka, 100 events a post", f"{short(costs.box_batched)} events/s", "`batches`"),
        ("memory of the whole service on one core at 500 events/s", f"{short(costs.service_mb)} MB", "`box`"),
        ("disk of an event, the published copy with it", f"{short(costs.stored)} bytes", "`box`"),
    ]
    return _table(("what", "figure", "line of the bench"), rows)


def limits(costs: Costs) -> str:
    """The loads at which the first part is to be given another one."""
    return (
        f"**One box** of two cores, without Kafka, is planned for {costs.box_alone:,} events/s where each comes alone, "
        "as widgets send them, and for\n"
        f"{costs.box_in_batches:,} where back ends send them in batches. **One lander**, of one project, is planned "
        f"for {costs.a_lander:,} events/s, wherever it runs."
    )


def plans(costs: Costs) -> str:
    """The table of what each load takes."""
    head = (
        "events/s", "one box of 2 cores, single / batched", "cores of collectors, single / batched",
        "collectors of 2 cores", "partitions", "cores of brokers, all together", "landers",
        "memory of collectors and landers", "network in", "network of Kafka",
        f"Kafka's disks, {KEPT_DAYS} days in {REPLICAS} copies", "warehouse, a day",
    )  # fmt: skip
    return _table(head, [tuple(Plan.of(rate, costs).cells()) for rate in RATES])


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))
