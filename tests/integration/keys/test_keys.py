"""Keys: what is stored, who is found, and how a change becomes visible."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.keys import KeyRing, create_key, revoke_key
from sayso_ingest.keys.token_key import token_key_of

NOW = datetime(2026, 1, 15, 10, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "keys.json"


def make(path: Path, kind: str = "sk", **more: object) -> tuple[str, str]:
    secret, key = create_key(path, kind=kind, project="default", now=lambda: NOW, **more)  # type: ignore[arg-type]
    return secret, key.key_id


def test_a_new_key_is_found_by_its_secret_alone(path: Path) -> None:
    secret, key_id = make(path, note="first")
    found = KeyRing(path).find(secret)
    assert found is not None
    assert (found.key_id, found.kind, found.project, found.note) == (key_id, "sk", "default", "first")
    assert (found.created_at, found.revoked_at) == (NOW, None)
    assert KeyRing(path).find(secret + "x") is None
    assert KeyRing(path).find(found.sha256) is None
    assert KeyRing(path).find("") is None
    assert KeyRing(path).find("\ud800") is None


def test_secrets_have_their_kind_and_43_characters_and_the_id_comes_from_their_hash(path: Path) -> None:
    secret, key = create_key(path, kind="pk", project="default", origins=["loopback"])
    assert secret.startswith("pk_")
    assert len(secret) == 3 + 43
    assert key.key_id == f"key_{key.sha256[:12]}"


def test_the_file_holds_no_secret_and_is_for_its_owner_alone(path: Path) -> None:
    secret, _ = make(path, new_secret=lambda: "s" * 43)
    assert "s" * 43 not in path.read_text()
    assert secret not in repr(KeyRing(path).find(secret))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_ring_sees_keys_that_are_made_and_revoked_later(path: Path) -> None:
    ring = KeyRing(path)
    assert list(ring.entries()) == []
    secret, key_id = make(path)
    assert ring.find(secret) is not None
    revoke_key(path, key_id, now=lambda: NOW + timedelta(hours=1))
    found = ring.find(secret)
    assert found is not None
    assert found.revoked_at == NOW + timedelta(hours=1)


def test_revoking_twice_keeps_the_first_time(path: Path) -> None:
    _, key_id = make(path)
    first = revoke_key(path, key_id, now=lambda: NOW)
    assert revoke_key(path, key_id, now=lambda: NOW + timedelta(days=1)) == first


def test_revoking_an_unknown_key_says_how_to_list_them(path: Path) -> None:
    with pytest.raises(NotFound, match="sayso keys list"):
        revoke_key(path, "key_000000000000")


def test_a_secret_key_has_beside_its_hash_what_verifies_its_tokens_and_no_other_key_has(path: Path) -> None:
    secret, key_id = make(path)
    _, public = make(path, "pk", origins=["loopback"], signed_only=True)
    ring = KeyRing(path)
    signs, sends = ring.get(key_id), ring.get(public)
    assert signs and sends
    assert signs.token_key == token_key_of(secret)
    assert (signs.signed_only, sends.signed_only, sends.token_key) == (False, True, None)
    for shown in (repr(signs), str(ring.entries())):
        assert "token_key" not in shown
        assert repr(signs.token_key) not in shown


def test_a_file_from_before_there_were_tokens_is_read_and_its_keys_cannot_sign(path: Path) -> None:
    secret, _ = make(path)
    held = json.loads(path.read_text())
    del held["keys"][0]["token_key"], held["keys"][0]["signed_only"]
    path.write_text(json.dumps(held))
    old = KeyRing(path).find(secret)
    assert old
    assert (old.token_key, old.signed_only) == (None, False)
    make(path)
    assert [key.token_key is None for key in KeyRing(path).entries()] == [True, False]


@pytest.mark.parametrize("kind", ["sk", "ak"])
def test_only_a_publishable_key_can_be_for_signed_events_alone(path: Path, kind: str) -> None:
    with pytest.raises(UsageError, match="signed"):
        create_key(path, kind=kind, project="default", signed_only=True)


@pytest.mark.parametrize(
    ("kind", "origins"),
    [
        ("pk", []),
        ("pk", ["example.com"]),
        ("pk", ["https://example.com/path"]),
        ("pk", ["*"]),
        ("pk", [""]),
        ("sk", ["loopback"]),
        ("ak", ["loopback"]),
        ("xk", []),
        ("", []),
    ],
)
def test_a_key_that_does_not_fit_is_refused_before_anything_is_written(
    path: Path, kind: str, origins: list[str]
) -> None:
    with pytest.raises(UsageError):
        create_key(path, kind=kind, project="default", origins=origins)
    assert not path.exists()


def test_origins_are_stored_in_the_form_in_which_browsers_send_them(path: Path) -> None:
    _, key = create_key(path, kind="pk", project="default", origins=["https://App.Example.com/", "loopback"])
    assert key.origins == ("https://app.example.com", "loopback")
