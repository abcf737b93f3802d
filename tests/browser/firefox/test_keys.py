"""Keys that send, in Firefox, which gives the rest of a keystroke to whatever has the focus by then."""

from __future__ import annotations

import pytest
from browser.standin import Collector, Site
from browser.watch import pressed, until, visit
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_ctrl_enter_in_the_panel_sends_and_does_not_press_the_thumb_again(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(page, site, '<sayso-thumbs target="msg_1" no-exposure></sayso-thumbs>')
    page.get_by_role("button", name="Bad answer").click()
    page.get_by_role("textbox").fill("Which card?")
    page.keyboard.press("Control+Enter")
    until(page, lambda: collector.of_kind("detail"))
    assert pressed(page.locator("sayso-thumbs")) == "down"


def test_ctrl_enter_in_a_comment_sends_and_does_not_begin_another(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(page, site, '<sayso-comment target="task_1" no-exposure></sayso-comment>')
    page.get_by_role("textbox").fill("Which card?")
    page.keyboard.press("Control+Enter")
    until(page, lambda: collector.of_kind("comment"))
    expect(page.get_by_role("textbox")).to_have_count(0)
