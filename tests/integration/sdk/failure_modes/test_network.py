"""Modes 18 to 26: a collector that is away, slow, busy, in doubt, or not a collector at all."""

from __future__ import annotations

import json
import logging
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import sayso
from integration.sdk.loopback import Answer, Loopback
from processes import wait_until
from sayso.buffer import Buffer
from sayso.retry import LONGEST
from sayso.stamps import Stamps
from sayso.transport import HttpTransport

NOW_AND_THEN = [
    Answer(status=503),
    Answer(status=500, body=b"<html>"),
    Answer(status=429, headers=(("Retry-After", "0.05"),)),
    Answer(status=408),
    Answer(status=302, headers=(("Location", "http://127.0.0.1:9/login"),)),
    Answer(silent=True),
    Answer(body=b"<html>Welcome to the hotel</html>"),
    Answer(body=b'{"results": "yes"}'),
    Answer(body=b'{"results": []}'),
    Answer(body=b"\xff" * 100),
    Answer(silent=True, stores=True),
]


def test_mode_18_a_call_does_not_wait_while_the_collector_hangs(collector: Loopback) -> None:
    collector.otherwise = Answer(hold=True)
    client = sayso.Client(collector.url, "sk_1", limits=sayso.Limits(events=50, linger=0.0))
    started = time.monotonic()
    for _ in range(200):
        client.thumb("msg_1", value="up")
    assert time.monotonic() - started < 2
    stats = client.stats()
    assert stats.waiting == 50
    assert stats.dropped == {"queue_full": 150}
    started = time.monotonic()
    assert not client.close(0.2)
    assert time.monotonic() - started < 2
    assert client.stats().dropped == {"queue_full": 150, "unsent": 50}
    assert client.stats().waiting == 0


def test_mode_19_a_pause_that_the_collector_asks_for_is_kept(
    collector: Loopback, client: sayso.Client
) -> None:
    collector.planned.append(Answer(status=429, headers=(("Retry-After", "300"),)))
    client.thumb("msg_1", value="up")
    assert not client.flush(0.3)
    assert not client.flush(0.3)
    assert len(collector.requests) == 1


def test_mode_19_closing_does_not_wait_for_the_end_of_a_pause(
    collector: Loopback, client: sayso.Client
) -> None:
    collector.planned.append(Answer(status=503, headers=(("Retry-After", "300"),)))
    sent = client.thumb("msg_1", value="up")
    assert not client.flush(0.3)
    assert client.close(10)
    assert collector.ids == [sent]


def test_mode_21_only_what_was_refused_is_lost(
    collector: Loopback, client: sayso.Client, caplog: pytest.LogCaptureFixture
) -> None:
    ids = iter(["a", "b", "c"])
    client = sayso.Client(collector.url, "sk_1", new_id=lambda _now: next(ids))
    results = [
        {"id": "a", "status": "accepted"},
        {"id": "b", "status": "rejected", "reason": "id_reused", "detail": {"field": "id"}},
        {"id": "c", "status": "retry"},
    ]
    collector.planned.append(Answer(body=json.dumps({"results": results}).encode()))
    for _ in range(3):
        client.thumb("msg_1", value="up")
    assert client.flush(10)
    assert [[event["id"] for event in request.envelope["events"]] for request in collector.requests] == [
        ["a", "b", "c"],
        ["c"],
    ]
    assert client.stats() == sayso.Stats(3, delivered=2, waiting=0, dropped={"id_reused": 1}, retried=1)
    assert "sayso rejects list --reason" in caplog.text
    client.close()


@pytest.mark.parametrize("trouble", NOW_AND_THEN, ids=lambda answer: str(answer)[:60])
def test_mode_22_what_may_pass_is_sent_again_with_the_same_ids(
    collector: Loopback, client: sayso.Client, trouble: Answer
) -> None:
    collector.planned.append(trouble)
    ids = {client.thumb(f"msg_{number}", value="up") for number in range(5)}
    assert client.flush(10)
    assert set(collector.ids) == ids
    assert client.stats().delivered == 5
    assert client.stats().dropped == {}
    assert client.stats().retried >= 1


def test_mode_22_a_batch_that_is_too_large_is_halved_until_it_fits(collector: Loopback) -> None:
    collector.planned.extend([Answer(status=413), Answer(status=413), Answer(status=413)])
    client = sayso.Client(collector.url, "sk_1")
    ids = [client.thumb("msg_1", value="up") for _ in range(8)]
    assert client.flush(10)
    assert [len(request.envelope["events"]) for request in collector.requests] == [8, 4, 2, 1, 1, 2, 4]
    assert collector.ids == ids
    client.close()


def test_mode_22_one_event_that_is_too_large_for_a_proxy_does_not_hold_up_the_others(
    collector: Loopback,
) -> None:
    collector.planned.extend([Answer(status=413), Answer(status=413)])
    client = sayso.Client(collector.url, "sk_1")
    ids = [client.thumb("msg_1", value="up") for _ in range(2)]
    assert client.flush(10)
    assert collector.ids == ids[1:]
    assert client.stats().dropped == {"http_413": 1}
    client.close()


