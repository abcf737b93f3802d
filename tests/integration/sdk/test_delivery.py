"""From a call to a collector over real HTTP, through what goes wrong on the way."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest
import sayso
from integration.sdk.loopback import Answer, Loopback
from sayso.testing import MemoryTransport


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


def test_a_server_that_is_not_there_yet_gets_everything_later(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = sayso.Client(f"http://127.0.0.1:{port}", "sk_1", limits=sayso.Limits(linger=0.0))
    client.thumb("msg_1", value="up")
    assert not client.flush(0.3)
    assert client.stats().waiting == 1
    assert [record.message for record in caplog.records] == [
        f"The collector at 127.0.0.1:{port} could not be reached (ConnectionError); is it up, and is SAYSO_URL right? "
        "Events wait and are sent again. "
        "Said once a minute at most; stats() has the counts."
    ]
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


@pytest.mark.parametrize("spooled", [False, True])
def test_the_sum_of_the_counts_holds_at_every_moment(tmp_path: Path, spooled: bool) -> None:
    memory = MemoryTransport()
    memory.fail(3)
    memory.reject("id_reused", "comment", times=3)
    client = sayso.Client(
        transport=memory,
        spool_dir=tmp_path if spooled else None,
        limits=sayso.Limits(events=20, linger=0.0),
        before_send=lambda event: None if event["target"] == "msg_3" else event,
    )
    done = threading.Event()
    wrong: list[sayso.Stats] = []

    def watch() -> None:
        while not done.is_set():
            stats = client.stats()
            if stats.recorded != stats.delivered + stats.waiting + sum(stats.dropped.values()):
                wrong.append(stats)

    watcher = threading.Thread(target=watch)
    watcher.start()
    for number in range(300):
        client.signal(f"msg_{number % 7}", name="copied" if number % 5 else "")
        client.comment(f"msg_{number % 7}", text="x")
    client.close(10)
    client.thumb("msg_1", value="up")
    done.set()
    watcher.join()
    assert not wrong
    assert client.stats().recorded == 601


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
