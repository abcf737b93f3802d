"""The log and three brokers by TLS and signing in. What they do when one is killed: `chaos/test_kafka_faults.py`."""

from __future__ import annotations

import logging
from contextlib import closing
from dataclasses import replace
from uuid import uuid4

import pytest
from cluster import PASSWORD, Cluster
from sayso_ingest.errors import LogUnavailable
from sayso_ingest.eventlog.kafka_reader import KafkaReader
from sayso_ingest.eventlog.kafka_writer import KafkaWriter
from sayso_ingest.eventlog.security import Brokers, Security

pytestmark = [
    pytest.mark.usefixtures("sockets_collected"),
    pytest.mark.kafka,
    pytest.mark.filterwarnings("ignore:(read|open)_text is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:unclosed <s(sl|ocket):ResourceWarning"),
]
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


@pytest.mark.parametrize("sasl", ["SCRAM-SHA-512", "PLAIN"])
def test_a_wrong_password_is_said_to_be_one_and_not_shown(
    kafka_cluster: Cluster, topic: str, sasl: str, caplog: pytest.LogCaptureFixture
) -> None:
    right = kafka_cluster.brokers("sasl_tls", sasl)
    wrong = replace(right, security=replace(right.security, password="quite-wrong"))
    with closing(KafkaWriter(wrong, topic)) as writer:
        assert writer.append([b"a"]) == [False]
    with closing(KafkaReader(wrong, topic)) as reader, pytest.raises(LogUnavailable, match="Authentication"):
        reader.read({}, max_bytes=1)
    assert "Authentication" in caplog.text
    assert "quite-wrong" not in caplog.text


def test_a_broker_whose_certificate_no_known_authority_has_signed_is_not_spoken_to(
    kafka_cluster: Cluster, topic: str, caplog: pytest.LogCaptureFixture
) -> None:
    servers = kafka_cluster.servers("SASL_TLS")
    stranger = Security("sasl_tls", sasl="PLAIN", user="sayso", password=PASSWORD)
    with closing(KafkaWriter(Brokers(servers, stranger), topic)) as writer:
        assert writer.append([b"a"]) == [False]
    assert "CERTIFICATE_VERIFY_FAILED" in caplog.text
