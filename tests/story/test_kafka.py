"""The same way with Kafka between the collector and the lander."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from uuid import uuid4

import pytest
from broker import Broker
from cluster import PASSWORD, USER, Cluster
from processes import wait_until
from sayso import Client
from service import Service

pytestmark = [
    pytest.mark.usefixtures("sockets_collected"),
    pytest.mark.kafka,
    pytest.mark.filterwarnings("ignore:(read|open)_text is deprecated:DeprecationWarning"),
]


def test_events_pass_through_a_real_broker_and_land_once(kafka_broker: Broker, tmp_path: Path) -> None:
    """Sent by the SDK, some twice, and the lander killed on the way."""
    service = Service(tmp_path / "data", "--log", kafka_broker.url(f"story-{uuid4().hex[:8]}"))
    with Client(service.url, service.secret) as client:
        ids = {client.thumb(f"m{n}", value="up", actor="a") for n in range(300)}
        assert client.flush(30)
        assert client.stats().delivered == 300
    again = service.send(service.secret, target="twice")
    service.send(service.secret, id=again, target="twice")
    os.kill(service.room("land"), signal.SIGKILL)
    wait_until(lambda: landed(service) == ids | {again}, seconds=60, what="every event landed")
    assert service.query("SELECT count(*) - count(DISTINCT event_id) FROM events") == [(0,)]
    assert service.query("SELECT count(*) FROM verdicts") == [(301,)]
    assert service.stop() == 0


def landed(service: Service) -> set[str]:
    return {str(event_id) for (event_id,) in service.query("SELECT event_id FROM events")}


def test_a_service_signs_in_over_tls_with_a_password_from_a_file_and_shows_it_nowhere(
    kafka_cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "kafka-password"
    secret.write_text(f"{PASSWORD}\n")
    secret.chmod(0o600)
    monkeypatch.setenv("SAYSO_KAFKA_PASSWORD_FILE", str(secret))
    log = f"kafka://{kafka_cluster.servers('SASL_TLS')}/story-{uuid4().hex[:8]}"
    ways = ["--kafka-security", "sasl_tls", "--kafka-ca", kafka_cluster.certificates.ca, "--kafka-user", USER]
    service = Service(tmp_path / "data", "--log", log, *ways, "--log-level", "debug")
    sent = service.send(service.secret)
    wait_until(lambda: service.landed(sent), what="the event landed")

    seen = [
        Path(f"/proc/{pid}/{what}").read_bytes().decode()
        for pid in service.processes()
        for what in ("cmdline", "environ")
    ]
    service.stop()
    assert not any(PASSWORD in text for text in (service.out, service.err, *seen))
