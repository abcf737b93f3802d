"""A line to an endpoint: patient with what may pass, and it tells no secret and believes no certificate."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chat_server import says, serving
from model_server import BROKEN_OFF, SILENT, Answer, ModelServer, as_json, cut_off, dripping
from sayso_ingest.errors import ModelRefused, SaysoError, UsageError
from sayso_ingest.models import Address, Advice, Budget, ChatModel, Outcome, Price, Question, Usage
from sayso_ingest.settings import Settings

QUESTION = Question([{"role": "user", "content": "Is it?"}], max_tokens=50)
YES = says("Yes.")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving() as server:
        yield server


def model(server: ModelServer, *, url: str = "", **options: Any) -> ChatModel:
    advice = Advice("--model", "SAYSO_MODEL_KEY")
    return ChatModel(Address(url or server.url, "small"), advice=advice, **{"backoff": 0.001, **options})


def test_an_answer_that_drips_is_left_when_patience_ends_however_long_it_says_it_is(
    server: ModelServer,
) -> None:
    server.rule = dripping(says("x" * 50_000), server.over)
    begun = time.monotonic()
    reply = model(server, patience=0.5).ask(QUESTION)
    assert (reply.outcome, "was not done answering after 0.5 s" in reply.problem) == (
        Outcome.UNAVAILABLE,
        True,
    )
    assert time.monotonic() - begun < 3


def test_an_answer_that_drips_and_is_done_in_time_is_taken(server: ModelServer) -> None:
    server.next = [dripping(YES, server.over, every=0.0005)]
    assert model(server).ask(QUESTION).text == "Yes."


def test_patience_ends_also_where_nothing_is_answered(server: ModelServer) -> None:
    server.rule = lambda _: SILENT
    begun = time.monotonic()
    reply = model(server, patience=0.3, answer_within=20).ask(QUESTION)
    assert (reply.outcome, "after 0.3 s (asked once)" in reply.problem) == (Outcome.UNAVAILABLE, True)
    assert time.monotonic() - begun < 5


def test_time_in_the_queue_of_a_budget_takes_no_patience(server: ModelServer) -> None:
    budget = Budget(max_cost=1.0)
    first = budget.take(Usage())  # which goes alone, for nobody knows yet what it costs
    assert first is not None
    threading.Timer(1.0, budget.settle, [first, Usage(cost=0.1)]).start()
    server.next = [as_json({}, 503)]
    assert model(server, budget=budget, patience=1.5, backoff=0.6).ask(QUESTION).outcome is Outcome.ANSWERED
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "broken",
    [
        cut_off(YES),
        (200, {"Transfer-Encoding": "chunked", "Connection": "close"}, [b"9\r\nxx"]),
        (200, {"Content-Encoding": "gzip"}, b"no gzip at all"),
    ],
)
def test_an_answer_that_breaks_off_is_asked_for_again(server: ModelServer, broken: Answer) -> None:
    server.next = [broken, YES]
    assert model(server).ask(QUESTION).text == "Yes."
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("answer", "cost"),
    [
        (BROKEN_OFF, 50.0),
        (SILENT, 50.0),
        (cut_off(YES), 50.0),
        (as_json({}, 504), 50.0),
        (as_json({}, 503), 0.0),
        (as_json({}, 429), 0.0),
        (as_json({"error": "unknown: temperature"}, 400), 0.0),
    ],
)
def test_each_attempt_is_a_call_and_costs_what_it_could_where_nobody_says(
    server: ModelServer, answer: Answer, cost: float
) -> None:
    server.next = [answer]
    asking = model(server, budget=Budget(price=Price(0, 1e6)), answer_within=1)
    assert asking.ask(QUESTION).outcome is Outcome.ANSWERED
    assert (asking.budget.calls, asking.budget.cost) == (2, cost + 5)


@pytest.mark.parametrize("limit", [{"max_calls": 2}, {"max_cost": 120.0}])
def test_a_budget_ends_also_between_attempts(server: ModelServer, limit: dict[str, Any]) -> None:
    server.rule = lambda _: BROKEN_OFF
    asking = model(server, budget=Budget(price=Price(0, 1e6), **limit))
    assert asking.ask(QUESTION).outcome is Outcome.UNAFFORDABLE
    assert len(server.asked) == asking.budget.calls == 2


def test_what_nobody_prices_ends_a_budget_of_money_also_where_no_answer_came(server: ModelServer) -> None:
    server.next = [BROKEN_OFF]
    asking = model(server, budget=Budget(max_cost=1.0))
    assert asking.ask(QUESTION).outcome is Outcome.UNAFFORDABLE
    assert (len(server.asked), asking.budget.unpriceable) == (1, True)


def test_an_attempt_that_never_left_is_no_call(server: ModelServer) -> None:
    asking = model(server, budget=Budget(max_calls=1))
    server.shutdown()
    server.server_close()
    reply = asking.ask(QUESTION)
    assert (reply.outcome, "could not be reached (asked 5 times)" in reply.problem) == (
        Outcome.UNAVAILABLE,
        True,
    )
    assert asking.budget.calls == 0


SECRET = "http://ann:pass@{host}/v1?key=pass"


def test_no_message_has_a_password_or_a_key_of_an_address(server: ModelServer) -> None:
    server.rule = lambda _: as_json({}, 404)
    with pytest.raises(ModelRefused) as refused:
        model(server, url=SECRET.format(host=server.host)).ask(QUESTION)
    assert f"http://…@{server.host}/v1/chat/completions?… (model small) answers 404" in str(refused.value)
    for read in (Address.read, lambda text: Settings.load(model=text)):
        with pytest.raises(SaysoError) as unread:
            read(f"openai:{SECRET.format(host='example.com')}")
        assert "pass" not in str(unread.value)
        assert "example.com" in str(unread.value)


@pytest.mark.parametrize(
    "echo",
    [
        as_json({"error": "the key sk-key is wrong"}, 404),
        as_json({"error": "the key sk-key is wrong"}),
        (200, {}, b"the key sk-key is wrong"),
    ],
)
def test_a_key_that_an_endpoint_repeats_is_not_repeated(server: ModelServer, echo: Answer) -> None:
    server.rule = lambda _: echo
    asking = model(server, key="sk-key")
    with pytest.raises(ModelRefused, match="the key … is wrong") as refused:
        for _ in range(5):
            assert "sk-key" not in asking.ask(QUESTION).problem
    assert "sk-key" not in str(refused.value)


def test_what_an_address_tells_in_secret_is_not_repeated_in_any_form_after_an_endpoint(
    server: ModelServer,
) -> None:
    said = rb'no: q"x@y, q\"x@y, q%22x%40y, Basic YW5uOnEieEB5, /v1?key=zz.'
    server.rule = lambda _: (403, {}, said)
    with pytest.raises(ModelRefused) as refused:
        model(server, url=f"http://ann:q%22x%40y@{server.host}/v1?key=zz").ask(QUESTION)
    assert server.keys == ["Basic YW5uOnEieEB5"]
    assert "no: …, …, …, Basic …, /v1?…." in str(refused.value)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("openai:http://ann:xq/zq@h/v1#m", "openai:http://…@h/v1#m"),
        ("openai:http://ann:xq@zq@h/v1", "openai:http://…@h/v1"),
        ("openai:http://ann:xq zq@h/v1#m", "openai:http://…@h/v1#m"),
        ("openai:http://ann:xq#zq@h/v1#m", "openai:http://…@h/v1#m"),
        ("openai:http://ann:xq?zq@h/v1#m", "openai:http://…#m"),
        ("openai:http://h:x/v1?as=ann@h&key=xq zq#m", "openai:http://…#m"),
        ("openai:http://h:x/v1?key=xq zq#m", "openai:http://h:x/v1?…#m"),
        ("openai:http://h:x/v1#m@2", "openai:http://h:x/v1#m@2"),
    ],
)
def test_a_misspelt_address_is_shown_without_what_may_be_its_password(address: str, shown: str) -> None:
    with pytest.raises(UsageError) as unread:
        Address.read(address)
    assert str(unread.value) == f"{shown!r} names no model. Write openai:URL#MODEL."


def test_a_name_and_password_in_an_address_are_sent_unless_there_is_a_key(server: ModelServer) -> None:
    for key in ("", "other"):
        model(server, url=SECRET.format(host=server.host), key=key).ask(QUESTION)
    assert server.keys == ["Basic YW5uOnBhc3M=", "Bearer other"]


@pytest.mark.parametrize("host", ["a" * 80, "*", "..a"])
def test_an_address_that_cannot_be_one_is_not_tried_again(server: ModelServer, host: str) -> None:
    asking = model(server, url=f"http://{host}/v1", backoff=30)
    with pytest.raises(ModelRefused, match="cannot be asked"):
        asking.ask(QUESTION)
    assert asking.budget.calls == 0


def test_what_an_address_asks_for_stays_at_its_end(server: ModelServer) -> None:
    assert (
        Address("http://h/v1?api-version=1", "m").at("embeddings") == "http://h/v1/embeddings?api-version=1"
    )
    assert model(server, url=f"{server.url}?api-version=1").ask(QUESTION).outcome is Outcome.ANSWERED


@pytest.fixture
def secure(
    server: ModelServer, tmp_path: Path, require: Callable[[str, object, str], None]
) -> Callable[[str], str]:
    """Makes the server speak TLS, by a certificate that nobody else signed; gives its URL."""
    require("openssl", shutil.which("openssl"), "apt-get install openssl")

    def speak(name: str) -> str:
        made = f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={name} -addext subjectAltName=IP:{name}"
        files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem")]
        subprocess.run(["openssl", *made.split(), *files], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        return server.url.replace("http:", "https:")

    return speak


def test_a_certificate_that_does_not_hold_is_not_tried_again_and_says_what_to_do(
    server: ModelServer, secure: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = secure("127.0.0.1")
    asking = model(server, url=url, backoff=30)
    with pytest.raises(ModelRefused, match=r"does not hold \(self.signed certificate\).*REQUESTS_CA_BUNDLE"):
        asking.ask(QUESTION)
    assert asking.budget.calls == 0
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "cert.pem"))
    assert model(server, url=url).ask(QUESTION).outcome is Outcome.ANSWERED
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    with pytest.raises(ModelRefused, match="cannot be asked"):
        model(server, url=url).ask(QUESTION)


def test_an_endpoint_without_tls_is_not_asked_again_by_https(server: ModelServer) -> None:
    with pytest.raises(ModelRefused, match=r"does not speak TLS\. Write http://"):
        model(server, url=server.url.replace("http:", "https:"), backoff=30).ask(QUESTION)
