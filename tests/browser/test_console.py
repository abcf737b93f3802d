"""The console in a real browser: light, dark, on a phone, by keyboard, and when strangers are hostile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from crowd import HOSTILE, speak
from judged import graded
from landed import NOW, append, event, land
from playwright.sync_api import Browser, Page
from sayso_ingest.console import create_app, refresher_of
from serving import served

pytestmark = pytest.mark.browser

PAGES = {
    "Overview": "/",
    "Prompts": "/prompts",
    "Suggestions": "/suggestions",
    "Judges": "/judges",
    "Questions": "/questions",
    "Rejects": "/rejects",
    "Health": "/health",
}
PATHS = [
    *(path for path in PAGES.values() if path != "/rejects"),
    "/rejects?reason=invalid_value",
    "/questions/prompt_versions",
    "/questions/what_goes_wrong",
    "/questions/inbox",
    "/nothing",
]
WIDTH = "document.documentElement.scrollWidth"
PHONE = {"width": 320, "height": 640}
AXE = "axe.run().then(({violations}) => violations.map(({id, nodes}) => `${id}: ${nodes[0].html}`))"


def later() -> datetime:
    return NOW + timedelta(minutes=2)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The console of a project, served on a free port."""
    with served(create_app(project_folder=folder, now=later)) as address:
        yield address


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("spoken") / "shop"
    speak(folder, days=3)
    with serving(folder) as address:
        yield address


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile") / "shop"
    speak(folder, HOSTILE, days=2)
    with serving(folder) as address:
        yield address


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_on_a_wide_page_in_light_and_on_a_phone_in_dark_and_all_of_it_fits(
    page: Page, spoken: str, axe: str, path: str
) -> None:
    page.goto(spoken + path)
    page.evaluate(axe)
    assert page.evaluate(AXE) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    assert page.evaluate(AXE) == []
    assert page.evaluate(WIDTH) <= PHONE["width"]


@pytest.mark.parametrize("path", PATHS)
def test_nothing_that_strangers_wrote_runs_or_breaks_the_page(page: Page, hostile: str, path: str) -> None:
    page.goto(hostile + path)
    assert page.evaluate("window.ran") is None
    assert page.locator("main img, main script, main style, main iframe").count() == 0
    assert page.locator("main svg:not([aria-hidden=true])").count() == 0
    page.set_viewport_size(PHONE)
    assert page.evaluate(WIDTH) <= PHONE["width"]
    assert page.get_by_role("heading", level=1).count() == 1


def test_axe_finds_nothing_where_judges_have_a_rate_and_where_they_lack_labels_and_all_of_it_fits(
    page: Page, tmp_path: Path, axe: str
) -> None:
    folder = tmp_path / "shop"
    graded(folder)
    with serving(folder) as address:
        page.goto(f"{address}/judges")
        assert page.get_by_role("link", name="Label one, drawn at random").is_visible()
        page.evaluate(axe)
        assert page.evaluate(AXE) == []
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size(PHONE)
        assert page.evaluate(AXE) == []
        assert page.evaluate(WIDTH) <= PHONE["width"]


def test_what_a_stranger_wrote_can_be_read_as_it_was_written(page: Page, hostile: str) -> None:
    page.goto(f"{hostile}/questions/inbox")
    assert page.get_by_text("<script>window.ran = 1</script>").first.is_visible()


def test_a_page_of_the_copy_before_says_so_in_a_line_until_the_new_one_was_asked(
    page: Page, tmp_path: Path, axe: str
) -> None:
    folder = tmp_path / "shop"
    speak(folder, days=2)
    app = create_app(project_folder=folder, now=later, ahead=True)
    refresher = refresher_of(app)
    refresher.front.slow = 0.0
    with served(app) as address:
        page.goto(f"{address}/health")
        line = page.get_by_text("newer figures are being made")
        assert line.count() == 0
        append(folder, event())
        land(folder)
        page.reload()
        assert line.inner_text() == "As published 2 minutes ago; newer figures are being made."
        page.evaluate(axe)
        assert page.evaluate(AXE) == []
        while refresher.step() == 0.0:  # the others, for the first time
            pass
        page.reload()
        assert line.count() == 0


def test_every_page_is_reached_by_keyboard_alone(page: Page, spoken: str) -> None:
    for name, path in PAGES.items():
        page.goto(spoken)
        tab_to(page, lambda name=name: page.evaluate("document.activeElement.innerText") == name)
        page.keyboard.press("Enter")
        page.wait_for_url(spoken + path)
        assert page.locator("nav [aria-current=page]").inner_text() == name


def test_the_first_stop_of_the_keyboard_skips_the_navigation_and_every_stop_is_visible(
    page: Page, spoken: str
) -> None:
    page.goto(f"{spoken}/suggestions")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to the page"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    for _ in range(8):
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Tab")


def test_on_a_phone_the_menu_opens_and_closes_by_keyboard(page: Page, spoken: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(spoken)
    menu = page.get_by_role("button", name="Menu")
    pages = page.get_by_role("navigation", name="Pages")
    assert not pages.is_visible()
    menu.press("Enter")
    assert pages.is_visible()
    page.keyboard.press("Escape")
    assert not pages.is_visible()


def test_a_press_on_a_column_sorts_by_it_and_the_address_can_be_shared(page: Page, spoken: str) -> None:
    page.goto(f"{spoken}/questions/reject_reasons")
    page.get_by_role("link", name="reason", exact=True).click()
    assert "sort=reason" in page.url
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("reason")


def test_a_table_is_downloaded_with_a_name_of_its_own(page: Page, spoken: str) -> None:
    page.goto(f"{spoken}/rejects")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download Why as csv").click()
    assert download.value.suggested_filename == "shop-reasons.csv"


def test_colours_follow_the_reader_also_within_charts(browser: Browser, spoken: str) -> None:
    drawn = "getComputedStyle(document.querySelector('.chart .wide [stroke=\"var(--mark-1)\"]')).stroke"
    seen = {}
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(f"{spoken}/prompts")
        seen[scheme] = page.evaluate(drawn)
        page.close()
    assert seen["light"] != seen["dark"]


def tab_to(page: Page, found: Callable[[], bool]) -> None:
    """Press Tab until something is found."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if found():
            return
    raise AssertionError("forty times Tab, and it was not reached")