@pytest.mark.parametrize(
    ("status", "hint"), [(400, "same version"), (401, "SAYSO_KEY"), (403, "SAYSO_KEY"), (404, "no collector")]
)
def test_mode_22_a_batch_that_is_refused_is_counted_said_once_and_not_sent_again(
    collector: Loopback, client: sayso.Client, status: int, hint: str, caplog: pytest.LogCaptureFixture
) -> None:
    collector.planned.extend([Answer(status=status)] * 2)
    for _ in range(2):
        client.thumb("msg_1", value="up")
        assert client.flush(10)
    assert len(collector.requests) == 2
    assert client.stats().dropped == {f"http_{status}": 2}
    assert len(caplog.records) == 1
    assert hint in caplog.text
    assert "sk_1" not in caplog.text


def test_mode_23_a_wrong_key_slows_the_client_down(collector: Loopback) -> None:
    """A busy application would otherwise send its refused batches as fast as it records."""
    collector.otherwise = Answer(status=401)
    now = 0.0
    transport = HttpTransport(collector.url, "sk_wrong")
    buffer = Buffer(transport, Stamps(), limits=sayso.Limits(linger=0.0), clock=lambda: now)
    for requests in (1, 2):
        now += LONGEST
        for _ in range(200):
            buffer.record("thumb", "msg_1", {"value": "up"}, {})
        wait_until(lambda: buffer._shared.asleep and len(collector.requests) >= requests)  # noqa: B023
        assert len(collector.requests) == requests  # the time that it waits for stands still
    buffer.close(0)


def test_mode_26_times_never_go_back_when_the_clock_does(collector: Loopback) -> None:
    start = datetime(2026, 1, 15, 10, tzinfo=UTC)
    ticks = iter([0, 5, 3, 4, 9, *[10] * 50])
    client = sayso.Client(collector.url, "sk_1", now=lambda: start + timedelta(seconds=next(ticks)))
    for _ in range(4):
        client.thumb("msg_1", value="up")
    client.thumb("msg_1", value="up", occurred_at=start - timedelta(days=3))
    assert client.flush(10)
    times = [event["occurred_at"][11:19] for event in collector.stored]
    assert times == ["10:00:05", "10:00:05", "10:00:05", "10:00:09", "10:00:00"]
    client.close()


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        ("Wed, 21 Oct 2099 07:28:00 GMT", True),
        ("1000000000", True),
        ("soon", False),
        ("-5", False),
        ("nan", False),
    ],
)
def test_mode_19_a_pause_may_be_a_date_or_absurd_and_nonsense_is_none(
    collector: Loopback, client: sayso.Client, header: str, pause: bool
) -> None:
    collector.planned.append(Answer(status=503, headers=(("Retry-After", header),)))
    client.thumb("msg_1", value="up")
    assert client.flush(1 if pause else 10) is not pause
    assert client.close(10)
    assert collector.targets == ["msg_1"]


def test_mode_23_the_key_is_in_no_log_at_any_level(
    collector: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    collector.planned.extend([Answer(status=401), Answer(silent=True), Answer(body=b"<html>")])
    with caplog.at_level(logging.DEBUG), sayso.Client(collector.url, "sk_very_secret") as client:
        for _ in range(4):
            client.thumb("msg_1", value="up")
            client.flush(10)
        logging.getLogger().debug("%r %r", client, client.stats())
    assert "urllib3" in {record.name.partition(".")[0] for record in caplog.records}
    assert "secret" not in caplog.text


@pytest.mark.parametrize("trouble", [Answer(silent=True), Answer(status=503)], ids=["no answer", "503"])
def test_mode_24_an_attempt_is_one_request_for_no_layer_below_tries_again(
    collector: Loopback, trouble: Answer
) -> None:
    """Also on a connection that the collector has closed meanwhile."""
    transport = HttpTransport(collector.url, "sk_1")
    batch = b'{"events":[{"id":"a","kind":"thumb"}]}'
    transport.send(batch)
    collector.otherwise = trouble
    for number in range(2, 5):
        with suppress(sayso.TransportError):
            transport.send(batch)
        assert len(collector.requests) == number
    transport.close()


def test_mode_25_an_event_that_is_too_large_is_refused_with_a_reason_and_flush_still_ends(
    collector: Loopback, client: sayso.Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.comment("msg_1", text="x" * 70_000)
    client.interaction("msg_2", output="x" * 600_000)
    client.thumb("msg_3", value="up")
    assert client.flush(10)
    assert client.stats().dropped == {"too_large": 2}
    assert collector.targets == ["msg_3"]
    assert "xxx" not in caplog.text


def test_mode_26_a_clock_that_jumps_back_an_hour_holds_up_nothing_and_the_collector_can_tell(
    collector: Loopback,
) -> None:
    """Waits follow a clock that never jumps; `sent_at` is the time of day as this machine has it."""
    clock = {"ahead": timedelta()}
    client = sayso.Client(
        collector.url,
        "sk_1",
        limits=sayso.Limits(linger=0.05),
        now=lambda: datetime.now(UTC) + clock["ahead"],
    )
    client.thumb("before", value="up")
    clock["ahead"] = timedelta(hours=-1)
    client.thumb("after", value="up")
    collector.wait_for(lambda: len(collector.stored) == 2)
    sent_at = datetime.fromisoformat(collector.requests[-1].envelope["sent_at"])
    assert datetime.now(UTC) - sent_at > timedelta(minutes=59)
    assert client.close()
