"""How `<sayso-thumbs>` and `<sayso-comment>` look, for everybody: in every state, colour scheme, size and direction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from browser.standin import Collector, Site, reject
from browser.watch import complaints, visit
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

UP, DOWN = "Good answer", "Bad answer"
THUMBS = '<sayso-thumbs target="msg_1" no-exposure></sayso-thumbs>'

#: As a browser shows them: 200 % zoom is half as many pixels, each twice as large.
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "forced colours, dark": {"forced_colors": "active", "color_scheme": "dark"},
    "right to left": {},
    "200 %": {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},
    "320 px": {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True},
    "brand": {},
}

STATES = """
  <h1>Help</h1>
  <sayso-thumbs target="a" label="About refunds"></sayso-thumbs>
  <sayso-thumbs target="b" label="About parcels" value="up" readonly></sayso-thumbs>
  <sayso-thumbs target="c" label="About returns" value="down" disabled></sayso-thumbs>
  <sayso-thumbs target="d" label="About prices"></sayso-thumbs>
  <sayso-thumbs target="e" label="About dates"></sayso-thumbs>
  <sayso-thumbs target="f" label="About names" placement="popover"></sayso-thumbs>
  <sayso-comment target="g" label="Empty"></sayso-comment>
  <sayso-comment target="h" label="Too long" maxlength="5"></sayso-comment>
  <sayso-comment target="i" label="Sent"></sayso-comment>
  <sayso-comment target="j" label="Off" disabled></sayso-comment>
"""


@pytest.fixture
def looked_at(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page in some look."""
    look = request.param
    context = browser.new_context(**LOOKS[look])
    page = context.new_page()
    direction = "rtl" if look == "right to left" else "ltr"
    head = (
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
    )
    visit(page, site, f"{head}<div dir={direction}>{STATES}</div>")
    if look == "brand":
        page.evaluate("document.body.style.setProperty('--sayso-accent', '#2456d6')")
    yield page
    context.close()


def bring_into_every_state(page: Page) -> None:
    """Press, choose, type and send, until each state is to be seen."""

    def press(label: str, name: str) -> None:
        page.get_by_role("group", name=label).get_by_role("button", name=name).click()

    press("About refunds", UP)
    press("About dates", DOWN)
    page.get_by_role("button", name="Skip").click()
    press("About prices", DOWN)
    page.get_by_role("button", name="Not correct").click()
    for label in ("Too long", "Sent"):
        page.get_by_role("textbox", name=label).fill("It took three tries.")
    page.locator("sayso-comment[label=Sent]").evaluate("(comment) => comment.submit()")
    page.locator("sayso-comment[label=Empty]").evaluate("(comment) => comment.submit()")
    expect(page.get_by_text("Not saved.").first).to_be_visible()


@pytest.mark.parametrize("looked_at", LOOKS, indirect=True)
def test_item_10_axe_finds_nothing_in_any_state_nor_is_anything_too_small_to_be_hit_or_too_wide(
    looked_at: Page, collector: Collector, axe: str
) -> None:
    collector.answer = reject("invalid_value")
    bring_into_every_state(looked_at)
    assert complaints(looked_at, axe) == []
    least = 44 if looked_at.evaluate("matchMedia('(pointer: coarse)').matches") else 24
    boxes = [one.bounding_box() for one in looked_at.get_by_role("button").all() if one.is_visible()]
    assert len(boxes) > 20
    assert all(box and min(box["width"], box["height"]) >= least for box in boxes)
    assert looked_at.evaluate("document.documentElement.scrollWidth <= innerWidth")
    looked_at.get_by_role("group", name="About names").get_by_role("button", name=DOWN).click()
    looked_at.get_by_role("button", name="Not correct").last.click()
    assert complaints(looked_at, axe) == []


def contrast(page: Page, selector: str, colour: str) -> float:
    """How far a colour of an element stands out from the white page, by WCAG's formula."""
    return float(
        page.locator(selector).first.evaluate(
            """(element, colour) => {
              const canvas = new OffscreenCanvas(1, 1).getContext('2d');
              canvas.fillStyle = 'white';
              canvas.fillRect(0, 0, 1, 1);
              canvas.fillStyle = getComputedStyle(element)[colour];
              canvas.fillRect(0, 0, 1, 1);
              const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((byte) => {
                const share = byte / 255;
                return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
              });
              return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
            }""",
            colour,
        )
    )


