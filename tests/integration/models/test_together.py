"""Many questions at once: so many, within a budget of calls and money, and nothing is lost when it stops."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chat_server import completion, serving
from model_server import ModelServer, as_json, slow
from sayso_ingest.errors import ModelRefused
from sayso_ingest.models import (
    Address,
    Advice,
    Budget,
    ChatModel,
    KeptReplies,
    Outcome,
    Price,
    Question,
    Shape,
    together,
)

SHAPE = Shape("word", {"type": "object"}, lambda value: str(value["word"]))
QUESTION = Question([{"role": "user", "content": "Is it?"}], SHAPE, seed=7, max_tokens=50)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving() as server:
        yield server


def model(server: ModelServer, **options: Any) -> ChatModel:
    return ChatModel(Address(server.url, "small"), advice=Advice("--model", "SAYSO_MODEL_KEY"), **options)


def test_no_more_calls_than_the_budget_has(server: ModelServer) -> None:
    asking = model(server, budget=Budget(max_calls=3))
    found = [
        reply.outcome
        for _, reply in together([QUESTION] * 10, asking.ask, at_once=4, stopped=threading.Event())
    ]
    assert (found.count(Outcome.ANSWERED), found.count(Outcome.UNAFFORDABLE)) == (3, 7)
    assert len(server.asked) == 3


def test_no_more_money_than_the_budget_has_however_many_at_once(server: ModelServer) -> None:
    budget = Budget(max_cost=0.002, price=Price(1.0, 10.0))
    asking = model(server, budget=budget)
    found = list(together([QUESTION] * 40, asking.ask, at_once=8, stopped=threading.Event()))
    assert 0 < len(server.asked) < 40
    assert budget.cost <= 0.002
    assert len(found) == 40


def test_the_cost_that_an_endpoint_gives_counts_before_a_price(server: ModelServer) -> None:
    server.rule = lambda _: as_json(
        completion('{"word": "yes"}', usage={"prompt_tokens": 1, "completion_tokens": 1, "cost": 0.25})
    )
    budget = Budget(max_cost=1.0)
    asking = model(server, budget=budget)
    list(together([QUESTION] * 9, asking.ask, at_once=4, stopped=threading.Event()))
    assert (budget.calls, budget.cost) == (4, 1.0)


def test_an_endpoint_that_is_dearer_than_its_price_is_held_to_be_as_dear_as_it_was(
    server: ModelServer,
) -> None:
    server.rule = lambda _: as_json(completion('{"word": "yes"}', usage={"cost": 0.9}))
    asking = model(server, budget=Budget(max_cost=1.0, price=Price(1.0, 1.0)))
    assert [asking.ask(QUESTION).outcome for _ in range(2)] == [Outcome.ANSWERED, Outcome.UNAFFORDABLE]
    assert asking.budget.cost == 0.9


def test_a_long_question_does_not_make_a_short_one_dearer_where_the_price_says_what_both_cost(
    server: ModelServer,
) -> None:
    asking = model(server, budget=Budget(max_cost=100.0, price=Price(0, 1e6)))
    server.next = [
        as_json(completion('{"word": "yes"}', usage={"prompt_tokens": 1, "completion_tokens": 60}))
    ]
    assert asking.ask(replace(QUESTION, max_tokens=60)).outcome is Outcome.ANSWERED
    assert asking.ask(replace(QUESTION, max_tokens=40)).outcome is Outcome.ANSWERED


def test_what_nobody_prices_is_asked_once_and_no_more(server: ModelServer) -> None:
    budget = Budget(max_cost=1.0)
    asking = model(server, budget=budget)
    list(together([QUESTION] * 9, asking.ask, at_once=4, stopped=threading.Event()))
    assert (budget.calls, budget.unpriced) == (1, 1)


def test_no_money_asks_nothing_of_an_endpoint_that_may_cost_some(server: ModelServer) -> None:
    assert model(server, budget=Budget(max_cost=0)).ask(QUESTION).outcome is Outcome.UNAFFORDABLE
    assert server.asked == []
    free = model(server, budget=Budget(max_cost=0, price=Price(0, 0)))
    assert free.ask(QUESTION).outcome is Outcome.ANSWERED


def test_so_many_at_once_and_each_thread_keeps_its_connection(server: ModelServer) -> None:
    server.rule = slow(server.rule, 0.02, server.over)
    asking = model(server)
    found = list(together(range(24), lambda _: asking.ask(QUESTION), at_once=4, stopped=threading.Event()))
    asking.close()
    assert sorted(job for job, _ in found) == list(range(24))
    assert server.most_at_once == 4
    assert len(server.clients) == 4


def test_what_was_begun_when_it_was_stopped_is_still_yielded_and_nothing_new_begun(
    server: ModelServer,
) -> None:
    server.rule = slow(server.rule, 0.2, server.over)
    stopped = threading.Event()
    asking = model(server)
    threading.Timer(0.1, stopped.set).start()
    found = list(together(range(50), lambda _: asking.ask(QUESTION), at_once=3, stopped=stopped))
    assert [reply.value for _, reply in found] == ["yes"] * 3


def test_an_error_in_a_job_is_raised_after_what_was_done() -> None:
    seen = []

    def work(number: int) -> int:
        if number == 3:
            raise ModelRefused("no")
        return number

    with pytest.raises(ModelRefused):
        for job, _ in together(range(100), work, at_once=1, stopped=threading.Event()):
            seen.append(job)
    assert seen == [0, 1, 2]


def test_who_leaves_early_loses_nothing_that_was_being_answered(server: ModelServer, tmp_path: Path) -> None:
    server.rule = slow(server.rule, 0.1, server.over)
    questions = [Question([{"role": "user", "content": str(n)}], SHAPE) for n in range(20)]
    with KeptReplies(tmp_path / "replies.sqlite") as kept:
        asking = model(server, kept=kept)
        found = together(questions, asking.ask, at_once=3, stopped=threading.Event())
        next(found)
        found.close()
        assert sum(map(asking.is_known, questions)) == len(server.asked) < 20


def test_who_leaves_after_a_stop_waits_for_nothing() -> None:
    stopped, over = threading.Event(), threading.Event()
    found = together(range(9), lambda job: over.wait(20 * job), at_once=2, stopped=stopped)
    next(found)
    stopped.set()
    begun = time.monotonic()
    found.close()
    assert time.monotonic() - begun < 5
    over.set()
