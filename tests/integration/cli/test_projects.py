"""`sayso projects`: what is made, set, listed and retired, and what each says of names it does not know."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sayso_ingest.cli import run
from sayso_ingest.keys import KeyRing
from sayso_ingest.operate import ensure_project, project_folders
from sayso_ingest.projects import ProjectBook

Output = tuple[int, str, str]


class Projects:
    """`sayso projects` on a folder, in this process."""

    def __init__(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.data = data
        self._capsys = capsys

    def __call__(self, *words: str) -> Output:
        code = run(["projects", *words, "--data", str(self.data)])
        out, err = self._capsys.readouterr()
        return code, out, err

    def listed(self) -> list[dict[str, Any]]:
        _, out, _ = self("list", "--format", "json")
        rows: list[dict[str, Any]] = json.loads(out)
        return rows

    @property
    def book(self) -> ProjectBook:
        return ProjectBook(self.data / "projects.json")


@pytest.fixture
def projects(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Projects:
    return Projects(tmp_path / "data", capsys)


def test_create_makes_the_folder_and_prints_the_first_keys_once(projects: Projects) -> None:
    code, out, _ = projects("create", "shop")
    assert code == 0
    assert [folder.name for folder in project_folders(projects.data)] == ["shop"]
    keys = [key for key in KeyRing(projects.data / "keys.json").entries() if "first" in key.note]
    assert [(key.kind, key.project) for key in keys] == [("sk", "shop"), ("pk", "shop")]
    assert out.count("sk_") == 2  # alone, and in the line to type
    assert "--project shop" in out
    code, out, err = projects("create", "shop")
    assert (code, out) == (2, "")
    assert f"sayso keys create --kind sk --data {projects.data} --project shop" in err


@pytest.mark.parametrize("name", ["", "../shop", "Shop", "shop.json", "a" * 64])
def test_what_cannot_be_a_folder_is_no_name(projects: Projects, name: str) -> None:
    assert projects("create", name)[0] == 2
    assert not projects.data.exists()


def test_list_shows_what_serve_made_with_its_time_and_older_ones_without(projects: Projects) -> None:
    assert "sayso projects create NAME" in projects("list")[2]
    ensure_project(projects.data, "new")
    (projects.data / "old" / "log").mkdir(parents=True)
    rows = {row["name"]: row for row in projects.listed()}
    assert rows["new"]["created_at"].endswith("Z")
    assert rows["old"]["created_at"] is None


def test_set_changes_what_is_named_and_default_takes_it_back(projects: Projects) -> None:
    projects("create", "shop")
    assert projects("set", "shop", "--rate", "2.5", "--burst", "50", "--redact", "key, email")[0] == 0
    assert projects("set", "shop", "--keep", "thumb=90d", "--keep", "all=ever")[0] == 0
    shop = projects.book.get("shop")
    assert (shop.rate, shop.burst, shop.redact) == (2.5, 50, ("email", "key"))
    assert shop.retention["thumb"] == timedelta(days=90)
    [row] = projects.listed()
    assert (row["retention"], row["redact"]) == ("all=ever thumb=90d", "email,key")
    projects("set", "shop", "--rate", "default", "--burst", "default", "--keep", "all=default")
    projects("set", "shop", "--redact", "none")
    shop = projects.book.get("shop")
    assert (shop.rate, shop.burst, shop.redact) == (None, None, ())
    assert list(shop.retention) == ["thumb"]
    projects("set", "shop", "--redact", "default")
    assert projects.book.get("shop").redact is None


@pytest.mark.parametrize(
    "words",
    [
        ["--rate", "0"],
        ["--rate", "nan"],
        ["--rate", "many"],
        ["--burst", "1.5", "--rate", "1"],
        ["--burst", "5"],
        ["--keep", "thumb"],
        ["--keep", "thumbs=90d"],
        ["--keep", "thumb=90"],
        ["--redact", "names"],
        [],
    ],
)
def test_what_cannot_be_set_is_wrong_usage_and_changes_nothing(projects: Projects, words: list[str]) -> None:
    projects("create", "shop")
    before = (projects.data / "projects.json").read_bytes()
    code, out, err = projects("set", "shop", *words)
    assert (code, out) == (2, "")
    assert err
    assert (projects.data / "projects.json").read_bytes() == before


@pytest.mark.parametrize("words", [["set", "shp", "--rate", "1"], ["retire", "shp"]])
def test_a_name_that_was_mistyped_makes_nothing(projects: Projects, words: list[str]) -> None:
    projects("create", "shop")
    code, _, err = projects(*words)
    assert code == 1
    assert "There is no project 'shp'" in err
    assert [project.name for project in projects.book.entries()] == ["shop"]


def test_retire_says_since_when_and_undo_takes_it_back(projects: Projects) -> None:
    projects("create", "shop")
    code, _, err = projects("retire", "shop")
    assert code == 0
    assert f"sayso projects retire shop --undo --data {projects.data}" in err
    since = projects.listed()[0]["retired_at"]
    assert since is not None
    projects("retire", "shop")
    assert projects.listed()[0]["retired_at"] == since
    projects("retire", "shop", "--undo")
    assert projects.listed()[0]["retired_at"] is None