def test_item_10_icons_and_borders_stand_out(page: Page, site: Site) -> None:
    visit(page, site, THUMBS)
    page.get_by_role("button", name=DOWN).click()
    assert contrast(page, "[part=icon]", "stroke") >= 3
    assert contrast(page, "[part=reason]", "borderTopColor") >= 3
    assert contrast(page, "textarea", "borderTopColor") >= 3


def test_a_pressed_reason_differs_by_more_than_colour(page: Page, site: Site) -> None:
    visit(page, site, THUMBS)
    page.get_by_role("button", name=DOWN).click()
    reason = page.get_by_role("button", name="Not correct")
    assert reason.evaluate("(reason) => getComputedStyle(reason).boxShadow") == "none"
    before = reason.bounding_box()
    reason.click()
    assert "inset" in reason.evaluate("(reason) => getComputedStyle(reason).boxShadow")
    assert reason.bounding_box() == before


@pytest.mark.parametrize("looked_at", ["forced colours"], indirect=True)
def test_item_10_with_forced_colours_buttons_look_like_buttons_and_what_is_pressed_stands_out(
    looked_at: Page,
) -> None:
    def colours(name: str) -> Any:
        button = looked_at.get_by_role("button", name=name).first
        return button.evaluate(
            "(one) => [getComputedStyle(one).backgroundColor, getComputedStyle(one).color]"
        )

    looked_at.get_by_role("group", name="About prices").get_by_role("button", name=DOWN).click()
    looked_at.get_by_role("button", name="Not correct").click()
    looked_at.mouse.move(0, 0)
    assert colours("Send") == colours("Skip") == colours("Hard to understand")
    highlight = looked_at.evaluate(
        """() => {
          document.body.style.color = 'HighlightText';
          document.body.style.background = 'Highlight';
          return [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color];
        }"""
    )
    assert colours("Not correct") == highlight


def test_nothing_moves_for_people_who_want_it_still(browser: Browser, site: Site) -> None:
    for motion, expected in (("reduce", "none"), ("no-preference", "pop")):
        context = browser.new_context(reduced_motion=motion)
        page = context.new_page()
        visit(page, site, THUMBS)
        page.get_by_role("button", name=UP).click()
        icon = page.get_by_role("button", name=UP).locator("svg")
        assert icon.evaluate("(icon) => getComputedStyle(icon).animationName") == expected
        context.close()


def left(page: Page, selector: str, nth: int = 0) -> float:
    """Where something begins, from the left."""
    box = page.locator(selector).nth(nth).bounding_box()
    assert box is not None
    return box["x"]


def test_item_27_from_right_to_left_the_panel_is_mirrored_and_the_icons_are_not(
    page: Page, site: Site
) -> None:
    visit(page, site, f"<div>{THUMBS}</div>")
    page.get_by_role("button", name=DOWN).click()
    icons = "[...document.querySelector('sayso-thumbs').shadowRoot.querySelectorAll('svg')]"
    turns = f"{icons}.map((icon) => getComputedStyle(icon).rotate)"
    before = page.evaluate(turns)
    assert left(page, "[part=reason]") < left(page, "[part=reason]", 1)
    page.evaluate("document.querySelector('div').dir = 'rtl'")
    assert left(page, "[part~=up]") > left(page, "[part~=down]")
    assert left(page, "[part=reason]") > left(page, "[part=reason]", 1)
    assert left(page, "[part=submit]") > left(page, "[part=cancel]")
    assert page.evaluate(turns) == before == ["none", "180deg", "none"]


def test_item_27_long_labels_wrap_on_a_narrow_page(browser: Browser, site: Site) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    word = "Rechtsschutzversicherungsgesellschaften"
    visit(page, site, THUMBS.replace("no-exp", f'reasons="{word}, {word} {word} {word}" no-exp'))
    page.get_by_role("button", name=DOWN).click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    panel = page.locator("[part=panel]").bounding_box()
    reason = page.get_by_role("button", name=word).last.bounding_box()
    assert panel
    assert reason
    assert reason["x"] + reason["width"] <= panel["x"] + panel["width"]
    context.close()


def test_item_28_fingers_get_letters_that_no_phone_zooms_to(browser: Browser, site: Site) -> None:
    context = browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 320, "height": 640})
    page = context.new_page()
    visit(
        page,
        site,
        f'<meta name="viewport" content="width=device-width">{THUMBS}<sayso-comment target=a></sayso-comment>',
    )
    page.evaluate("document.body.style.fontSize = '12px'")
    page.get_by_role("button", name=DOWN).click()
    for field in page.locator("textarea").all():
        assert field.evaluate("(field) => parseFloat(getComputedStyle(field).fontSize)") >= 16
    context.close()
