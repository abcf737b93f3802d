"""From a call to a collector over real HTTP, through what goes wrong on the way."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time

import pytest
import sayso
from integration.sdk.loopback import Answer, Loopback

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


def test_events_arrive_with_the_key_in_the_header_and_a_time_of_sending(
    collector: Loopback, client: sayso.Client
) -> None:
    sent = client.thumb("msg_1", value="down", actor="u_12")
    assert client.flush(10)
    (request,) = collector.requests
    assert request.path == "/v1/events"
    assert request.headers["Authorization"] == "Bearer sk_1"
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["User-Agent"].startswith("sayso-python/")
    assert request.envelope["sent_at"].endswith("Z")
    assert collector.ids == [sent]
    assert client.stats() == sayso.Stats(recorded=1, delivered=1, waiting=0, dropped={}, retried=0)


def test_what_netrc_says_does_not_replace_the_key(
    collector: Loopback, client: sayso.Client, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = f"{tmp_path}/netrc"
    with open(netrc, "w") as file:  # noqa: PTH123
        file.write("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", netrc)
    client.thumb("msg_1", value="up")
    assert client.flush(10)
    assert collector.requests[0].headers["Authorization"] == "Bearer sk_1"


def test_a_thousand_events_arrive_in_order_and_in_batches(collector: Loopback) -> None:
    client = sayso.Client(collector.url, "sk_1")
    ids = [client.signal(f"msg_{number}", name="copied") for number in range(1000)]
    assert client.flush(20)
    assert collector.ids == ids
    assert max(len(request.envelope["events"]) for request in collector.requests) == 100
    assert [event["seq"] for event in collector.stored] == list(range(1000))
    client.close()


@pytest.mark.parametrize("trouble", NOW_AND_THEN, ids=lambda answer: str(answer)[:60])
def test_what_may_pass_is_sent_again_with_the_same_ids(
    collector: Loopback, client: sayso.Client, trouble: Answer
) -> None:
    collector.planned.append(trouble)
    ids = {client.thumb(f"msg_{number}", value="up") for number in range(5)}
    assert client.flush(10)
    assert set(collector.ids) == ids
    assert client.stats().delivered == 5
    assert client.stats().dropped == {}
    assert client.stats().retried >= 1


def test_a_server_that_is_not_there_yet_gets_everything_later(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = sayso.Client(f"http://127.0.0.1:{port}", "sk_1", limits=sayso.Limits(linger=0.0))
    client.thumb("msg_1", value="up")
    assert not client.flush(0.3)
    assert client.stats().waiting == 1
    assert [record.message for record in caplog.records] == [
        "The collector could not be reached (ConnectionError). Events wait and are sent again. "
        "Said once a minute at most; stats() has the counts."
    ]
    client.close(0)


def test_a_pause_that_the_collector_asks_for_is_kept(collector: Loopback, client: sayso.Client) -> None:
    collector.planned.append(Answer(status=429, headers=(("Retry-After", "300"),)))
    client.thumb("msg_1", value="up")
    assert not client.flush(0.3)
    assert not client.flush(0.3)
    assert len(collector.requests) == 1


def test_closing_does_not_wait_for_the_end_of_a_pause(collector: Loopback, client: sayso.Client) -> None:
    collector.planned.append(Answer(status=503, headers=(("Retry-After", "300"),)))
    sent = client.thumb("msg_1", value="up")
    assert not client.flush(0.3)
    assert client.close(10)
    assert collector.ids == [sent]


def test_only_what_was_refused_is_lost(
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
    assert "sayso ask reject_reasons" in caplog.text
    client.close()


def test_a_batch_that_is_too_large_is_halved_until_it_fits(collector: Loopback) -> None:
    collector.planned.extend([Answer(status=413), Answer(status=413), Answer(status=413)])
    client = sayso.Client(collector.url, "sk_1")
    ids = [client.thumb("msg_1", value="up") for _ in range(8)]
    assert client.flush(10)
    assert [len(request.envelope["events"]) for request in collector.requests] == [8, 4, 2, 1, 1, 2, 4]
    assert collector.ids == ids
    client.close()


def test_one_event_that_is_too_large_for_a_proxy_does_not_hold_up_the_others(collector: Loopback) -> None:
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
def test_a_batch_that_is_refused_is_counted_said_once_and_not_sent_again(
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


def test_a_wrong_key_slows_the_client_down(collector: Loopback) -> None:
    """A busy application would otherwise send its refused batches as fast as it records."""
    collector.otherwise = Answer(status=401)
    client = sayso.Client(collector.url, "sk_wrong", limits=sayso.Limits(linger=0.0))
    until = time.monotonic() + 2
    while time.monotonic() < until:
        client.thumb("msg_1", value="up")
        time.sleep(0.002)
    assert len(collector.requests) < 40
    client.close(0)


def test_what_was_lost_so_far_is_reported_with_the_next_batch_until_it_arrives(
    collector: Loopback, client: sayso.Client
) -> None:
    client.thumb("msg_1", value="sideways")  # type: ignore[arg-type]
    collector.planned.append(Answer(status=503))
    client.thumb("msg_1", value="up")
    assert client.flush(10)
    client.thumb("msg_1", value="down")
    assert client.flush(10)
    client.thumb("msg_1", value="sideways")  # type: ignore[arg-type]
    client.thumb("msg_1", value="up")
    assert client.flush(10)
    reports = [request.envelope.get("report") for request in collector.requests]
    assert [report and report["dropped"] for report in reports] == [
        {"invalid_value": 1},
        {"invalid_value": 1},
        None,
        {"invalid_value": 2},
    ]
    assert len({report["client"] for report in reports if report}) == 1


def test_a_call_does_not_wait_while_the_collector_hangs(collector: Loopback) -> None:
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


def test_everything_recorded_is_accounted_for_when_many_threads_record(collector: Loopback) -> None:
    collector.planned.extend([Answer(status=503)] * 3)
    client = sayso.Client(collector.url, "sk_1", limits=sayso.Limits(events=300, linger=0.01))

    def record() -> None:
        for number in range(200):
            client.thumb(f"msg_{number}", value="up" if number % 10 else "sideways")  # type: ignore[arg-type]

    threads = [threading.Thread(target=record) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert client.close(10)
    stats = client.stats()
    assert stats.recorded == 1000
    assert stats.recorded == stats.delivered + sum(stats.dropped.values())
    assert stats.delivered == len(set(collector.ids)) == len(collector.ids)
    assert 0 < stats.dropped["invalid_value"] <= 100  # the others found no room


def test_a_client_that_is_closed_counts_what_still_comes(
    collector: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    with sayso.Client(collector.url, "sk_1") as client:
        client.thumb("msg_1", value="up")
    assert len(collector.ids) == 1
    client.thumb("msg_1", value="down")
    assert client.stats().dropped == {"closed": 1}
    assert "after close()" in caplog.text
    assert client.flush(1)
    assert client.close(1)


def test_two_may_flush_and_close_at_once(collector: Loopback, client: sayso.Client) -> None:
    collector.planned.append(Answer(status=503))
    client.thumb("msg_1", value="up")
    answers: list[bool] = []
    threads = [
        threading.Thread(target=lambda act=act: answers.append(act(10)))
        for act in (client.flush, client.close, client.flush, client.close)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 4
    assert len(collector.ids) == 1


def test_a_client_that_nobody_holds_delivers_and_its_thread_ends(
    collector: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sayso.buffer.IDLE", 0.1)
    before = threading.enumerate()
    client = sayso.Client(collector.url, "sk_1", limits=sayso.Limits(linger=0.0))
    sent = client.thumb("msg_1", value="up")
    (thread,) = (
        thread for thread in threading.enumerate() if thread.name == "sayso" and thread not in before
    )
    del client
    collector.wait_for(lambda: sent in collector.ids)
    thread.join(5)
    assert thread not in threading.enumerate()


def test_recording_from_a_log_handler_of_our_own_logger_does_not_hang(
    collector: Loopback, client: sayso.Client
) -> None:
    class Recorder(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            client.comment("log", text=record.getMessage())

    handler = Recorder()
    logging.getLogger("sayso").addHandler(handler)
    try:
        client.thumb("msg_1", value="sideways")  # type: ignore[arg-type]
        assert client.flush(10)
        assert client.flush(10)  # what the handler has recorded meanwhile
    finally:
        logging.getLogger("sayso").removeHandler(handler)
    assert [event["kind"] for event in collector.stored] == ["comment"]


def test_times_never_go_back_when_the_clock_does(collector: Loopback) -> None:
    from datetime import UTC, datetime, timedelta

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
