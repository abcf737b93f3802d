"""Users as values: names, roles, passwords, and what ends a session."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sayso_ingest.errors import UsageError
from sayso_ingest.users import Role, User, checked_name
from sayso_ingest.users.password import check_password, fits, hash_password

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = "four words are enough"


def test_to_annotate_includes_to_read_and_not_the_other_way() -> None:
    assert Role.ANNOTATE.includes(Role.READ)
    assert Role.READ.includes(Role.READ)
    assert not Role.READ.includes(Role.ANNOTATE)


@pytest.mark.parametrize("name", ["ana", "Ana", "ana@example.com", "a.b-c_d+e", "7"])
def test_a_name_is_a_word_or_an_address_and_its_case_does_not_matter(name: str) -> None:
    assert checked_name(f" {name} ") == name.lower()


@pytest.mark.parametrize(
    "name", ["", "-ana", "a b", "ána", "a" * 65, "a/b", "ana\n\nben", "(this machine)", "<b>"]
)
def test_what_cannot_be_a_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="name of a user"):
        checked_name(name)


@pytest.mark.parametrize("password", ["", "short", "x" * 257, "tabs\tare not typed", "half \ud800 a pair!"])
def test_what_cannot_be_a_password_is_refused(password: str) -> None:
    with pytest.raises(UsageError, match="password"):
        check_password(password, name="ana")


def test_the_own_name_is_no_password() -> None:
    with pytest.raises(UsageError, match="own name"):
        check_password("Ana@Example.com", name="ana@example.com")


def test_a_password_fits_the_hash_that_was_made_of_it_and_no_other() -> None:
    kept = hash_password(GOOD)
    assert GOOD not in kept
    assert kept.startswith("$argon2id$")
    assert fits(kept, GOOD)
    assert not fits(kept, GOOD + "!")
    assert not fits(None, GOOD)
    assert not fits(None, "")
    assert not fits("no hash", GOOD)
    assert not fits(kept, "x" * 1_000_000)


def test_a_password_fits_however_a_keyboard_composes_its_letters() -> None:
    assert fits(hash_password("caf\u00e9 au lait, twice"), "cafe\u0301 au lait, twice")


def test_the_stamp_changes_with_the_password_and_for_somebody_made_anew() -> None:
    user = User("ana", Role.READ, NOW, "$argon2id$1")
    again = [replace(user, password="$argon2id$2"), replace(user, created_at=NOW + timedelta(seconds=1))]
    assert len({user.stamp, *(other.stamp for other in again)}) == 3
    assert replace(user, role=Role.ANNOTATE).stamp == user.stamp
    assert "argon2" not in repr(user)
