"""Themes of what people write, on the page What goes wrong and in the Inbox."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from integration.console.people import NASTY, console, detail, down, gather, interaction, project, send, words
from landed import append, land
from sayso_ingest.mining import read_gathered
from sayso_ingest.places import gathered_file

SLOW = "The page loads so slowly, it takes a minute to load"
WRONG = "The invoice shows a wrong price, the price is wrong"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project in which twenty people complain of slowness, and twenty of a price."""
    folder = tmp_path / "shop"
    said = []
    for number in range(40):
        thumb = down(f"t{number}", minutes=100 - number, who=f"u{number}")
        text = f"{(SLOW, WRONG)[number % 2]} {number}{NASTY if number < 2 else ''}"
        said += [thumb, detail(thumb, minutes=99 - number, comment=text)]
    project(folder, *said)
    return folder


def test_themes_are_shown_with_quotes_and_lead_to_their_comments_in_the_inbox(folder: Path) -> None:
    gather(folder)
    client = console(folder)
    page = client.get("/problems")
    told = words(page)
    assert "40 comments of people" in told
    assert "2 hours ago" in told
    assert told.count("20 comments by 20 people") == 2
    assert 4 <= page.text.count("<blockquote") <= 6
    assert "<script>document" not in page.text
    themes = read_gathered(gathered_file(folder))
    assert themes is not None
    for theme in themes.themes:
        answer = client.get(f"/inbox?theme={theme.id}&format=json").json
        assert {row["event_id"] for row in answer} == set(theme.members)
    inbox = words(client.get("/inbox?theme=theme-1"))
    assert "Only comments of the theme" in inbox
    assert (SLOW in inbox) != (WRONG in inbox)


def of_slowness(client: FlaskClient) -> str:
    """The address of the theme of those who complain of slowness."""
    pages = re.findall(r'<h3 id="theme-\d+"><a href="(/problems/\w+)"', client.get("/problems").text)
    [found] = [page for page in pages if SLOW in words(client.get(page))]
    return found


def test_a_theme_has_an_owner_and_a_status_that_stay_when_themes_are_gathered_again(folder: Path) -> None:
    gather(folder)
    client = console(folder)
    path = of_slowness(client)
    assert "theme of comments" in words(client.get(path))
    send(client, path, path, title="Slow pages", owner="ben", status="doing", fixed_in="")
    gather(folder)
    assert "Slow pages theme-" in words(client.get("/problems"))
    only = words(client.get("/problems?owner=ben&status=doing"))
    assert "Slow pages" in only
    assert SLOW in only
    assert WRONG not in only
    assert "There is none of these" not in only
    assert "There is none of these" in words(client.get("/problems?owner=ben&status=open"))


def test_a_theme_that_is_fixed_opens_again_when_a_later_version_is_said_to_have_it(folder: Path) -> None:
    append(folder, interaction("first", minutes=50, version="v2"))
    land(folder)
    gather(folder)
    client = console(folder)
    path = of_slowness(client)
    send(client, path, path, title="Slow pages", owner="", status="fixed", fixed_in="help v2")
    assert "fixed in help v2" in words(client.get(path))
    thumb = down("late", minutes=-20, who="u99")
    later = detail(thumb, minutes=-21, comment=f"{SLOW} 99")
    append(folder, interaction("late", minutes=-10, version="v3"), thumb, later)
    land(folder)
    assert "heard again" not in words(client.get(path))  # nobody has gathered it yet
    gather(folder)
    assert "Fixed in help v2, and heard again in help v3" in words(client.get(path))
    assert "reopened 1" in words(client.get("/problems"))


def test_where_none_were_gathered_it_says_what_to_type(folder: Path) -> None:
    client = console(folder)
    assert "gathered into themes: sayso themes" in words(client.get("/problems"))
    gathered_file(folder).parent.mkdir()
    gathered_file(folder).write_text("no longer what it was")
    assert "gathered into themes: sayso themes" in words(client.get("/problems"))
    assert "There is no theme theme-9" in words(client.get("/inbox?theme=theme-9"))
    assert "Nothing fits these filters" in words(client.get("/inbox?theme=theme-9"))
