"""projects.json: changed by several processes at once, followed by those who run, and never half written."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sayso_ingest.errors import SaysoError
from sayso_ingest.projects import Project, ProjectBook, change_project, enlist_project
from sayso_ingest.projects.ages import EVER

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FULL = Project(
    "shop",
    created_at=NOW,
    retired_at=NOW + timedelta(days=1),
    rate=2.5,
    burst=100,
    retention={"thumb": timedelta(days=90), "signal": timedelta(hours=12), "all": EVER},
    redact=("email", "key"),
)


def test_a_project_comes_back_as_it_was_put_in_and_its_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "projects.json"
    change_project(path, "shop", lambda _: FULL)
    assert ProjectBook(path).projects() == (FULL,)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_project_that_is_not_listed_has_nothing_set_with_and_without_a_file(tmp_path: Path) -> None:
    path = tmp_path / "projects.json"
    assert ProjectBook(path).get("shop") == Project("shop")
    enlist_project(path, "other", now=lambda: NOW)
    assert ProjectBook(path).get("shop") == Project("shop")
    assert ProjectBook(path).get("other") == Project("other", created_at=NOW)


def test_an_open_book_follows_the_file(tmp_path: Path) -> None:
    path = tmp_path / "projects.json"
    book = ProjectBook(path)
    enlist_project(path, "shop", now=lambda: NOW)
    assert book.get("shop").rate is None
    change_project(path, "shop", lambda project: replace(project, rate=5))
    assert book.get("shop") == Project("shop", created_at=NOW, rate=5)


def test_what_was_read_stays_in_use_while_the_file_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "projects.json"
    change_project(path, "shop", lambda _: FULL)
    book = ProjectBook(path)
    path.write_text('{"version": 1, "projects": [{"name"')
    assert book.get("shop") == FULL
    path.unlink()
    assert book.get("shop") == FULL


@pytest.mark.parametrize("text", ["[]", '{"version": 2, "projects": []}', '{"version": 1, "projects": [{}]}'])
def test_a_file_that_is_none_is_an_error_that_names_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "projects.json"
    path.write_text(text)
    with pytest.raises(SaysoError, match=str(path)):
        ProjectBook(path)


def test_who_is_listed_twice_keeps_the_first_time(tmp_path: Path) -> None:
    path = tmp_path / "projects.json"
    enlist_project(path, "shop", now=lambda: NOW)
    before = path.stat().st_ino
    enlist_project(path, "shop", now=lambda: NOW + timedelta(days=1))
    assert ProjectBook(path).get("shop").created_at == NOW
    assert path.stat().st_ino == before


def test_no_change_of_several_at_once_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "projects.json"
    names = [f"p{number}" for number in range(20)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: enlist_project(path, name), names))
    assert sorted(project.name for project in ProjectBook(path).projects()) == sorted(names)
