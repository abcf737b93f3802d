"""The console's working pages in a real browser: by keyboard alone, by axe, under hostile content, and end to end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser.watch import until
from integration.console.people import (
    NASTY,
    NOW,
    Taking,
    annotation,
    detail,
    down,
    gather,
    interaction,
    project,
)
from landed import event
from playwright.sync_api import Browser, Page, expect
from sayso_ingest.console import create_app, read_labels
from sayso_ingest.users import Role, add_user
from service import Service
from serving import served

pytestmark = pytest.mark.browser

GOOD = "four words are enough"
PAGES = ["/inbox", "/problems", "/annotate", "/record"]


def events() -> list[dict[str, object]]:
    """Some of each kind, with a stranger's script in every field."""
    said: list[dict[str, object]] = []
    for number, target in enumerate(["a", "b", NASTY]):
        text = NASTY if target == NASTY else f"Open the menu {number}."
        contexts = [{"id": target, "text": text * 40}]
        click = down(target, minutes=20 + number, who=target)
        said += [
            interaction(target, input=text, output=text, model=text, release=text, contexts=contexts),
            click,
            detail(click, minutes=19 + number, comment=text, reasons=[text[:100], "outdated"]),
            event(
                "comment",
                target=target,
                actor=text[:100],
                body={"text": text, "category": text[:60], "expected": text},
            ),
            event(
                "suggestion",
                target=target,
                actor="u5",
                body={"outcome": "rejected", "proposed": text, "original": text},
            ),
        ]
    return [*said, annotation("b", "one", "good"), annotation("b", "two", "bad")]


@dataclass(frozen=True)
class Console:
    """A console on a port, and the file of its users."""

    url: str
    users: Path


@contextmanager
def opened(folder: Path, collector: str) -> Iterator[Console]:
    """Serve a project's console, which ana may enter, until the block ends."""
    users = folder.parent / "users.json"
    add_user(users, "ana", role=Role.ANNOTATE, password=GOOD)
    labels = read_labels("good=1,bad=0,unclear")
    with served(
        create_app(project_folder=folder, collector=collector, labels=labels, now=lambda: NOW)
    ) as url:
        yield Console(url, users)


@pytest.fixture(scope="module")
def taking() -> Taking:
    return Taking()


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory, taking: Taking) -> Iterator[Console]:
    folder = tmp_path_factory.mktemp("console") / "default"
    project(folder, *events())
    gather(folder)
    with taking.served() as collector, opened(folder, collector) as console:
        yield console


def sign_in(page: Page, url: str) -> None:
    """By keyboard alone: the name has the focus."""
    page.goto(url)
    expect(page.get_by_label("Name")).to_be_focused()  # which may come after the page has loaded
    page.keyboard.type("ana")
    page.keyboard.press("Tab")
    page.keyboard.type(GOOD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").wait_for()
    page.wait_for_load_state()  # the page's script listens to keys


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus reads so; the page as a whole reads everything, and is not meant."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focus = page.evaluate(
            """(() => {
                const it = document.activeElement;
                return it === document.body ? "" : [it.innerText, it.labels?.[0]?.innerText].join(" ");
            })()"""
        )
        if words in focus:
            return
    raise AssertionError(f"Tab does not lead to {words!r}")


def violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found: list[str] = page.evaluate(
        "axe.run().then(({violations}) => violations.map(({id, nodes}) => `${id}: ${nodes[0].html.slice(0, 200)}`))"
    )
    return found


