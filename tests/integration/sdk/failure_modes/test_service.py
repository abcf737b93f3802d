"""Modes 20, 21 and 32 against the real service: what ends up in DuckDB, and how often."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
import sayso
from processes import wait_until
from service import Service
from serving import answering

pytestmark = pytest.mark.slow


class Forgetful(ThreadingHTTPServer):
    """Stands before a collector: passes every batch on, and loses the answer as often as it is told."""

    def __init__(self, collector: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.collector = collector
        self.to_lose = 0
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Forgetful

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name: self.headers[name] for name in ("Authorization", "Content-Type", "Content-Encoding")}
        answer = requests.post(
            self.server.collector + self.path, data=body, headers=headers, allow_redirects=False, timeout=10
        )
        if self.server.to_lose:
            self.server.to_lose -= 1
            return
        self.send_response(answer.status_code)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    started = Service(tmp_path_factory.mktemp("failure_modes") / "data")
    yield started
    started.stop()


@pytest.fixture
def forgetful(service: Service) -> Iterator[Forgetful]:
    server = Forgetful(service.url)
    with answering(server):
        yield server


def landed(service: Service, question: str, count: int) -> list[tuple[Any, ...]]:
    """Wait until so many rows are published, and return them."""
    wait_until(lambda: len(service.query(question)) >= count, seconds=60, what=question)
    return service.query(question)


def test_mode_20_what_was_stored_though_the_answer_was_lost_lands_once(
    service: Service, forgetful: Forgetful
) -> None:
    forgetful.to_lose = 2
    with sayso.Client(forgetful.url, service.secret, limits=sayso.Limits(linger=0.05)) as client:
        ids = {client.thumb(f"lost_{number}", value="up", actor="u_1") for number in range(20)}
        ids |= {client.interaction("lost_0", input="x" * 2000, output="y")}
        assert client.flush(20)
        assert client.stats().delivered == 21
        assert client.stats().retried >= 21
        last = client.signal("after_lost", name="copied")
        assert client.flush(20)
    wait_until(lambda: service.landed(last), seconds=60)
    rows = service.query("SELECT event_id::VARCHAR FROM events WHERE target LIKE 'lost_%'")
    assert sorted(rows) == sorted((event_id,) for event_id in ids)


def test_mode_21_one_event_that_the_collector_refuses_takes_no_other_with_it(service: Service) -> None:
    """Its id is not one, which the client leaves to the collector to find."""
    ids = iter([f"00000000-0000-7000-8000-0000000000{number:02}" for number in range(1, 10)])
    broken = iter([False, False, True])
    with sayso.Client(
        service.url,
        service.secret,
        new_id=lambda _now: "no id" if next(broken, False) else next(ids),
    ) as client:
        for number in range(5):
            client.thumb(f"poison_{number}", value="up", actor="u_1")
        assert client.flush(20)
        assert client.stats() == sayso.Stats(
            5, delivered=4, waiting=0, dropped={"invalid_value": 1}, retried=0
        )
    rows = landed(service, "SELECT target FROM events WHERE target LIKE 'poison_%' ORDER BY target", 4)
    assert rows == [(f"poison_{number}",) for number in (0, 1, 3, 4)]
    assert landed(service, "SELECT reason FROM rejects", 1) == [("invalid_value",)]


def test_mode_32_a_thumb_that_is_changed_supersedes_the_first_across_midnight(service: Service) -> None:
    evening, morning = datetime(2026, 1, 14, 23, 59, tzinfo=UTC), datetime(2026, 1, 15, 0, 1, tzinfo=UTC)
    with sayso.Client(service.url, service.secret) as client:
        client.thumb("changed", value="up", actor="u_1", occurred_at=evening)
        client.thumb("changed", value="down", previous="up", actor="u_1", occurred_at=morning)
        client.thumb("changed", value="up", actor="u_2", occurred_at=evening)
        assert client.flush(20)
    question = "SELECT who, value FROM verdicts WHERE target = 'changed' ORDER BY who"
    landed(service, "SELECT 1 FROM events WHERE target = 'changed'", 3)
    assert service.query(question) == [("actor:u_1", "down"), ("actor:u_2", "up")]


def test_mode_32_the_same_event_sent_again_on_another_day_is_still_one(service: Service) -> None:
    """The client's day of sending plays no part in telling that two are the same."""
    event_id = "00000000-0000-7000-8000-000000000099"
    said = datetime(2026, 1, 14, 23, 59, tzinfo=UTC)
    for day in (14, 15):
        with sayso.Client(
            service.url,
            service.secret,
            new_id=lambda _now: event_id,
            now=lambda day=day: datetime(2026, 1, day, 23, 59, 30, tzinfo=UTC),  # type: ignore[misc]
        ) as client:
            client.thumb("again", value="up", actor="u_1", occurred_at=said)
            assert client.flush(20)
            assert client.stats().delivered == 1
            last = client.stats()
    with sayso.Client(service.url, service.secret) as client:
        after = client.signal("after_again", name="copied")
        assert client.flush(20)
    wait_until(lambda: service.landed(after), seconds=60)
    assert last.dropped == {}
    assert service.query("SELECT event_id::VARCHAR FROM events WHERE target = 'again'") == [(event_id,)]
    assert service.query("SELECT count(*) FROM rejects WHERE reason = 'id_reused'") == [(0,)]
