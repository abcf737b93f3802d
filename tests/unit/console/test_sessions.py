"""How long somebody is signed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sayso_ingest.console import sessions
from sayso_ingest.users import Role, User

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANA = User("ana", Role.READ, NOW, "$argon2id$1")


@pytest.fixture
def jar() -> dict[str, Any]:
    jar: dict[str, Any] = {"csrf_token": "of somebody who looked at the form", "id": "chosen by a stranger"}
    sessions.begin(jar, ANA, now=NOW)
    return jar


def test_signing_in_keeps_nothing_of_what_was_in_the_cookie(jar: dict[str, Any]) -> None:
    assert "csrf_token" not in jar
    assert jar["id"] != "chosen by a stranger"


def test_a_session_ends_twelve_hours_after_the_last_look(jar: dict[str, Any]) -> None:
    assert sessions.find(jar, now=NOW + timedelta(hours=11, minutes=59))
    later = NOW + timedelta(hours=11, minutes=59)
    assert sessions.find(jar, now=later + timedelta(hours=11))
    assert sessions.find(jar, now=later + timedelta(hours=11 + 13)) is None


def test_a_session_ends_after_seven_days_however_often_somebody_looks(jar: dict[str, Any]) -> None:
    at = NOW
    while at < NOW + timedelta(days=7):
        assert sessions.find(jar, now=at)
        at += timedelta(hours=1)
    assert sessions.find(jar, now=at) is None


def test_the_cookie_is_not_set_anew_with_each_look(jar: dict[str, Any]) -> None:
    before = dict(jar)
    sessions.find(jar, now=NOW + timedelta(minutes=4))
    assert jar == before
    sessions.find(jar, now=NOW + timedelta(minutes=6))
    assert jar != before


def test_a_session_belongs_to_the_password_it_began_with(jar: dict[str, Any]) -> None:
    assert sessions.belongs_to(jar, ANA)
    assert not sessions.belongs_to(jar, replace(ANA, password="$argon2id$2"))
    assert not sessions.belongs_to(jar, replace(ANA, created_at=NOW + timedelta(days=1)))


@pytest.mark.parametrize("change", [{"began": "1"}, {"name": 7}, {"id": None}, {"seen": None}])
def test_a_cookie_of_another_shape_is_no_session(jar: dict[str, Any], change: dict[str, Any]) -> None:
    assert sessions.find({**jar, **change}, now=NOW) is None
    assert sessions.find({}, now=NOW) is None
