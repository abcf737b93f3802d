"""Feedback tokens through HTTP: signed by the SDK with the application's key, verified by the collector."""

from __future__ import annotations

import gzip
import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from sayso import Client
from sayso.testing import MemoryTransport
from sayso_ingest.keys import KeyRing, create_key, revoke_key

Collector = Any


def sign(
    collector: Collector, target: str = "msg_1", actor: str | None = None, key: str = "sk", **more: Any
) -> str:
    """Sign as the application does, with one of the collector's keys, and its clock."""
    client = Client(key=collector.secrets[key], transport=MemoryTransport(), now=lambda: collector.now)
    return client.token(target, actor, **more)


def told(collector: Collector, *events: Any, key: str = "pk", **more: Any) -> list[tuple[str, str | None]]:
    answer = collector.post({"events": events}, key=key, **more)
    assert answer.status_code == 200, answer.text
    return [(result["status"], result.get("reason")) for result in answer.json["results"]]


def test_an_event_with_a_token_is_verified_and_is_of_the_token_s_actor(
    collector: Collector, make_thumb: Any
) -> None:
    token = sign(collector, actor="u_12")
    assert told(collector, make_thumb(1, token=token), make_thumb(2)) == [("accepted", None)] * 2
    assert collector.parts()[0].events == [
        make_thumb(1, actor="u_12", verified=True),
        make_thumb(2, verified=False),
    ]
    assert token not in repr(collector.logs["default"].reader().read({}, max_bytes=1 << 30))


def test_a_beacon_may_carry_one_too(collector: Collector, make_thumb: Any) -> None:
    body = {"key": collector.secrets["pk"], "events": [make_thumb(1, token=sign(collector))]}
    answer = collector.post(
        body, key=None, Content_Type="text/plain;charset=UTF-8", origin="http://localhost:3000"
    )
    assert answer.json["results"][0]["status"] == "accepted"
    assert collector.parts()[0].events == [make_thumb(1, verified=True)]


@pytest.mark.parametrize("key", ["pk", "sk"])
def test_whoever_sends_it_a_token_that_does_not_hold_is_refused_alone(
    key: str, collector: Collector, make_thumb: Any
) -> None:
    expired = sign(collector, expires=timedelta(hours=1))
    other_project = sign(collector, key="other")
    collector.now += timedelta(hours=1, seconds=62)
    events = [
        make_thumb(1),
        make_thumb(2, token=expired),
        make_thumb(3, token=sign(collector, "msg_2")),
        make_thumb(4, token=sign(collector, actor="u_1"), actor="u_2"),
        make_thumb(5, token=other_project),
        make_thumb(6, token=sign(collector, key="unknown")),
        make_thumb(7, token=sign(collector)),
    ]
    assert told(collector, *events, key=key) == [
        ("accepted", None),
        ("rejected", "token_expired"),
        *[("rejected", "bad_token")] * 4,
        ("accepted", None),
    ]
    [part] = collector.parts()
    assert [reject.reason for reject in part.rejects] == ["token_expired", *["bad_token"] * 4]
    for event, reject in zip(events[1:], part.rejects, strict=False):
        assert json.loads(reject.raw) == {name: event[name] for name in event if name != "token"}


def test_who_sends_in_somebody_s_name_uses_up_nothing_of_what_that_one_signs(
    collector: Collector, make_thumb: Any
) -> None:
    for first in range(0, 400, 100):
        collector.post({"events": [make_thumb(first + n, actor="u_1") for n in range(100)]}, key="pk")
        collector.seconds += 2  # the key may go on, the actor may not
    assert collector.post({"events": [make_thumb(401, actor="u_1")] * 100}, key="pk").status_code == 429
    assert told(collector, make_thumb(402, token=sign(collector, actor="u_1"))) == [("accepted", None)]


