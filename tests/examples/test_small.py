"""The small examples, one a framework: what is said about an answer joins it, through streaming and reloads."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.watch import pressed
from examples.apps import EXAMPLES, VITE, running, settings
from examples.people import UP, Person, joined, landed_as, target_of
from playwright.sync_api import Page, expect
from processes import wait_until
from service import Service

pytestmark = pytest.mark.examples

VITE_EXAMPLES = ("react", "vue", "svelte")
HTML_ANSWER = "You can return anything within 30 days."
SDK = str(EXAMPLES.parents[1] / "sdk")


@pytest.fixture(scope="module", params=["html", *VITE_EXAMPLES])
def example(request: pytest.FixtureRequest) -> str:
    """The name of an example."""
    return str(request.param)


@pytest.fixture(scope="module")
def url(node: str, example: str, service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The example, running."""
    log: Path = tmp_path_factory.mktemp(example) / "log"
    in_node = [node, VITE, "--port", "PORT", "--strictPort"]
    command = in_node if example in VITE_EXAMPLES else [sys.executable, "server.py"]
    with running(EXAMPLES / example, command, settings(service), log, PYTHONPATH=SDK) as url:
        yield url


@pytest.fixture
def person(page: Page, url: str) -> Person:
    """Somebody in a new chat."""
    page.goto(url)
    return Person(page)


def test_all_feedback_joins_through_reloads(person: Person, service: Service) -> None:
    said: dict[str, str | None] = {}
    for number in range(5):
        said |= [person.press(person.ask(), number)]
        if number % 2:
            person.reload()
            assert pressed(person.widgets[-1]) == said[target_of(person.widgets[-1])]
    feedback = joined(service, said)
    assert len(feedback.verdicts) == 5
    assert feedback.share == 1


def test_the_page_s_own_reasons_are_asked_for_and_arrive(person: Person, service: Service) -> None:
    widget = person.ask()
    target, _ = person.press(widget, 1)
    widget.get_by_text("Hard to follow").click()
    widget.get_by_role("button", name="Send").click()
    landed_as(service, "reasons", {target: ["unclear"]})


def test_the_page_hears_what_was_said(person: Person) -> None:
    person.press(person.ask(), 0)
    expect(person.page.get_by_role("status").first).to_have_text("You said: up")


def test_thumbs_wait_for_the_end_of_an_answer(person: Person, example: str) -> None:
    widget = person.begin_to_ask()
    if example == "html":  # whose answer comes in one piece, and the thumbs with it
        assert person.page.locator("article p").all_text_contents() == [HTML_ANSWER]
    else:
        assert widget.get_by_role("button", name=UP).is_disabled()
    person.wait_for(widget)


def test_a_suggestion_and_a_comment_join_what_they_are_about(person: Person, service: Service) -> None:
    target = target_of(person.ask())
    suggestion = person.page.locator("sayso-suggestion")
    suggestion.get_by_role("button", name="Accept").click()
    expect(person.page.get_by_role("heading", level=1)).to_have_text(re.compile("^Help desk: "))
    suggestion.get_by_role("button", name="Undo").click()
    expect(person.page.get_by_role("heading", level=1)).to_have_text("Help desk")
    suggestion.get_by_role("button", name="Accept").click()
    comment = person.page.locator("sayso-comment")
    comment.get_by_role("textbox").fill("That it depends.")
    comment.get_by_role("button", name="Send").click()
    rows = f"SELECT kind, value, scope FROM feedback WHERE target = '{target}' ORDER BY kind"
    said = [("comment", "That it depends.", "target"), ("suggestion", "accepted", "target")]
    wait_until(lambda: service.query(rows) == said, seconds=120, pause=0.5, what="the rows")
