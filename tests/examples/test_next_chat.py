"""Next.js with the AI SDK, built for production: the id under which the back end tells sayso of an answer is the one
that its thumbs name, while it streams, after it, and after a reload."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from browser.watch import pressed, until
from examples.apps import EXAMPLES, NEXT, build, running, settings
from examples.people import UP, Person, joined, target_of
from playwright.sync_api import Page, Route, expect
from service import Service

pytestmark = pytest.mark.examples

ANSWERS = 42
A_CHAT = 7  # answers


@pytest.fixture(scope="module")
def url(node: str, service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The built application, running."""
    build(node, service)
    folder = tmp_path_factory.mktemp("next-chat")
    command = [node, NEXT, "start", "--port", "PORT"]
    chats = {"CHATS": str(folder / "chats")}
    with running(EXAMPLES / "next-chat", command, settings(service), folder / "log", **chats) as url:
        yield url


@pytest.fixture
def person(page: Page, url: str) -> Person:
    """Somebody in a new chat."""
    page.goto(url)
    return Person(page)


def test_nearly_all_feedback_joins_through_streaming_and_reloads(
    person: Person, url: str, service: Service
) -> None:
    said: dict[str, str | None] = {}
    for number in range(ANSWERS):
        if number and number % A_CHAT == 0:
            person.page.goto(url)
        widget = person.begin_to_ask()
        if len(person.widgets) > 1:  # the one before, while this one is being written
            said |= [person.press(person.widgets[-2], number)]
        person.wait_for(widget)
        said |= [person.press(widget, number + 1)]
        if number % 3 == 0:
            person.reload()
            assert pressed(person.widgets[-1]) == said[target_of(person.widgets[-1])]
    feedback = joined(service, said)
    assert len(feedback.verdicts) == ANSWERS
    assert set(feedback.verdicts.values()) == {"up", "down", None}
    assert feedback.share >= 0.99


def test_the_interaction_holds_the_question_the_answer_and_the_chat(person: Person, service: Service) -> None:
    widget = person.ask()
    target, verdict = person.press(widget, 0)
    joined(service, {target: verdict})
    answer = person.page.locator("li.assistant p").last.inner_text()
    row = "SELECT input, output, session, model, prompt_name FROM feedback WHERE target = '%s'"
    chat = person.page.url.rpartition("/")[2]
    assert service.query(row % target) == [
        ("How long does a refund take?", answer, chat, "help-desk-1", "help-desk")
    ]


def test_thumbs_cannot_be_pressed_while_the_answer_is_being_written(person: Person) -> None:
    widget = person.begin_to_ask()
    during = target_of(widget)
    assert widget.get_by_role("button", name=UP).is_disabled()
    person.wait_for(widget)
    assert target_of(widget) == during, "the id changed"


def test_an_answer_that_was_cut_off_by_a_reload_is_there_afterwards_and_joins(
    person: Person, service: Service
) -> None:
    cut = target_of(person.begin_to_ask())
    # Loaded again until the server, which wrote on, has the whole answer.
    until(person.page, lambda: person.page.reload() and person.widgets, seconds=30)
    [widget] = person.widgets
    person.wait_for(widget)
    assert target_of(widget) == cut
    target, verdict = person.press(widget, 1)
    assert joined(service, {target: verdict}).share == 1


def test_another_answer_to_the_same_question_is_another_target(person: Person, service: Service) -> None:
    first, verdict = person.press(person.ask(), 1)
    person.page.get_by_role("button", name="Try again").click()
    until(person.page, lambda: person.widgets and target_of(person.widgets[0]) != first)
    [widget] = person.widgets
    person.wait_for(widget)
    assert pressed(widget) is None
    second, other = person.press(widget, 0)
    assert joined(service, {first: verdict, second: other}).share == 1


def test_ids_that_the_browser_makes_do_not_join(person: Person, service: Service) -> None:
    """The README's wrong way: without `originalMessages` the stream carries no id, so the browser makes one."""

    def without_id(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub(r',"messageId":"[^"]+"', "", answer.text()))

    person.page.route("**/api/chat", without_id)
    target, verdict = person.press(person.ask(), 0)
    assert joined(service, {target: verdict}).share == 0


def test_item_18_next_hydrates_without_a_warning(person: Person) -> None:
    """What the console says is held against nothing by every test here: this one has an answer to hydrate."""
    person.ask()
    person.reload()
    expect(person.widgets[0]).to_be_visible()
