"""A real HTTP service of the user's own answers cases, or does whatever services do instead."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from model_server import BROKEN_OFF, SILENT, ModelServer, as_json, cut_off, serving_at, slow
from ran import PROMPT
from sayso_ingest.errors import ModelRefused, ModelUnavailable, UsageError
from sayso_ingest.evals.systems import Asked, ServiceSystem, System
from sayso_ingest.evals.systems.spoken import as_row
from sayso_ingest.models import IN_A_ROW, Budget, Outcome

ASKED = Asked("c1", "What is 7?", [{"role": "user", "content": "What is 7?"}], {"tone": "kind"}, PROMPT, 1)
SEVEN = as_json({"output": "7", "usage": {"tokens_in": 3, "tokens_out": 1}, "cost": 0.25})


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving_at("/answer", lambda _: SEVEN) as server:
        yield server


def service(server: ModelServer, **options: Any) -> ServiceSystem:
    return ServiceSystem(f"http://{server.host}/answer", **{"backoff": 0.001, **options})


def test_a_case_is_posted_and_the_answer_read(server: ModelServer) -> None:
    system: System = service(server)
    answer = system.answer(ASKED)
    assert (answer.outcome, answer.text, answer.usage.cost) == (Outcome.ANSWERED, "7", 0.25)
    assert answer.latency_ms
    assert server.asked == [as_row(ASKED)]
    assert (system.name, dict(system.settings)) == (f"http://{server.host}/answer", {"kind": "service"})
    system.close()


def test_a_text_is_an_answer_too(server: ModelServer) -> None:
    server.next = [(200, {"Content-Type": "text/plain; charset=utf-8"}, "sept é".encode())]
    assert service(server).answer(ASKED).text == "sept é"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (as_json({"answer": "7"}), "`output` is missing"),
        (as_json({"output": 7}), "`output` is neither a text nor messages"),
        (as_json([]), "it is no JSON object"),
        (as_json("7"), "no JSON object"),
        ((200, {"Content-Type": "text/html"}, b"<h1>Welcome</h1>"), "(text/html): <h1>Welcome</h1>"),
        ((200, {}, b"\xff\xfe"), "no Content-Type"),
    ],
)
def test_an_answer_of_another_shape_is_told_what_to_answer(
    server: ModelServer, answer: Any, said: str
) -> None:
    server.next = [answer]
    found = service(server).answer(ASKED)
    assert found.outcome is Outcome.MALFORMED
    assert said in found.problem
    assert 'Answer with {"output": TEXT}' in found.problem


def test_a_service_that_answers_nothing_to_be_read_is_given_up(server: ModelServer) -> None:
    server.rule = lambda _: as_json({"answer": "7"})
    system = service(server)
    for _ in range(IN_A_ROW - 1):
        system.answer(ASKED)
    with pytest.raises(ModelRefused, match=r"/answer was asked 5 times in a row and .*`output` is missing"):
        system.answer(ASKED)


def test_a_busy_service_is_asked_again_after_the_time_that_it_asks_for(server: ModelServer) -> None:
    server.next = [as_json({}, 429, Retry_After="1"), as_json({}, 503), BROKEN_OFF, cut_off(SEVEN)]
    budget = Budget()
    begun = time.monotonic()
    answer = service(server, budget=budget).answer(ASKED)
    assert (answer.text, budget.calls) == ("7", 5)
    assert time.monotonic() - begun >= 1
    assert answer.latency_ms is not None
    assert answer.latency_ms < 1000


def test_the_budget_counts_calls_and_what_the_service_says_that_they_cost(server: ModelServer) -> None:
    budget = Budget(max_cost=0.5)
    system = service(server, budget=budget)
    outcomes = [system.answer(ASKED).outcome for _ in range(3)]
    assert outcomes == [Outcome.ANSWERED, Outcome.ANSWERED, Outcome.UNAFFORDABLE]
    assert (budget.calls, budget.cost, len(server.asked)) == (2, 0.5, 2)
    assert service(server, budget=Budget(max_calls=0)).answer(ASKED).outcome is Outcome.UNAFFORDABLE


def test_a_case_that_a_service_refuses_is_that_case_alone(server: ModelServer) -> None:
    system = service(server)
    assert system.answer(ASKED).text == "7"
    server.rule = lambda _: as_json({"error": "too long"}, 422)
    for _ in range(2 * IN_A_ROW):
        answer = system.answer(ASKED)
        assert answer.outcome is Outcome.REFUSED
        assert "answers 422: " in answer.problem
        assert "too long" in answer.problem


def test_a_service_that_refuses_all_is_given_up(server: ModelServer) -> None:
    server.rule = lambda _: as_json({"error": "input?"}, 400)
    system = service(server)
    for _ in range(IN_A_ROW - 1):
        assert system.answer(ASKED).outcome is Outcome.REFUSED
    with pytest.raises(ModelRefused, match="answers 400"):
        system.answer(ASKED)


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (401, "Is the key in the address right?"),
        (404, "Check the address, or take another --service."),
        (302, "Redirects are not followed: give the address it leads to."),
    ],
)
def test_a_no_to_anything_ends_the_run_at_once(server: ModelServer, status: int, advice: str) -> None:
    server.rule = lambda _: as_json({}, status)
    with pytest.raises(ModelRefused) as raised:
        service(server).answer(ASKED)
    assert str(raised.value).endswith(advice)
    assert "(model" not in str(raised.value)


def test_a_slow_or_silent_service_is_unavailable_and_gone_after_several_calls(server: ModelServer) -> None:
    server.rule = lambda _: SILENT
    system = service(server, answer_within=0.02)
    for _ in range(IN_A_ROW - 1):
        answer = system.answer(ASKED)
        assert answer.outcome is Outcome.UNAVAILABLE
        assert "did not answer within 0.02 s" in answer.problem
    with pytest.raises(ModelUnavailable, match="Try again later, or take another --service"):
        system.answer(ASKED)


def test_a_service_that_refuses_connections_is_gone_after_several_calls() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    budget = Budget()
    system = ServiceSystem(f"http://127.0.0.1:{port}/answer", backoff=0.001, budget=budget)
    for _ in range(IN_A_ROW - 1):
        assert "could not be reached" in system.answer(ASKED).problem
    with pytest.raises(ModelUnavailable):
        system.answer(ASKED)
    assert budget.calls == 0


def test_nothing_is_waited_for_once_the_run_is_stopped(server: ModelServer) -> None:
    stopped = threading.Event()
    server.rule = lambda _: as_json({}, 503, Retry_After="60")
    system = service(server, hung_up=stopped)
    threading.Timer(0.3, stopped.set).start()
    begun = time.monotonic()
    assert system.answer(ASKED).outcome is Outcome.STOPPED
    assert time.monotonic() - begun < 20
    asked = len(server.asked)
    assert system.answer(ASKED).outcome is Outcome.STOPPED
    assert len(server.asked) == asked


def test_the_key_in_a_url_is_sent_and_never_shown(server: ModelServer) -> None:
    system = ServiceSystem(f"http://ann:pa55@{server.host}/answer?token=t0k", backoff=0.001)
    assert system.answer(ASKED).text == "7"
    assert (server.keys[0] or "").startswith("Basic ")
    server.next = [(200, {"Content-Type": "text/html"}, b"no pa55 or token=t0k")]
    problem = system.answer(ASKED).problem
    server.next = [as_json({"error": "token=t0k"}, 403)]
    with pytest.raises(ModelRefused) as raised:
        system.answer(ASKED)
    for shown in (system.name, str(dict(system.settings)), problem, str(raised.value)):
        assert "pa55" not in shown
        assert "t0k" not in shown


def test_many_threads_ask_at_once(server: ModelServer) -> None:
    server.rule = slow(lambda asked: as_json({"output": asked["case_id"]}), 0.2, server.over)
    system = service(server)
    found: list[str] = []
    cases = [Asked(f"c{number}", "x", [], {}, None) for number in range(8)]
    threads = [
        threading.Thread(target=lambda one=one: found.append(system.answer(one).text)) for one in cases
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [one.case_id for one in cases]
    assert server.most_at_once > 1


@pytest.mark.parametrize(
    "url", ["localhost:8000", "ftp://host/x", "http://", "http://host:0/", "http://[::1/"]
)
def test_what_is_no_address_is_wrong_usage(url: str) -> None:
    with pytest.raises(
        UsageError, match=r"is no address of a service\. Write it as http://localhost:8000/answer"
    ):
        ServiceSystem(url)
