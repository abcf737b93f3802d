"""A real broker for a line, and what kafka-python does by itself with the log's own settings.

One broker on the cores that are measured: what several machines would do together it does not say.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from broker import Broker, can_run, running_broker
from sayso_ingest.errors import SaysoError
from sayso_ingest.eventlog.kafka_writer import KafkaWriter
from sayso_ingest.eventlog.security import Brokers

WRITERS = 2
"""Processes, as the collector has."""


@contextmanager
def broker() -> Iterator[Broker]:
    """Run a broker for the block."""
    if not can_run():
        raise SaysoError("This line needs a Kafka broker. Get one with: make test-kafka")
    with (
        tempfile.TemporaryDirectory(prefix="sayso-bench-", ignore_cleanup_errors=True) as folder,
        running_broker(Path(folder)) as running,
    ):
        yield running


def raw_sends(address: str, records: Sequence[bytes], seconds: float, *, at_once: int) -> float:
    """Records a second that kafka-python writes durably, so many at once, in as many processes as a collector has."""
    with multiprocessing.get_context("fork").Pool(WRITERS) as pool:
        rates = pool.starmap(
            _send, [(address, f"raw{n}.x", records, seconds, at_once) for n in range(WRITERS)]
        )
    return sum(rates)


def _send(address: str, topic: str, records: Sequence[bytes], seconds: float, at_once: int) -> float:
    writer = KafkaWriter(Brokers(address), topic)
    assert all(writer.append(records[:at_once]))
    producer = writer._connected()
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        futures = [producer.send(topic, records[(count + n) % len(records)]) for n in range(at_once)]
        for future in futures:
            future.get(timeout=10)
        count += at_once
    took = time.perf_counter() - began
    writer.close()
    return count / took
