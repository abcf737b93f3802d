"""What only the log in Kafka has to do: bounded time without a broker, partitions, topics that change underneath."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import uuid4

import pytest
from broker import Broker
from sayso_ingest.errors import LogGap, LogUnavailable
from sayso_ingest.eventlog.kafka_reader import KafkaReader
from sayso_ingest.eventlog.kafka_writer import KafkaWriter
from sayso_ingest.eventlog.security import Brokers, Security
from sayso_ingest.record import NOTHING

# kafka-python reads its own protocol files in a way that Python 3.11 and 3.12 call deprecated, and leaves the
# sockets of connections that failed to the garbage collector.
pytestmark = [
    pytest.mark.usefixtures("sockets_collected"),
    pytest.mark.filterwarnings("ignore:(read|open)_text is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]

EVERYTHING = 1 << 40
APPEND_WITHIN = 8.5 + 2.5
"""Seconds: the deadline, and what one call into the library may take beyond it."""


@pytest.fixture(params=["nobody listens", "nobody answers"])
def dead_address(request: pytest.FixtureRequest) -> Iterator[str]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if request.param == "nobody answers":
            server.listen(100)
        yield f"127.0.0.1:{server.getsockname()[1]}"


def test_without_a_broker_appends_end_in_time_and_say_so_once(
    dead_address: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = set(threading.enumerate())
    writer = KafkaWriter(Brokers(dead_address), "p.shop")

    began = time.monotonic()
    assert writer.append([b"a", b"b"]) == [False, False]
    assert time.monotonic() - began < APPEND_WITHIN
    assert writer.append([b"a"]) == [False]
    assert writer.problem() == "its brokers do not answer, or do not let it in (KafkaConnectionError)"
    writer.close()

    ours = [record for record in caplog.records if record.name.startswith("sayso_ingest")]
    assert len(ours) == 1
    assert dead_address in ours[0].getMessage()
    assert set(threading.enumerate()) <= before


def test_without_a_broker_reads_say_that_the_log_is_unavailable(dead_address: str) -> None:
    before = set(threading.enumerate())
    reader = KafkaReader(Brokers(dead_address), "p.shop", wait_seconds=1)

    with pytest.raises(LogUnavailable, match=rf"p\.shop at {dead_address}"):
        reader.read({}, max_bytes=EVERYTHING)
    reader.close()

    assert set(threading.enumerate()) <= before


def test_the_library_is_told_a_password_and_writes_it_nowhere(
    dead_address: str, caplog: pytest.LogCaptureFixture
) -> None:
    """By itself it would, at the level at which it writes down all that it does and sends."""
    caplog.set_level(logging.DEBUG)
    writer = KafkaWriter(
        Brokers(dead_address, Security("sasl", sasl="PLAIN", user="ana", password="hidden")), "p.x"
    )
    assert writer.append([b"x"]) == [False]
    assert dead_address in caplog.text
    assert "hidden" not in caplog.text


@pytest.fixture
def topic() -> str:
    return f"t{uuid4().hex[:12]}.shop"


@pytest.fixture
def admin(kafka_broker: Broker) -> Iterator[Any]:
    from kafka import KafkaAdminClient

    with closing(KafkaAdminClient(bootstrap_servers=kafka_broker.address)) as client:
        yield client


@pytest.fixture
def writer(kafka_broker: Broker, topic: str) -> Iterator[KafkaWriter]:
    with closing(KafkaWriter(Brokers(kafka_broker.address), topic)) as opened:
        yield opened


@pytest.fixture
def reader(kafka_broker: Broker, topic: str) -> Iterator[KafkaReader]:
    with closing(KafkaReader(Brokers(kafka_broker.address), topic, refresh_seconds=0.2)) as opened:
        yield opened


def land(reader: KafkaReader, positions: dict[str, int]) -> list[bytes]:
    payloads = []
    while entries := reader.read(positions, max_bytes=EVERYTHING):
        for entry in entries:
            positions[entry.source] = entry.offset + 1
            payloads.append(entry.payload)
    return sorted(payloads)


def await_landing(reader: KafkaReader, positions: dict[str, int], count: int) -> list[bytes]:
    payloads: list[bytes] = []
    deadline = time.monotonic() + 30
    while len(payloads) < count:
        assert time.monotonic() < deadline, f"{len(payloads)} of {count} came"
        try:
            payloads += land(reader, positions)
        except LogUnavailable:
            continue
    return sorted(payloads)


@pytest.mark.kafka
def test_a_source_names_cluster_topic_and_partition(
    writer: KafkaWriter, reader: KafkaReader, admin: Any, topic: str
) -> None:
    writer.append([b"a"])
    (entry,) = reader.read({}, max_bytes=EVERYTHING)

    described = admin.describe_topics([topic])[0]
    cluster = admin.describe_cluster()["cluster_id"]
    assert entry.source.startswith(f"{cluster}/{described['topic_id']}/")
    assert int(entry.source.rpartition("/")[2]) in range(len(described["partitions"]))


@pytest.mark.kafka
def test_partitions_that_are_added_later_are_read_from_their_beginning(
    writer: KafkaWriter, reader: KafkaReader, admin: Any, topic: str
) -> None:
    positions: dict[str, int] = {}
    writer.append([b"a"])
    assert land(reader, positions) == [b"a"]

    admin.create_partitions({topic: 6})
    writer.close()  # a new producer knows all partitions at once
    records = [b"b%03d" % n for n in range(100)]
    assert all(writer.append(records))

    assert await_landing(reader, positions, 100) == records
    assert len(positions) > 2


@pytest.mark.kafka
def test_looking_at_a_log_makes_no_topic(reader: KafkaReader, admin: Any, topic: str) -> None:
    assert (reader.read({}, max_bytes=1), reader.behind({})) == ([], 0)
    assert topic not in admin.list_topics()


@pytest.mark.kafka
def test_records_that_expired_before_they_were_landed_are_a_gap(
    writer: KafkaWriter, reader: KafkaReader, admin: Any, topic: str, caplog: pytest.LogCaptureFixture
) -> None:
    from kafka import TopicPartition

    positions: dict[str, int] = {}
    writer.append([b"a"] * 100)
    for entry in reader.read({}, max_bytes=10):
        positions[entry.source] = entry.offset + 1
    admin.delete_records({TopicPartition(topic, partition): 20 for partition in range(3)})
    reader.close()  # with it goes what has come already, and would land

    with pytest.raises(LogGap, match=r"expired before .* landed.*sayso log accept"):
        reader.read(positions, max_bytes=EVERYTHING)
    accepted = {gap.source: gap.to for gap in reader.gaps(positions) if gap.to is not None}
    assert set(accepted.values()) == {20}
    assert land(reader, positions | accepted).count(b"a") == 40
    landed = land(reader, {})
    assert landed.count(b"a") == 40, "a warehouse that is new begins with what is there"
    assert landed.count(NOTHING) == 3, "and with where each partition began"
    assert "expired before they were landed" in caplog.text


@pytest.mark.kafka
def test_records_that_expire_while_they_are_read_are_a_gap_told_in_full(
    writer: KafkaWriter, reader: KafkaReader, admin: Any, topic: str
) -> None:
    """Where a read goes on from the last one, it is the broker that says that they are gone."""
    from kafka import TopicPartition

    positions: dict[str, int] = {}
    writer.append([b"a"] * 100)
    assert len(land(reader, positions)) == 100
    writer.append([b"b"] * 100)
    admin.delete_records({TopicPartition(topic, partition): -1 for partition in range(3)})

    writer.append([b"c"] * 100)
    with pytest.raises(LogGap, match=r"expired before .* landed.*sayso log accept"):
        reader.read(positions, max_bytes=EVERYTHING)


@pytest.mark.kafka
def test_a_read_takes_what_several_answers_of_a_broker_hold(writer: KafkaWriter, reader: KafkaReader) -> None:
    records = [os.urandom(900_000) for _ in range(30)]
    assert all(writer.append(records))

    entries = reader.read({}, max_bytes=20_000_000)

    assert len(entries) == 20_000_000 // 900_000


@pytest.mark.kafka
def test_more_bytes_than_may_be_in_flight_are_sent_bit_by_bit(
    kafka_broker: Broker,
    topic: str,
    reader: KafkaReader,
) -> None:
    records = [b"%02d" % n * 200 for n in range(30)]
    with closing(KafkaWriter(Brokers(kafka_broker.address), topic, in_flight_bytes=1000)) as writer:
        assert writer.append(records) == [True] * 30

    assert land(reader, {}) == records


@pytest.mark.kafka
def test_a_record_that_is_too_large_is_not_said_to_be_durable(
    writer: KafkaWriter, reader: KafkaReader
) -> None:
    assert writer.append([b"a", b"x" * 2_000_000]) == [True, False]
    assert land(reader, {}) == [b"a"]


@pytest.mark.kafka
def test_a_broker_that_hangs_means_false_in_time_and_then_it_goes_on_by_itself(
    kafka_broker: Broker,
    writer: KafkaWriter,
    reader: KafkaReader,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, "sayso_ingest")
    positions: dict[str, int] = {}
    assert writer.append([b"before"]) == [True]
    assert land(reader, positions) == [b"before"]

    os.kill(kafka_broker.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert writer.append([b"meanwhile"]) == [False]
        assert time.monotonic() - began < APPEND_WITHIN
        assert "answer" in writer.problem()
        with pytest.raises(LogUnavailable):
            reader.read(positions, max_bytes=EVERYTHING)
    finally:
        os.kill(kafka_broker.pid, signal.SIGCONT)

    deadline = time.monotonic() + 30
    while writer.append([b"after"]) != [True]:
        assert time.monotonic() < deadline
    assert b"after" in await_landing(reader, positions, 1)
    assert "can be appended to again" in caplog.text


FORK = """
import os, sys, warnings
warnings.simplefilter("ignore")
from sayso_ingest.eventlog.kafka_writer import KafkaWriter
from sayso_ingest.eventlog.security import Brokers

writer = KafkaWriter(Brokers(sys.argv[1]), sys.argv[2])
assert writer.append([b"parent before"]) == [True]
child = os.fork()
if child == 0:
    assert writer.append([b"child"]) == [True]
    writer.close()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert writer.append([b"parent after"]) == [True]
writer.close()
"""


@pytest.mark.kafka
def test_a_forked_child_connects_on_its_own(kafka_broker: Broker, topic: str, reader: KafkaReader) -> None:
    command = [sys.executable, "-c", FORK, kafka_broker.address, topic]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 0, done.stderr
    assert land(reader, {}) == [b"child", b"parent after", b"parent before"]
