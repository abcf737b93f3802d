"""users.json: what is stored, who is found, and how a change becomes visible."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.users import Role, UserBook, add_user, change_password, remove_user
from sayso_ingest.users import changes as changes_of_users

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = "four words are enough"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "users.json"


def add(path: Path, name: str = "ana", role: Role = Role.READ, password: str | None = GOOD) -> None:
    add_user(path, name, role=role, password=password, now=lambda: NOW)


def test_the_file_holds_no_password_and_is_for_its_owner_alone(path: Path) -> None:
    add(path)
    assert GOOD not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_book_sees_who_is_added_and_removed_later_and_whose_password_changes(path: Path) -> None:
    book = UserBook(path)
    assert book.entries() == ()
    add(path, role=Role.ANNOTATE)
    found = book.with_password("ANA ", GOOD)
    assert found and (found.name, found.role) == ("ana", Role.ANNOTATE)
    change_password(path, "Ana", "another four good words")
    assert book.with_password("ana", GOOD) is None
    again = book.with_password("ana", "another four good words")
    assert again and again.stamp != found.stamp
    assert remove_user(path, "ana") == []
    assert book.get("ana") is None


def test_somebody_without_a_password_signs_in_with_none(path: Path) -> None:
    add(path, password=None)
    assert UserBook(path).get("ana")
    assert UserBook(path).with_password("ana", "") is None


def test_a_name_is_taken_once_whatever_its_case(path: Path) -> None:
    add(path)
    with pytest.raises(UsageError, match="already"):
        add(path, "ANA")


def test_there_is_a_most(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes_of_users, "MOST", 1)
    add(path)
    with pytest.raises(UsageError, match="the most"):
        add(path, "ben")


def test_who_is_unknown_is_not_removed_and_nothing_is_made_for_a_folder_that_was_mistyped(path: Path) -> None:
    with pytest.raises(NotFound, match="sayso users list"):
        remove_user(path, "ana")
    assert not path.parent.exists()
    add(path)
    with pytest.raises(NotFound):
        change_password(path, "ben", GOOD)
