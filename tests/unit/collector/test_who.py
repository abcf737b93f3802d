"""Who an event is from, and who of a request sends too much."""

from __future__ import annotations

from typing import Any

import pytest
from contract.signing import SIGNED, sender
from sayso_ingest.collector.judging import judged
from sayso_ingest.collector.request import Body, decode_envelope, read_envelope
from sayso_ingest.collector.who import held_back, who_of

ID = "019bc0de-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("actor", "anonymous", "session", "who"),
    [
        ("x", "x", "x", "actor:x"),
        (None, "x", "x", "anonymous:x"),
        (None, None, "x", "session:x"),
        (None, None, None, None),
        (7, "x", None, None),
    ],
)
def test_who_is_the_actor_else_the_browser_else_the_session(
    actor: Any, anonymous: Any, session: Any, who: str | None
) -> None:
    assert who_of(actor, anonymous, session) == who


def test_each_is_asked_once_for_all_of_theirs_and_nobody_for_those_that_name_nobody() -> None:
    asked: list[tuple[str, int]] = []

    def wait(who: str, count: int) -> int:
        asked.append((who, count))
        return count - 1

    assert held_back(["a", None, "b", "a", None, "a"], wait) == {"a": 2}
    assert asked == [("a", 3), ("b", 1)]


@pytest.mark.parametrize("read", [decode_envelope, lambda body: read_envelope(Body(body, zipped=False))])
@pytest.mark.parametrize(
    ("more", "who"),
    [
        ('"anonymous":"a_1"', "anonymous:a_1"),
        ('"anonymous":"a_1","later":1', "anonymous:a_1"),
        ('"anonymous":"a_1","seq":-1', None),
        (f'"anonymous":"a_1","token":"{SIGNED[1]["token"]}"', "signed actor:u_12"),
        ('"anonymous":["a_1"]', None),
    ],
)
def test_a_token_says_who_it_is_and_what_is_refused_is_nobody_s(
    read: Any, more: str, who: str | None
) -> None:
    event = f'{{"id":"{ID}","kind":"thumb","target":"msg_1","body":{{"value":"up"}},{more}}}'
    envelope = read(f'{{"events":[{event},7]}}'.encode())
    assert [found for _, found, _ in judged(envelope, sender("pk"))] == [who, None]
    assert [found for _, found, _ in judged(envelope, sender("sk"))] == [None, None]
