"""Feedback tokens as the collector reads them: which are good, what they say, and that no other token is one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from contract.signing import CASES, KEY, NOW, SECRET, SIGNED, Case, sender
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.collector.limits import TOKEN_CHARACTERS
from sayso_ingest.collector.steps import accept
from sayso_ingest.event import Reason, Rejection
from sayso_ingest.keys.token_key import hkdf, token_key_of

ID = "019bc0de-0000-7000-8000-000000000001"
GOOD = SIGNED[1]["token"]
"""For msg_1 and u_12."""


def retraction(token: Any, **over: Any) -> dict[str, Any]:
    """The one kind that needs no target."""
    return {"id": ID, "kind": "retraction", "body": {"of": ID}, "token": token, **over}


def refused(token: Any, who: Any = None, **over: Any) -> Rejection:
    outcome = accept(retraction(token, **{"target": "msg_1", **over}), who or sender("pk"))
    assert isinstance(outcome, Rejection)
    assert "token" not in json.loads(outcome.raw)
    assert len(str(token)) < 20 or str(token) not in json.dumps(outcome.detail)
    return outcome


@pytest.mark.parametrize("kind", ["pk", "sk"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_golden_token_is_taken_or_refused_as_the_file_says(case: Case, kind: str) -> None:
    outcome = accept(retraction(case.token, **case.event), sender(kind))
    if isinstance(outcome, Rejection):
        assert outcome.reason == case.reason
        assert outcome.detail["message"]
        assert "token" not in json.loads(outcome.raw)
        return
    assert case.reason is None
    kept = json.loads(outcome)
    assert (kept["verified"], kept.get("actor"), kept["target"]) == (True, case.actor, case.event["target"])
    assert "token" not in kept
    assert outcome.count(b'"actor"') <= 1


@settings(deadline=None, max_examples=500)
@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_a_token_with_any_byte_changed_is_refused(place: int, byte: int) -> None:
    changed = GOOD[:place] + chr(byte) + GOOD[place + 1 :]
    if changed != GOOD:
        assert refused(changed).reason is Reason.BAD_TOKEN


def test_every_letter_of_base64_in_the_place_of_the_last_is_refused() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    others = [GOOD[:-1] + letter for letter in letters if letter != GOOD[-1]]
    assert {refused(other).reason for other in others} == {Reason.BAD_TOKEN}


@settings(deadline=None)
@given(st.text(max_size=40) | st.text("ab.=-_A1", max_size=200))
def test_whatever_else_is_called_a_token_is_refused(text: str) -> None:
    if text:
        outcome = accept(retraction(text, target="msg_1"), sender("pk"))
        assert isinstance(outcome, Rejection)
        assert outcome.reason in (Reason.BAD_TOKEN, Reason.LONE_SURROGATE)


def test_headers_that_nest_without_end_are_refused_and_cost_nothing_else() -> None:
    deep = jwt.utils.base64url_encode(b"[" * 3000).decode()
    assert refused(deep + GOOD[GOOD.index(".") :]).reason is Reason.BAD_TOKEN


def test_a_token_that_is_too_long_is_refused_unread_and_the_longest_that_is_signed_is_not() -> None:
    assert "more than" in refused("a" * (TOKEN_CHARACTERS + 1)).detail["message"]
    said = {"target": "😀" * 512, "actor": "𝄞" * 512, "exp": NOW + 60}
    payload = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    longest = jwt.PyJWS().encode(payload, KEY.token_key, algorithm="HS256", headers={"kid": KEY.key_id})  # type: ignore[arg-type]
    assert isinstance(accept(retraction(longest, target="😀" * 512), sender("pk")), bytes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"project": "other"}, "no sk_ key of this project"),
        ({"kind": "pk"}, "no sk_ key of this project"),
        ({"revoked_at": datetime(2026, 1, 2, tzinfo=UTC)}, "was revoked"),
        ({"token_key": None}, "before there were tokens"),
        ({"token_key": b"x" * 32}, "was changed, or signed with something else"),
    ],
)
def test_a_token_of_a_key_that_may_not_sign_is_refused(changes: dict[str, Any], said: str) -> None:
    key = replace(KEY, **changes)
    outcome = refused(GOOD, sender("pk", find_key={key.key_id: key}.get))
    assert outcome.reason is Reason.BAD_TOKEN
    assert said in outcome.detail["message"]


def test_a_good_token_and_an_actor_of_its_own_outlive_a_size_at_the_limit() -> None:
    event = retraction(GOOD, target="msg_1", meta={"x": ""})
    room = 64 * 1024 - len(json.dumps(event, separators=(",", ":")))
    outcome = accept({**event, "meta": {"x": "x" * room}}, sender("pk"))
    assert isinstance(outcome, bytes)
    assert len(outcome) < 64 * 1024


def test_a_key_for_signed_events_refuses_the_others_and_a_secret_key_is_none() -> None:
    wants = sender("pk", signed_only=True)
    assert refused(None, wants).reason is Reason.UNSIGNED
    assert refused("", wants).reason is Reason.UNSIGNED
    assert isinstance(accept(retraction(GOOD, target="msg_1"), wants), bytes)
    assert isinstance(accept(retraction(None), sender("sk", signed_only=True)), bytes)


RFC_5869 = [  # secret, salt, info, length, key: its test cases 1 to 3
    (
        "0b" * 22,
        "000102030405060708090a0b0c",
        "f0f1f2f3f4f5f6f7f8f9",
        42,
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    (
        "".join(f"{byte:02x}" for byte in range(0x50)),
        "".join(f"{byte:02x}" for byte in range(0x60, 0xB0)),
        "".join(f"{byte:02x}" for byte in range(0xB0, 0x100)),
        82,
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
        "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
    ),
    (
        "0b" * 22,
        "",
        "",
        42,
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
]


@pytest.mark.parametrize(("secret", "salt", "info", "length", "key"), RFC_5869)
def test_keys_are_derived_as_rfc_5869_says(secret: str, salt: str, info: str, length: int, key: str) -> None:
    derived = hkdf(bytes.fromhex(secret), salt=bytes.fromhex(salt), info=bytes.fromhex(info), length=length)
    assert derived.hex() == key


def test_the_golden_key_is_derived_from_the_golden_secret() -> None:
    assert token_key_of(SECRET) == KEY.token_key
