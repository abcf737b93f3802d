"""How the widgets look in Firefox, in light and in dark: nobody is shut out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from browser import test_suggestion_looks as suggestions
from browser import test_thumbs_looks as thumbs
from browser.standin import Collector, Site, reject
from browser.watch import complaints, visit
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

DARK = {"layout.css.prefers-color-scheme.content-override": 0}
HEAD = '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'


@pytest.fixture(scope="module", params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def browser(browser: Browser, launch: Callable[..., Browser], scheme: str) -> Iterator[Browser]:
    """The Firefox of somebody who likes one of the colour schemes; light is what it comes with."""
    if scheme == "light":
        yield browser
        return
    browser = launch(**DARK)
    yield browser
    browser.close()


def test_item_10_axe_finds_nothing_in_any_state(
    page: Page, site: Site, collector: Collector, axe: str, scheme: str
) -> None:
    collector.answer = reject("invalid_value")
    visit(page, site, HEAD + thumbs.STATES)
    assert page.evaluate("(name) => matchMedia(`(prefers-color-scheme: ${name})`).matches", scheme)
    thumbs.bring_into_every_state(page)
    page.evaluate("document.documentElement.style.background = 'Canvas'")
    assert complaints(page, axe) == []


def test_item_10_axe_finds_nothing_in_any_state_of_a_suggestion(
    page: Page, site: Site, axe: str, scheme: str
) -> None:
    suggestions.show_all(page, site)
    page.evaluate("document.documentElement.style.background = 'Canvas'")
    assert complaints(page, axe) == []