@pytest.mark.parametrize(("look", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    browser: Browser, at: Console, axe: str, look: str, width: int
) -> None:
    context = browser.new_context(color_scheme=look, viewport={"width": width, "height": 800})  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{at.url}/inbox")
    assert violations(page, axe) == []
    sign_in(page, f"{at.url}/signin")
    problem = re.search(r"/problems/\w+", (page.goto(f"{at.url}/problems") and page.content()) or "")
    assert problem
    for path in (*PAGES, problem[0]):
        page.goto(at.url + path)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert violations(page, axe) == [], path
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_name_of_the_project_is_not_squeezed_by_that_of_a_person(
    browser: Browser, at: Console, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    sign_in(page, f"{at.url}/signin")
    for person in ("bo", "somebody with a name that is long", "w" * 60):
        page.locator(".person span").evaluate("(element, name) => { element.textContent = name; }", person)
        name = page.locator(".brand").bounding_box()
        assert name, person
        assert name["height"] < 60, person
    context.close()


def test_what_strangers_wrote_does_nothing_on_any_page(page: Page, at: Console) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    sign_in(page, at.url)
    paths = [
        *PAGES,
        *re.findall(r'href="(/problems/\w+)"', (page.goto(f"{at.url}/problems") and page.content()) or ""),
    ]
    for path in paths:
        page.goto(at.url + path)
        assert page.title() != "owned"
        assert page.locator("main img, main script").count() == 0
    assert [url for url in asked if not url.startswith(at.url)] == []


def test_the_queue_is_worked_by_keys_alone(page: Page, at: Console, taking: Taking) -> None:
    sign_in(page, f"{at.url}/signin?next=/annotate")
    before = len(taking.events)
    first = page.locator("#label input[name=target]").get_attribute("value")
    page.keyboard.press("2")
    page.get_by_text("Labelled bad.").wait_for()
    page.wait_for_load_state()
    assert taking.events[before]["body"]["label"] == "bad"
    assert taking.events[before]["target"] == first
    page.keyboard.press("u")
    page.wait_for_url(re.compile("target="))
    assert page.locator("#label input[name=target]").get_attribute("value") == first
    page.keyboard.press("s")
    page.get_by_text("Skipped.").wait_for()
    assert page.locator("#label input[name=target]").get_attribute("value") != first
    tab_to(page, "A note")
    page.keyboard.press("Enter")
    tab_to(page, "Note")
    page.keyboard.type("121 su")  # words, not keys
    assert page.get_by_label("Note").input_value() == "121 su"
    assert len(taking.events) == before + 2


def test_the_inbox_and_a_problem_are_worked_by_keyboard_alone(
    page: Page, at: Console, taking: Taking
) -> None:
    sign_in(page, f"{at.url}/signin?next=/inbox")
    tab_to(page, "Mark as read")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Mark as unread").first).to_be_visible()
    page.wait_for_load_state()
    tab_to(page, "Label it")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Note").first).to_be_visible()
    tab_to(page, "Note")
    page.keyboard.type("Wrong menu")
    tab_to(page, "good")
    before = len(taking.events)
    page.keyboard.press("Enter")
    page.get_by_role("status").wait_for()
    assert taking.events[before]["body"]["note"] == "Wrong menu"
    page.goto(f"{at.url}/problems")
    tab_to(page, "outdated")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What the team says").wait_for()
    tab_to(page, "Owner")
    page.keyboard.type("ana")
    tab_to(page, "Keep")
    page.keyboard.press("Enter")
    page.get_by_text("Kept.").wait_for()
    assert page.get_by_label("Owner").input_value() == "ana"


def test_a_label_given_in_the_browser_lands_in_the_warehouse(page: Page, tmp_path: Path) -> None:
    service = Service(tmp_path / "data")
    try:
        add_user(tmp_path / "data" / "users.json", "ana", role=Role.ANNOTATE, password=GOOD)
        service.send(service.secret, kind="interaction", target="m1", body={"input": "How?", "output": "So."})
        disliked = service.send(service.secret, target="m1", actor="u1", body={"value": "down"})
        until(page, lambda: service.landed(disliked), seconds=90)
        sign_in(page, f"{service.console}/signin?next=/annotate")
        page.keyboard.press("2")
        page.get_by_text("Labelled bad.").wait_for()
        asked = "SELECT target, who, value, score FROM verdicts WHERE kind = 'annotation'"
        until(page, lambda: service.query(asked) == [("m1", "actor:ana", "bad", 0.0)], seconds=90)
        page.goto(f"{service.console}/inbox")
        page.get_by_text("You labelled it").wait_for()
    finally:
        service.stop()
