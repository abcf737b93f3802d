"""What goes wrong: the ranking, the team's word on a problem, and problems that come back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from integration.console.people import at, console, detail, down, interaction, named, project, send, words
from landed import append, event, land
from made import made_once


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "default"


def complaint(target: str, reason: str, *, minutes: float, who: str) -> list[dict[str, Any]]:
    click = down(target, minutes=minutes, who=who)
    return [click, detail(click, minutes=minutes, reasons=[reason])]


@pytest.fixture
def client(folder: Path) -> FlaskClient:
    """A console of a project in which two people say `outdated` of v1, and one says `rude`."""
    made_once(folder, complained)
    return console(folder)


def complained(folder: Path) -> None:
    project(
        folder,
        interaction("a", minutes=300),
        interaction("b", minutes=300),
        *complaint("a", "outdated", minutes=200, who="u1"),
        *complaint("b", "outdated", minutes=190, who="u2"),
        *complaint("b", "rude", minutes=180, who="u3"),
    )


def addresses(client: FlaskClient) -> list[str]:
    return re.findall(r'<h2><a href="(/problems/[^"]+)"', client.get("/problems").text)


def test_problems_come_by_how_often_they_are_said_with_people_and_interval(client: FlaskClient) -> None:
    shown = words(client.get("/problems"))
    assert shown.index("outdated") < shown.index("rude")
    assert "2 times by 2 people, of 2 answers" in shown
    assert re.search(r"66\.7 % \d+–\d+ % of thumbs down", shown)


def test_a_problem_has_its_examples_with_the_whole_interaction(client: FlaskClient) -> None:
    shown = words(client.get(addresses(client)[0]))
    assert "How do I a?" in shown
    assert "You b so." in shown
    assert client.get("/problems/000000000000").status_code == 404


def test_the_team_gives_it_an_owner_a_status_and_a_name_and_the_record_says_who(
    folder: Path, client: FlaskClient
) -> None:
    [ana] = named(folder, "ana")
    path = addresses(ana)[0]
    answer = send(ana, path, path, title="Old menus", owner="ben", status="ignored", fixed_in="")
    assert answer.status_code == 303
    shown = words(ana.get("/problems"))
    assert "Old menus reason of thumbs down ignored ben" in shown
    assert "said as “ outdated ”" in words(ana.get(path))
    record = words(ana.get("/record"))
    for said in ("set to ignored", "gave to ben", "named anew"):
        assert f"ana proxy {said} {path.rsplit('/', 1)[1]}" in record
    assert "Old menus" in words(ana.get("/problems?owner=ben&status=ignored"))
    assert "There is none of these" in words(ana.get("/problems?owner=ben&status=open"))


def test_the_same_word_from_elsewhere_is_told_apart_in_plain_words(folder: Path, client: FlaskClient) -> None:
    comment = {"text": "Old.", "category": "outdated"}
    append(folder, event("comment", target="a", actor="u9", occurred_at=at(100), body=comment))
    land(folder)
    shown = words(client.get("/problems"))
    assert "outdated reason of thumbs down" in shown
    assert "outdated category of comments" in shown
    assert ["category of comments" in words(client.get(path)) for path in addresses(client)].count(True) == 1


def test_who_works_on_a_problem_says_so_by_its_status(client: FlaskClient) -> None:
    path = addresses(client)[0]
    send(client, path, path, title="outdated", owner="ben", status="doing", fixed_in="")
    assert "doing 1" in words(client.get("/problems"))
    assert "outdated" in words(client.get("/problems?status=doing"))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"status": "fixed"}, "in which version"),
        ({"status": "gone"}, "no status"),
        ({"title": ""}, "A title"),
        ({"owner": "x" * 201}, "A title"),
    ],
)
def test_what_does_not_fit_is_refused_and_what_was_typed_is_kept(
    client: FlaskClient, fields: dict[str, str], told: str
) -> None:
    path = addresses(client)[0]
    form = {"title": "outdated", "owner": "ben", "status": "open", "fixed_in": ""} | fields
    answer = send(client, path, path, **form)
    assert answer.status_code == 400
    assert told in words(answer)
    assert f'value="{form["owner"]}"' in answer.text


def fix(client: FlaskClient, version: str) -> str:
    path = addresses(client)[0]
    assert (
        send(client, path, path, title="outdated", owner="", status="fixed", fixed_in=version).status_code
        == 303
    )
    return path


def later(folder: Path, version: str) -> None:
    """Land an answer of a version, and that it is outdated, both after now."""
    target = f"later {version}"
    append(
        folder,
        interaction(target, minutes=-10, version=version),
        *complaint(target, "outdated", minutes=-20, who="u7"),
    )
    land(folder)


def test_a_problem_that_is_fixed_opens_again_when_it_is_heard_in_a_later_version(
    folder: Path, client: FlaskClient
) -> None:
    append(folder, interaction("c", minutes=5, version="v2"))
    land(folder)
    path = fix(client, "help v2")
    assert "fixed in help v2" in words(client.get("/problems"))
    later(folder, "v3")
    shown = words(client.get(path))
    assert "Fixed in help v2, and heard again in help v3" in shown
    assert "reopened 1" in words(client.get("/problems"))


def test_it_opens_again_when_it_is_heard_in_the_version_it_was_fixed_in(
    folder: Path, client: FlaskClient
) -> None:
    path = fix(client, "help v2")
    assert "reopened" not in words(client.get(path))
    later(folder, "v2")
    assert "heard again in help v2" in words(client.get(path))


def test_it_stays_fixed_while_only_older_versions_are_complained_about(
    folder: Path, client: FlaskClient
) -> None:
    append(folder, interaction("c", minutes=5, version="v2"))
    land(folder)
    path = fix(client, "help v2")
    append(folder, *complaint("a", "outdated", minutes=-20, who="u8"))
    land(folder)
    assert "reopened" not in words(client.get(path))
    assert "3 times" in words(client.get(path))


def test_without_complaints_it_says_how_to_get_some(folder: Path) -> None:
    project(folder, interaction("a"))
    assert "sayso widgets" in words(console(folder).get("/problems"))


def test_the_figures_are_a_file_too(client: FlaskClient) -> None:
    rows = client.get("/problems?format=json").json
    assert [row["what"] for row in rows] == ["outdated", "rude"]  # type: ignore[union-attr]
