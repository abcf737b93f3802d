"""The log and three brokers by TLS and signing in. What they do when one is killed: `chaos/test_kafka_faults.py`."""

from __future__ import annotations

import logging
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from cluster import NODES, PASSWORD, USER, Cluster, running_cluster
from processes import wait_until
from sayso_ingest.eventlog.kafka_reader import KafkaReader
from sayso_ingest.eventlog.kafka_writer import KafkaWriter
from sayso_ingest.eventlog.security import Brokers
from service import run

pytestmark = [
    pytest.mark.usefixtures("sockets_collected"),
    pytest.mark.kafka,
    pytest.mark.filterwarnings("ignore:(read|open)_text is deprecated:DeprecationWarning"),
]
NOT_NOW = {"no broker answers", "too few brokers are up that have a copy of its topic in step"}
WAYS = [
    ("plaintext", ""),
    ("tls", ""),
    ("sasl", "SCRAM-SHA-512"),
    ("sasl_tls", "SCRAM-SHA-512"),
    ("sasl_tls", "PLAIN"),
]


@pytest.fixture
def topic() -> str:
    return f"t{uuid4().hex[:12]}.shop"


def written_and_read(brokers: Brokers, topic: str) -> list[bytes]:
    with closing(KafkaWriter(brokers, topic)) as writer, closing(KafkaReader(brokers, topic)) as reader:
        assert writer.append([b"a", b"b"]) == [True, True]
        positions: dict[str, int] = {}
        payloads = []
        while entries := reader.read(positions, max_bytes=1 << 30):
            positions |= {entry.source: entry.offset + 1 for entry in entries}
            payloads += [entry.payload for entry in entries]
        return sorted(payloads)


@pytest.mark.parametrize(("kind", "sasl"), WAYS)
def test_records_pass_by_each_way_of_reaching_the_brokers(
    kafka_cluster: Cluster, topic: str, kind: str, sasl: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert written_and_read(kafka_cluster.brokers(kind, sasl), topic) == [b"a", b"b"]
    assert PASSWORD not in caplog.text


@pytest.mark.parametrize(
    ("way", "why"),
    [
        (("SCRAM-SHA-512", "quite-wrong", True), "Authentication failed"),
        (("PLAIN", "quite-wrong", True), "Authentication failed"),
        (("PLAIN", PASSWORD, False), "CERTIFICATE_VERIFY_FAILED"),
    ],
)
def test_brokers_that_let_nobody_in_or_cannot_be_trusted_are_told_of_with_the_reason(
    kafka_cluster: Cluster, tmp_path: Path, way: tuple[str, str, bool], why: str
) -> None:
    """A wrong password, and a certificate that no known authority has signed. Its sockets end with a process."""
    sasl, password, ca = way
    log = f"kafka://{kafka_cluster.servers('SASL_TLS')}/x"
    words = ["--kafka-security", "sasl_tls", "--kafka-sasl", sasl, "--kafka-user", USER, "--project", "shop"]
    words += ["--kafka-ca", kafka_cluster.certificates.ca] if ca else []

    def told() -> bool:
        done = run("log", "create", "--data", tmp_path, "--log", log, *words, SAYSO_KAFKA_PASSWORD=password)
        assert done.returncode == 1
        assert password not in done.stdout + done.stderr
        return why in done.stderr

    # A broker that has just begun may take longer for its first sign-in than a client waits for it.
    wait_until(told, what="the reason told")


def test_whoever_is_left_of_three_brokers_is_not_taken_for_a_log_that_takes_records(tmp_path: Path) -> None:
    """Of which a record needs two copies: also where nobody has tried one, and nobody is left to say who is gone."""
    with (
        running_cluster(tmp_path) as cluster,
        closing(KafkaWriter(cluster.brokers("sasl"), "t.shop")) as writer,
    ):
        assert writer.append([b"a"]) == [True]
        assert writer.problem() == ""
        for node in NODES[1:]:
            cluster.kill(node)
        assert writer.problem() in NOT_NOW
        assert writer.append([b"b"]) == [False]
        assert writer.problem()  # it connects anew by now, and may not come so far
        cluster.start(*NODES[1:])
        wait_until(lambda: writer.problem() == "", seconds=60, what="two brokers that are back")
        wait_until(lambda: writer.append([b"c"]) == [True], seconds=60, what="a record that is taken")
