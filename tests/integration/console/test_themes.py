"""Themes of what people write, on the page What goes wrong and in the Inbox."""

from __future__ import annotations

from pathlib import Path

import pytest
from integration.console.people import NASTY, console, detail, down, gather, project, words
from sayso_ingest.mining import read_gathered
from sayso_ingest.settings import gathered_file

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


def test_where_none_were_gathered_it_says_what_to_type(folder: Path) -> None:
    client = console(folder)
    assert "gathered into themes: sayso themes" in words(client.get("/problems"))
    gathered_file(folder).parent.mkdir()
    gathered_file(folder).write_text("no longer what it was")
    assert "gathered into themes: sayso themes" in words(client.get("/problems"))
    assert "There is no theme theme-9" in words(client.get("/inbox?theme=theme-9"))
    assert "Nothing fits these filters" in words(client.get("/inbox?theme=theme-9"))
