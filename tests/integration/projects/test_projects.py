"""projects.json: changed by several processes at once, followed by those who run, and never half written."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

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
    assert ProjectBook(path).entries() == (FULL,)
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


def test_who_is_listed_twice_keeps_the_first_time(tmp_path: Path) -> None:
    path = tmp_path / "projects.json"
    enlist_project(path, "shop", now=lambda: NOW)
    before = path.stat().st_ino
    enlist_project(path, "shop", now=lambda: NOW + timedelta(days=1))
    assert ProjectBook(path).get("shop").created_at == NOW
    assert path.stat().st_ino == before