def test_what_is_refused_is_nobody_s_and_holds_nobody_back(collector: Collector, make_thumb: Any) -> None:
    rubbish = [make_thumb(number, actor="u_1", body={"value": "sideways"}) for number in range(100)]
    for _ in range(4):
        collector.post({"events": rubbish}, key="pk")
        collector.seconds += 2
    assert told(collector, make_thumb(500, actor="u_1")) == [("accepted", None)]


@pytest.mark.parametrize("wrap", [lambda event: [event], json.dumps, lambda event: {"event": event}])
def test_no_token_is_kept_of_what_is_refused_however_it_is_wrapped(
    wrap: Any, collector: Collector, make_thumb: Any
) -> None:
    token = sign(collector)
    assert told(collector, wrap(make_thumb(1, token=token)))[0][0] == "rejected"
    [reject] = collector.parts()[0].rejects
    assert token.encode() not in reject.raw


def test_no_bytes_are_kept_of_gzip_that_is_broken_since_nobody_sees_what_is_in_them(
    collector: Collector, make_thumb: Any
) -> None:
    body = gzip.compress(json.dumps({"events": [make_thumb(1, token=sign(collector))]}).encode())
    answer = collector.post(body[:-8] + b"oops" * 2, Content_Encoding="gzip")
    assert answer.json["error"] == "invalid_json"
    [reject] = collector.parts()[0].rejects
    assert reject.raw.startswith(f"{len(body)} bytes, SHA-256 ".encode())


def test_two_keys_are_live_until_the_old_one_is_revoked(collector: Collector, make_thumb: Any) -> None:
    collector.secrets["new"] = collector.make("sk")
    old, new = sign(collector), sign(collector, key="new")
    assert told(collector, make_thumb(1, token=old), make_thumb(2, token=new)) == [("accepted", None)] * 2
    found = KeyRing(collector.path).find(collector.secrets["sk"])
    assert found
    revoke_key(collector.path, found.key_id)
    assert told(collector, make_thumb(3, token=old), make_thumb(4, token=new)) == [
        ("rejected", "bad_token"),
        ("accepted", None),
    ]


def test_a_key_made_before_there_were_tokens_says_what_to_do(collector: Collector, make_thumb: Any) -> None:
    held = json.loads(collector.path.read_text())
    for key in held["keys"]:
        del key["token_key"], key["signed_only"]
    collector.path.write_text(json.dumps(held))
    answer = collector.post({"events": [make_thumb(1), make_thumb(2, token=sign(collector))]}, key="pk")
    good, bad = answer.json["results"]
    assert (good["status"], bad["reason"]) == ("accepted", "bad_token")
    assert "sayso keys create --kind sk" in bad["detail"]["message"]


def test_a_key_for_signed_events_refuses_the_others(collector: Collector, make_thumb: Any) -> None:
    collector.secrets["signed"], _ = create_key(
        collector.path, kind="pk", project="default", origins=["loopback"], signed_only=True
    )
    signed = make_thumb(2, token=sign(collector))
    assert told(collector, make_thumb(1), signed, key="signed") == [
        ("rejected", "unsigned"),
        ("accepted", None),
    ]
    assert told(collector, make_thumb(3), key="pk") == [("accepted", None)]


def test_key_material_is_neither_logged_nor_answered_nor_shown(
    collector: Collector, make_thumb: Any, caplog: pytest.LogCaptureFixture
) -> None:
    ring = KeyRing(collector.path)
    key = ring.find(collector.secrets["sk"])
    assert key and key.token_key
    token = sign(collector)
    with caplog.at_level(logging.DEBUG):
        answers = [
            collector.post({"events": [make_thumb(1, token=each)]}, key="pk").text
            for each in (token, token[:-1], sign(collector, "other"), "x" * 9000)
        ]
    shown = "\n".join([*answers, caplog.text, repr(key), repr(ring), str(ring.entries())])
    for secret in (key.token_key.hex(), repr(key.token_key), token, token[:-1], collector.secrets["sk"]):
        assert secret not in shown
