"""One attempt over real HTTP: what goes out, and how long and how large an answer may be."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator

import pytest
import sayso
from integration.sdk.loopback import Answer, Loopback
from sayso.deadline import Deadline
from sayso.transport import LARGEST_ANSWER, ZIPPED_FROM, HttpTransport, PrintTransport

SMALL = b'{"sent_at":"2026-01-15T10:00:00Z","events":[{"id":"a","kind":"thumb"}]}'


def batch_of(size: int) -> bytes:
    """An envelope of so many bytes."""
    head, tail = b'{"fill":"', b'","events":[{"id":"a","kind":"thumb"}]}'
    return head + b"x" * (size - len(head + tail)) + tail


@pytest.fixture
def transport(collector: Loopback) -> Iterator[HttpTransport]:
    made = HttpTransport(collector.url, "sk_1")
    yield made
    made.close()


@pytest.mark.parametrize(
    ("size", "encoding"), [(ZIPPED_FROM - 1, None), (ZIPPED_FROM, "gzip"), (500_000, "gzip")]
)
def test_a_batch_of_a_kilobyte_or_more_goes_out_compressed(
    collector: Loopback, transport: HttpTransport, size: int, encoding: str | None
) -> None:
    batch = batch_of(size)
    assert transport.send(batch).results == [sayso.Result("a", "accepted")]
    (request,) = collector.requests
    assert request.headers.get("Content-Encoding") == encoding
    assert request.headers["Accept-Encoding"] == "identity"
    assert request.envelope == json.loads(batch)
    assert encoding is None or int(request.headers["Content-Length"]) < size / 4


def test_attempts_share_a_connection(collector: Loopback, transport: HttpTransport) -> None:
    for _ in range(3):
        transport.send(SMALL)
    assert len({request.peer for request in collector.requests}) == 1


@pytest.mark.parametrize(
    "start",
    [
        b"H",
        b"HTTP/1.1 200 OK\r\nX-Header: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\n\r\n{",
    ],
    ids=["status line", "headers", "body", "body without a length"],
)
def test_an_answer_that_drips_is_given_up_when_the_time_for_the_attempt_is_over(
    collector: Loopback, transport: HttpTransport, start: bytes
) -> None:
    """Every byte comes well within a socket's own timeout, which would wait for ever."""
    collector.planned.append(Answer(drips=start))
    started = time.monotonic()
    with pytest.raises(sayso.TransportError, match="could not be reached"):
        transport.send(SMALL, timeout=0.3)
    assert time.monotonic() - started < 5
    assert transport.send(SMALL, timeout=5).status == 200


def test_a_proxy_that_drips_is_given_up_too(collector: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment names it; the collector's name is the proxy's to look up."""
    monkeypatch.setenv("http_proxy", collector.url)
    transport = HttpTransport("http://collector.example", "sk_1")
    assert transport.send(SMALL).status == 200
    assert collector.requests[0].path == "http://collector.example/v1/events"
    collector.planned.append(Answer(drips=b"HTTP/1.1 200 OK\r\nX-Header: "))
    with pytest.raises(sayso.TransportError):
        transport.send(SMALL, timeout=0.3)
    transport.close()


def test_the_time_for_an_attempt_begins_anew_with_each(collector: Loopback, transport: HttpTransport) -> None:
    ahead = 0.0
    transport._deadline = Deadline(lambda: time.monotonic() + ahead)
    transport.send(SMALL, timeout=5)
    ahead = 6.0
    assert transport.send(SMALL, timeout=5).status == 200


@pytest.mark.parametrize("size", [LARGEST_ANSWER + 1, 50 * LARGEST_ANSWER])
def test_an_answer_without_end_is_read_no_further_than_an_answer_can_be_long(
    collector: Loopback, transport: HttpTransport, size: int
) -> None:
    collector.planned.append(Answer(body=b" " * size))
    assert transport.send(SMALL) == sayso.Response(200, None)


def test_an_answer_that_unpacks_to_a_thousand_times_its_size_is_not_unpacked(
    collector: Loopback, transport: HttpTransport
) -> None:
    import gzip
    import tracemalloc

    bomb = gzip.compress(bytes(200 * LARGEST_ANSWER))
    collector.planned.append(Answer(body=bomb, headers=(("Content-Encoding", "gzip"),)))
    tracemalloc.start()
    try:
        assert transport.send(SMALL).results is None
        assert tracemalloc.get_traced_memory()[1] < 20 * LARGEST_ANSWER
    finally:
        tracemalloc.stop()


def test_the_body_of_a_refusal_is_not_waited_for(collector: Loopback, transport: HttpTransport) -> None:
    collector.planned.append(Answer(drips=b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\n\r\n<html>"))
    assert transport.send(SMALL, timeout=5) == sayso.Response(503, None, retry_after=7.0)


def test_printing_shows_every_event_as_a_line_of_json_and_takes_it() -> None:
    printed = io.StringIO()
    with sayso.Client(transport=PrintTransport(printed)) as client:
        sent = [client.thumb("msg_1", value="up"), client.comment("msg_1", text="schön\n\ud800")]
    events = [json.loads(line) for line in printed.getvalue().splitlines()]
    assert [event["id"] for event in events] == sent
    assert events[1]["body"] == {"text": "schön\n\ufffd"}
    assert "schön" in printed.getvalue()
    assert client.stats().delivered == 2


def test_printing_goes_to_standard_error_and_escapes_what_a_stream_cannot_say(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with sayso.Client(transport=PrintTransport()) as client:
        client.comment("msg_1", text="schön")
    assert "schön" in capsys.readouterr().err
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    with sayso.Client(transport=PrintTransport(narrow)) as client:
        client.comment("msg_1", text="schön")
    narrow.seek(0)
    assert json.loads(narrow.read())["body"] == {"text": "schön"}
    assert client.stats().delivered == 1
