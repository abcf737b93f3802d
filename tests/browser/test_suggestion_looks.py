"""How `<sayso-suggestion>` looks and reads: nobody is shut out, nothing is cut off, no policy is violated."""

from __future__ import annotations

from typing import Any

import pytest
from browser.standin import Collector, Site, reject
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

LETTER = "Dear Anna,\nyour parcel are delayed because of a strike."
BETTER = "Dear Anna,\nyour parcel is delayed by a strike, and we are sorry about it."
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def one(target: str, more: str = "") -> str:
    """A suggestion with a name of its own."""
    return (
        f'<sayso-suggestion target="{target}" label="Change {target}" original="{LETTER}" suggestion="{BETTER}" '
        f'reasons="Too long, Wrong tone" {more}></sayso-suggestion>'
    )


def show_all(page: Page, site: Site, html: str = "<h1>Reply</h1>") -> None:
    """A page with every view and state."""
    site.html = (
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        + html
        + one("inline")
        + one("block", "view=block")
        + one("none", "view=none")
        + one("off", "disabled")
        + one("kept", "readonly")
        + "".join(one(name) for name in ("accepted", "editing", "edited", "rejected", "undone"))
    )
    page.goto(site.origin)

    def press(target: str, *names: str) -> None:
        for name in names:
            page.locator(f'[target="{target}"]').get_by_role("button", name=name, exact=True).click()

    press("accepted", "Accept")
    press("editing", "Edit")
    press("edited", "Edit")
    page.locator('[target="edited"]').get_by_role("textbox").fill("Dear Anna, sorry.")
    press("edited", "Save")
    press("rejected", "Reject", "Wrong tone")
    press("undone", "Accept", "Undo")


@pytest.mark.parametrize("look", ["light", "dark", "forced", "phone", "rtl", "zoomed", "failed"])
def test_item_10_axe_finds_nothing_in_any_state(
    browser: Browser, site: Site, collector: Collector, axe: str, look: str
) -> None:
    options: dict[str, Any] = {
        "dark": {"color_scheme": "dark"},
        "forced": {"forced_colors": "active"},
        "phone": {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True},
        "zoomed": {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},
    }.get(look, {})
    if look == "failed":
        collector.answer = reject("invalid_value")
    context = browser.new_context(**options)
    page = context.new_page()
    show_all(page, site)
    if look == "rtl":
        page.evaluate("document.documentElement.dir = 'rtl'")
    if look == "failed":
        expect(page.get_by_text("Not saved.").first).to_be_visible()
    # axe takes a page that says nothing of its background to be white, also in the dark.
    page.evaluate("document.documentElement.style.background = 'Canvas'")
    page.evaluate(axe)
    found = page.evaluate("(tags) => axe.run(document, { runOnly: tags })", TAGS)
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
    context.close()


@pytest.mark.parametrize("width", [320, 640])
def test_item_10_nothing_is_wider_than_a_phone(browser: Browser, site: Site, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 640}, has_touch=True, is_mobile=True)
    page = context.new_page()
    show_all(page, site)
    page.locator('[target="inline"]').evaluate("(element) => { element.suggestion = 'x'.repeat(500); }")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for button in page.get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    context.close()


def test_item_10_a_field_for_fingers_is_large_enough_not_to_be_zoomed_to(
    browser: Browser, site: Site
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    page = context.new_page()
    show_all(page, site)
    page.evaluate("document.body.style.fontSize = '12px'")
    size = page.get_by_role("textbox").evaluate("(field) => parseFloat(getComputedStyle(field).fontSize)")
    assert size >= 16
    context.close()


def test_item_01_every_state_is_styled_without_a_violation_under_the_strictest_policy(
    page: Page, site: Site
) -> None:
    show_all(page, site)
    sheets = page.evaluate(
        "new Set(Array.from(document.querySelectorAll('sayso-suggestion'),"
        " ({ shadowRoot }) => shadowRoot.adoptedStyleSheets[0])).size"
    )
    assert sheets == 1
    button = page.locator('[target="inline"]').get_by_role("button", name="Accept")
    assert button.evaluate("(button) => getComputedStyle(button).borderRadius") == "8px"


def test_item_27_a_text_from_right_to_left_reads_so_whatever_the_page_does(page: Page, site: Site) -> None:
    site.html = (
        '<sayso-suggestion target="m" original="שלום לך עולם" suggestion="שלום לכם עולם"></sayso-suggestion>'
    )
    page.goto(site.origin)
    text = page.locator("[part~=text]")
    assert text.evaluate("(text) => getComputedStyle(text).direction") == "rtl"
    assert page.locator("del").inner_text() == "לך"
    page.get_by_role("button", name="Edit").click()
    assert page.get_by_role("textbox").evaluate("(text) => getComputedStyle(text).direction") == "rtl"


def test_item_27_in_a_page_from_right_to_left_the_buttons_begin_at_the_right(page: Page, site: Site) -> None:
    show_all(page, site)
    page.evaluate("document.documentElement.dir = 'rtl'")
    widget = page.locator('[target="inline"]')
    boxes = [widget.get_by_role("button", name=name).bounding_box() for name in ("Accept", "Edit", "Reject")]
    lefts = [box["x"] for box in boxes if box]
    assert lefts == sorted(lefts, reverse=True)
    assert len(lefts) == 3


def test_item_27_words_of_chinese_are_changed_and_not_the_whole_line(page: Page, site: Site) -> None:
    site.html = (
        '<sayso-suggestion target="m" locale="zh" original="今天天气很好" suggestion="今天天气非常好">'
        "</sayso-suggestion>"
    )
    page.goto(site.origin)
    assert (page.locator("del").inner_text(), page.locator("ins").inner_text()) == ("很好", "非常好")


def test_item_27_its_words_are_those_of_the_language_around_it(page: Page, site: Site) -> None:
    site.html = "<div lang=xx>" + one("m") + "</div>"
    page.goto(site.origin)
    page.evaluate("sayso.registerStrings('xx', { accept: 'Übernehmen', accepted: 'Übernommen.' })")
    page.get_by_role("button", name="Übernehmen").click()
    expect(page.get_by_role("status")).to_have_text("Übernommen.")
