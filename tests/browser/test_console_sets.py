"""Candidates, Eval sets and Coverage in a real browser: from a review to a version by keyboard alone, and by axe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.test_console_work import Console, opened, sign_in, tab_to, violations
from integration.console.mined import case, hostile, measured, mined
from playwright.sync_api import Browser, Page, expect
from sayso_ingest import evalsets
from sayso_ingest.evalsets import State
from sayso_ingest.mining import keep_measurement
from sayso_ingest.places import coverage_file

pytestmark = pytest.mark.browser


NOBODY = "http://127.0.0.1:1"
"""Where no collector is."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "default"


@pytest.fixture
def at(folder: Path) -> Iterator[Console]:
    mined(folder, "refund", "export", "invite", "import")
    for hours, share in ((30, 0.4), (2, 0.6)):
        keep_measurement(coverage_file(folder, "helpdesk"), measured(hours=hours, share=share))
    with opened(folder, NOBODY) as console:
        yield console


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """A console in which every text is a stranger's script."""
    folder = tmp_path_factory.mktemp("theirs") / "default"
    hostile(folder)
    with opened(folder, NOBODY) as console:
        yield console


def paths(console: Console, page: Page) -> list[str]:
    """The pages about eval sets, with a case and an answer that they lead to."""
    page.goto(f"{console.url}/evalsets/helpdesk")
    one = page.locator("#cases ~ .near a").first.get_attribute("href") or ""
    page.goto(console.url + one)
    answer = page.locator("a[href^='/interaction']").first.get_attribute("href") or ""
    return ["/candidates", "/candidates?tab=all", "/evalsets", "/evalsets/helpdesk", one, answer, "/coverage"]


def shown(page: Page) -> str:
    return page.locator(".one .turn .words").first.inner_text()


def at_case(target: str) -> re.Pattern[str]:
    """The address of the page on which it is shown."""
    return re.compile(rf"[?&]case={case(target).case_id[:12]}")


def states(folder: Path) -> list[State]:
    return [one.state for one in evalsets.proposals(folder, "helpdesk")]


def test_a_review_is_walked_to_a_promoted_version_by_keyboard_alone(
    page: Page, at: Console, folder: Path
) -> None:
    sign_in(page, f"{at.url}/signin?next=/candidates")
    assert shown(page) == "How do I refund?"
    page.keyboard.press("j")
    page.wait_for_url(at_case("export"))
    page.keyboard.press("k")
    page.wait_for_url(at_case("refund"))
    page.keyboard.press("n")
    page.keyboard.type("a real jax")  # words, not keys
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.get_by_text("One is wanted now.").wait_for()
    page.wait_for_load_state()
    assert shown(page) == "How do I export?"
    page.keyboard.press("x")
    page.get_by_text("One is declined now.").wait_for()
    page.wait_for_load_state()
    page.keyboard.press("u")
    page.wait_for_url(at_case("export"))
    page.keyboard.press("a")
    page.get_by_text("One is wanted now.").wait_for()
    page.wait_for_load_state()
    assert states(folder) == [State.REVIEWED, State.REVIEWED, State.CANDIDATE, State.CANDIDATE]
    page.keyboard.press("p")
    expect(page.get_by_label("Why, for its manifest")).to_be_focused()
    page.keyboard.type("first")
    tab_to(page, "Make the next version")
    page.keyboard.press("Enter")
    page.get_by_text("v1 is made, with 2 cases.").wait_for()
    version = evalsets.read(folder, "helpdesk", 1)
    assert version.note == "first"
    assert {one.input for one in version.cases} == {"How do I refund?", "How do I export?"}
    assert evalsets.proposals(folder, "helpdesk")[0].note in ("a real jax", "first")


def test_boxes_stay_ticked_from_one_candidate_to_the_next_and_are_decided_together(
    page: Page, at: Console, folder: Path
) -> None:
    sign_in(page, f"{at.url}/signin?next=/candidates")
    page.keyboard.press("c")
    page.keyboard.press("j")
    page.wait_for_url(re.compile("case="))
    page.wait_for_load_state()
    page.keyboard.press("c")
    page.get_by_text("With the 2 ticked:").wait_for()
    tab_to(page, "Tick all here")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # Decline, of the group
    page.get_by_text("2 are declined now.").wait_for()
    page.wait_for_load_state()  # the page's script ticks them
    assert states(folder) == [State.DECLINED, State.DECLINED, State.CANDIDATE, State.CANDIDATE]
    page.get_by_role("button", name="Tick all here").click()
    expect(page.locator("#chosen input:checked")).to_have_count(2)
    page.locator("#chosen").get_by_role("button", name="Promote").click()
    page.get_by_text("v1 is made, with 2 cases.").wait_for()


def test_the_keys_are_listed_by_a_question_mark(page: Page, at: Console) -> None:
    sign_in(page, f"{at.url}/signin?next=/candidates")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    assert "back to the one decided last" in keys.inner_text()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


@pytest.mark.parametrize(("look", "width"), [("light", 1280), ("dark", 320)])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window_or_a_phone(
    browser: Browser, at: Console, axe: str, look: str, width: int
) -> None:
    folder = at.users.parent / "default"
    [one, two, *_] = evalsets.proposals(folder, "helpdesk")
    evalsets.promote_candidates(folder, "helpdesk", [one.case.case_id])
    evalsets.review_candidates(folder, "helpdesk", [two.case.case_id])
    context = browser.new_context(color_scheme=look)  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, at.url)
    for path in paths(at, page):
        page.goto(at.url + path)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        for other in (390, width):
            page.set_viewport_size({"width": other, "height": 800})
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, (path, other)
        assert violations(page, axe) == [], path
    page.goto(f"{at.url}/candidates")
    page.wait_for_load_state()
    page.keyboard.press("?")
    assert violations(page, axe) == []
    context.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_what_strangers_wrote_does_nothing_and_breaks_no_page(
    page: Page, theirs: Console, width: int
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, theirs.url)
    for path in paths(theirs, page):
        page.goto(theirs.url + path)
        assert page.title() != "owned"
        assert page.locator("main img, main script").count() == 0
        assert page.locator("main svg:not([aria-hidden=true])").count() == 0
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
    assert [url for url in asked if not url.startswith(theirs.url)] == []


def test_a_gap_leads_to_an_answer_by_keyboard(page: Page, at: Console) -> None:
    sign_in(page, f"{at.url}/signin?next=/coverage")
    tab_to(page, "How do I refund?")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="One answer").wait_for()
    assert page.get_by_text("You refund so.").is_visible()
