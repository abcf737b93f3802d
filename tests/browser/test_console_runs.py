"""Runs in a real browser: from the list to a case by keyboard alone, by axe, on a phone, and with hostile texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from browser.test_console_sets import NOBODY
from browser.test_console_work import Console, opened, sign_in, tab_to, violations
from integration.console.ran_sets import Ran, hostile_runs, keep_run, ran
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("runs") / "default"
    two = ran(folder)
    return two._replace(third=keep_run(folder, two.version, two.worse.results, version_of="v3").run_id)


@pytest.fixture(scope="module")
def at(two: Ran) -> Iterator[Console]:
    with opened(two.better.path.parents[1], NOBODY) as console:
        yield console


@pytest.fixture
def shown(at: Console, two: Ran) -> tuple[Console, Ran]:
    return at, two


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Console, Ran]]:
    """A console in which every text is a stranger's script."""
    folder = tmp_path_factory.mktemp("theirs") / "default"
    two = hostile_runs(folder)
    with opened(folder, NOBODY) as console:
        yield console, two


def paths(two: Ran) -> list[str]:
    [before, after] = [one.manifest.prompt for one in (two.worse, two.better)]
    assert before
    assert after
    pair = f"a={two.worse.run_id}&b={two.better.run_id}"
    return [
        "/runs",
        f"/runs/{two.better.run_id}",
        f"/runs/{two.better.run_id}/cases",
        f"/runs/compare?{pair}",
        f"/runs/compare/cases?{pair}",
        f"/runs/compare/cases?{pair}&text=nowhere",
        f"/runs/compare?run={two.worse.run_id}&run={two.better.run_id}&run={two.third}",
        "/prompts",
        f"/prompts?{urlencode({'prompt': after.name, 'a': before.version, 'b': after.version})}",
        f"/evalsets/helpdesk/{two.version.cases[0].case_id[:12]}",
    ]


def asked(page: Page) -> str:
    return page.locator(".one .turn .words").first.inner_text()


def test_two_runs_are_chosen_compared_and_walked_through_case_by_case_by_keyboard_alone(
    page: Page, at: Console
) -> None:
    sign_in(page, f"{at.url}/signin?next=/runs")
    page.get_by_label(re.compile("Choose help-v1")).focus()
    page.keyboard.press("Space")
    page.get_by_label(re.compile("Choose help-v2")).focus()
    page.keyboard.press("Space")
    tab_to(page, "Compare those that are ticked")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Is help@v2 better than help@v1?").wait_for()
    tab_to(page, "Case by case")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/compare/cases"))
    page.wait_for_load_state()
    assert asked(page) == "How do I export?"
    page.keyboard.press("2")
    page.wait_for_url(re.compile("tab=better"))
    page.wait_for_load_state()
    assert asked(page) == "How do I refund?"
    page.keyboard.press("0")
    page.wait_for_url(re.compile("tab=all"))
    page.wait_for_load_state()
    seen = [asked(page)]
    for key in ("j", "ArrowRight", "ArrowLeft", "k"):
        before = page.url
        page.keyboard.press(key)
        page.wait_for_url(lambda url, before=before: url != before)
        page.wait_for_load_state()
        seen.append(asked(page))
    assert seen[0] == seen[4]
    assert seen[1] == seen[3]
    assert len(set(seen)) == 3


def test_the_keys_are_listed_by_a_question_mark(page: Page, at: Console, two: Ran) -> None:
    sign_in(page, f"{at.url}/signin")
    page.goto(at.url + paths(two)[4])
    page.wait_for_load_state()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    assert "the next case" in keys.inner_text()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


@pytest.mark.parametrize(("look", "width"), [("light", 1280), ("dark", 320)])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window_or_a_phone(
    browser: Browser, shown: tuple[Console, Ran], axe: str, look: str, width: int
) -> None:
    at, two = shown
    context = browser.new_context(color_scheme=look)  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, f"{at.url}/signin")
    for path in paths(two):
        page.goto(at.url + path)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        for other in (390, width):
            page.set_viewport_size({"width": other, "height": 800})
            assert page.evaluate(WIDER) <= 0, (path, other)
        assert violations(page, axe) == [], path
    page.goto(at.url + paths(two)[4])
    page.wait_for_load_state()
    page.keyboard.press("?")
    assert violations(page, axe) == []
    context.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_what_strangers_and_models_wrote_does_nothing_and_breaks_no_page(
    page: Page, theirs: tuple[Console, Ran], width: int
) -> None:
    console, two = theirs
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.on("dialog", lambda dialog: requested.append(dialog.message))
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, f"{console.url}/signin")
    for path in paths(two):
        page.goto(console.url + path)
        assert page.title() != "owned"
        assert page.locator("main img, main script").count() == 0
        assert page.locator("main svg:not([aria-hidden=true])").count() == 0
        assert page.evaluate(WIDER) <= 0, path
    assert [url for url in requested if not url.startswith(console.url)] == []
