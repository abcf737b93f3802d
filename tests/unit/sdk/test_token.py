"""Signing feedback tokens: what is signed, for how long, by whom, and that no key is shown."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
import sayso
from contract.signing import KEY, NOW, SECRET, SIGNED
from hypothesis import given
from hypothesis import strategies as st
from sayso.testing import MemoryTransport
from sayso.token import Signer, hkdf
from sayso_ingest.keys.token_key import hkdf as hkdf_of_the_collector

AT = datetime.fromtimestamp(NOW, UTC)


def client(key: str = SECRET, **options: Any) -> sayso.Client:
    return sayso.Client(key=key, transport=MemoryTransport(), now=lambda: AT, **options)


def said(token: str) -> dict[str, Any]:
    assert KEY.token_key
    signed: dict[str, Any] = json.loads(jwt.PyJWS().decode(token, KEY.token_key, algorithms=["HS256"]))
    return signed


@pytest.mark.parametrize("golden", SIGNED, ids=lambda golden: str(golden["target"]))
def test_a_golden_token_is_signed_as_the_file_says(golden: dict[str, Any]) -> None:
    token = client().token(golden["target"], golden["actor"], expires=golden["expires"])
    assert token == golden["token"]


def test_a_token_says_target_actor_and_when_it_expires_and_who_signed_it() -> None:
    token = client().token("msg_1", "u_12", expires=timedelta(hours=1))
    assert said(token) == {"target": "msg_1", "actor": "u_12", "exp": NOW + 3600}
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "kid": KEY.key_id, "typ": "JWT"}


def test_without_an_actor_and_a_time_it_names_nobody_and_holds_for_a_week() -> None:
    assert said(client().token("msg_1")) == {"target": "msg_1", "exp": NOW + 7 * 86400}


def test_what_an_event_could_have_as_its_target_a_token_can_have_too() -> None:
    target = UUID("019bc0de-0000-7000-8000-000000000001")
    assert said(client().token(target, b"u_1"))["target"] == str(target)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "expires", [0, -1, float("nan"), float("inf"), True, "1h", timedelta(days=367), timedelta()]
)
def test_a_token_expires_after_a_while_that_can_be_one(expires: Any) -> None:
    with pytest.raises(sayso.ConfigurationError, match="expire"):
        client().token("msg_1", expires=expires)


@pytest.mark.parametrize(
    ("target", "actor"), [(None, None), ("", None), (7, None), ("x" * 513, None), ("t", "")]
)
def test_a_target_or_an_actor_that_can_be_none_is_said_at_once(target: Any, actor: Any) -> None:
    with pytest.raises(sayso.ConfigurationError, match="cannot be signed"):
        client().token(target, actor)


@pytest.mark.parametrize("key", ["", "pk_" + "x" * 43, "ak_1"])
def test_only_a_secret_key_signs(key: str) -> None:
    with pytest.raises(sayso.ConfigurationError, match="sk_ key"):
        client(key).token("msg_1")


def test_a_client_that_is_not_enabled_signs_nothing_and_breaks_no_page() -> None:
    assert sayso.Client(enabled=False).token("msg_1") == ""


def test_neither_the_client_nor_an_error_shows_a_key() -> None:
    assert KEY.token_key
    shown = [repr(client()), repr(Signer(SECRET)), str(Signer(SECRET))]
    for wrong in ({"target": None}, {"target": "t", "expires": "x"}):
        with pytest.raises(sayso.ConfigurationError) as caught:
            client().token(**wrong)  # type: ignore[arg-type]
        shown.append(repr(caught.value))
    for text in shown:
        assert SECRET[3:] not in text
        assert KEY.token_key.hex() not in text
        assert repr(KEY.token_key) not in text


@given(st.binary(), st.binary(), st.binary(), st.integers(1, 200))
def test_the_client_derives_keys_as_the_collector_does(
    secret: bytes, salt: bytes, info: bytes, length: int
) -> None:
    key = hkdf(secret, salt=salt, info=info, length=length)
    assert key == hkdf_of_the_collector(secret, salt=salt, info=info, length=length)
