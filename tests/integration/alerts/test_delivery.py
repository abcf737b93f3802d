"""Posting to a webhook: retried, bounded, without redirects, and without a word about its address."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from integration.alerts.receiver import SECRET, Receiver, receiving
from sayso_ingest.alerts.delivery import RETRIES, post
from sayso_ingest.alerts.rules import Webhook


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


def _post(url: str, *, patience: float = 60) -> str | None:
    return post(Webhook(url=url), b'{"text": "x"}', patience=patience, backoff=0)


def test_what_is_refused_for_a_while_is_posted_again(receiver: Receiver) -> None:
    receiver.statuses = [503, 429]
    assert _post(receiver.url) is None
    assert receiver.bodies == [{"text": "x"}] * 3


def test_what_stays_refused_is_given_up(receiver: Receiver) -> None:
    receiver.statuses = [500] * 10
    assert _post(receiver.url) == "answers 500"
    assert len(receiver.bodies) == 1 + RETRIES


def test_what_is_refused_for_good_is_not_posted_again(receiver: Receiver) -> None:
    receiver.statuses = [404]
    assert _post(receiver.url) == "answers 404"
    assert len(receiver.bodies) == 1


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    with receiving() as elsewhere:
        receiver.statuses, receiver.headers = [307], {"Location": elsewhere.url}
        problem = _post(receiver.url)
        assert problem is not None and "redirects are not followed" in problem
        assert elsewhere.bodies == []


def test_a_server_that_never_answers_is_left_after_a_while(receiver: Receiver) -> None:
    receiver.silent.set()
    assert _post(receiver.url, patience=0.2) == "did not answer within 0.2 s"


def test_a_server_that_takes_each_attempt_and_answers_none_is_said_not_to_answer(receiver: Receiver) -> None:
    receiver.silent.set()
    problem = post(Webhook(url=receiver.url), b"{}", backoff=0, answer_within=0.05)
    assert problem == "did not answer within 0.05 s"


def test_the_address_is_told_nowhere(receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.statuses = [503, 500, 503, 503]
    problems = [_post(receiver.url), _post(f"http://127.0.0.1:1{SECRET}")]
    assert problems[1] == "could not be reached (ConnectionError)"
    assert SECRET not in f"{problems} {caplog.text} {Webhook(url=receiver.url)!r}"
