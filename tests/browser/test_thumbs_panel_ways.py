"""The ways into the panel that asks why and out of it: by keyboard, in dialogs, in a move, read out."""

from __future__ import annotations

import pytest
from browser.asking import DOWN, POPOVER, THUMBS, UP, answer, button, details, panel
from browser.standin import Collector, Site
from browser.watch import pressed, told, until, visit
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("html", [THUMBS, POPOVER], ids=["inline", "popover"])
def test_item_04_the_whole_panel_works_from_the_keyboard_and_escape_goes_back_to_the_thumb(
    page: Page, site: Site, collector: Collector, html: str
) -> None:
    visit(page, site, html)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("[part=heading]")).to_be_focused()
    for name in ("Not correct", "Hard to understand", "Something is missing", "Not what I asked"):
        page.keyboard.press("Tab")
        expect(button(page, name)).to_be_focused()
    page.keyboard.press("Enter")
    expect(button(page, name)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("Hm")
    page.keyboard.press("Escape")
    expect(panel(page)).to_have_count(0)
    expect(button(page, DOWN)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[part=heading]")).to_be_focused()
    for _ in range(6):
        page.keyboard.press("Tab")
    expect(button(page, "Send")).to_be_focused()
    page.keyboard.press("Enter")
    assert details(page, collector)[0]["reasons"] == ["off_topic"]
    expect(button(page, DOWN)).to_be_focused()


@pytest.mark.parametrize("placement", ["inline", "popover"])
def test_item_05_in_a_modal_dialog_escape_closes_only_the_panel(
    page: Page, site: Site, placement: str
) -> None:
    html = POPOVER.replace("popover", placement)
    visit(page, site, f"<dialog aria-label=Answer><p>Long answer</p>{html}</dialog>")
    page.evaluate("document.querySelector('dialog').showModal()")
    answer(page)
    page.keyboard.press("Escape")
    expect(panel(page)).to_have_count(0)
    expect(button(page, DOWN)).to_be_focused()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_item_05_over_the_page_the_panel_can_be_hit_where_its_surroundings_are_cut_off(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(page, site, f"<dialog><div id=bubble>{POPOVER}</div></dialog>")
    page.evaluate(
        """() => {
          const { style } = document.querySelector('#bubble');
          Object.assign(style, { overflow: 'hidden', height: '40px', transform: 'translateX(4px)' });
          document.querySelector('dialog').showModal();
        }"""
    )
    answer(page)
    box = panel(page).bounding_box()
    assert box is not None
    bubble = page.locator("#bubble").bounding_box()
    assert bubble is not None
    assert box["y"] + box["height"] > bubble["y"] + bubble["height"]
    button(page, "Send").click()  # waits until it can be hit
    assert details(page, collector)[0]["comment"] == "Which card?"


def test_item_05_in_a_page_that_traps_the_focus_the_panel_keeps_it(page: Page, site: Site) -> None:
    visit(page, site, f"<div id=trap tabindex=-1>{POPOVER}</div><button>Outside</button>")
    page.evaluate(
        """() => {
          const trap = document.querySelector('#trap');
          document.addEventListener('focusin', ({ target }) => trap.contains(target) || trap.focus());
        }"""
    )
    answer(page)
    expect(page.get_by_role("textbox")).to_be_focused()


def test_a_press_beside_the_panel_over_the_page_closes_it_and_keeps_the_draft(page: Page, site: Site) -> None:
    visit(page, site, f"<h1>Help</h1>{POPOVER}")
    answer(page)
    page.get_by_role("heading", name="Help").click()
    expect(panel(page)).to_have_count(0)
    until(page, lambda: [name for name, *_ in told(page) if name == "close"] == ["close"])
    button(page, "Say more").click()
    expect(page.get_by_role("textbox")).to_have_value("Which card?")


@pytest.mark.parametrize("html", [THUMBS, POPOVER], ids=["inline", "popover"])
@pytest.mark.parametrize("move", ["moveBefore", "append"])
def test_item_06_a_move_keeps_the_open_panel_and_what_was_typed(
    page: Page, site: Site, html: str, move: str
) -> None:
    visit(page, site, f"{html}<section></section>")
    answer(page)
    page.evaluate(
        "(move) => document.querySelector('section')[move](document.querySelector('sayso-thumbs'), null)"
        if move == "moveBefore"
        else "(move) => document.querySelector('section')[move](document.querySelector('sayso-thumbs'))",
        move,
    )
    expect(panel(page)).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_value("Which card?")
    if move == "moveBefore" and html == THUMBS:
        expect(page.get_by_role("textbox")).to_be_focused()


def test_item_06_an_element_made_anew_for_the_same_target_has_what_was_typed(page: Page, site: Site) -> None:
    visit(page, site, THUMBS)
    answer(page)
    page.evaluate(
        """() => {
          const old = document.querySelector('sayso-thumbs');
          const anew = document.createElement('sayso-thumbs');
          anew.target = 'msg_1';
          old.replaceWith(anew);
        }"""
    )
    expect(page.get_by_role("textbox")).to_have_value("Which card?")
    assert pressed(page.locator("sayso-thumbs")) == "down"


def test_item_08_assistive_technology_is_told_of_each_state(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(page, site, THUMBS)
    widget = page.locator("sayso-thumbs")
    expect(widget).to_match_aria_snapshot("""
      - group "Rate this answer":
        - button "Good answer"
        - button "Bad answer"
        - status
    """)
    collector.down = True
    button(page, DOWN).click()
    button(page, "Not correct").click()
    expect(widget).to_match_aria_snapshot("""
      - group "Rate this answer":
        - button "Good answer"
        - button "Bad answer" [expanded] [pressed]
        - status: Saved.
      - group "What went wrong?":
        - paragraph: What went wrong?
        - button "Not correct" [pressed]
        - button "Hard to understand"
        - button "Something is missing"
        - button "Not what I asked"
        - text: In your own words (optional)
        - textbox "In your own words (optional)"
        - button "Send"
        - button "Skip"
    """)
    until(page, lambda: told(page, "queued"))
    assert widget.evaluate("(element) => element.matches(':state(pending)')")
    button(page, "Send").click()
    expect(widget).to_match_aria_snapshot("""
      - group "Rate this answer":
        - button "Good answer"
        - button "Bad answer" [pressed]
        - button "Say more"
        - status: Thank you.
    """)


def test_item_09_each_step_is_read_out_once_and_the_same_words_again(page: Page, site: Site) -> None:
    visit(page, site, THUMBS)
    page.get_by_role("status").first.evaluate(
        """(status) => {
          globalThis.read = [];
          new MutationObserver((changes) => read.push(...changes.flatMap(({ addedNodes }) =>
            [...addedNodes].map(({ data }) => data)))).observe(status, { childList: true });
        }"""
    )
    answer(page)
    button(page, "Send").click()
    for _ in range(2):
        button(page, DOWN).click()
        button(page, UP).click()
        button(page, UP).click()
    words = [text.replace("\u00a0", "") for text in page.evaluate("read")]
    assert words[:2] == ["Saved.", "Thank you."]
    assert words[2:5] == ["Taken back.", "Saved.", "Taken back."]
    assert len(words) == 8


def test_it_opens_in_sight_and_moves_the_thumb_nowhere(page: Page, site: Site) -> None:
    visit(page, site, "<pre>" + "\n" * 60 + f"</pre><p>Was this helpful? {THUMBS}</p>")
    page.set_viewport_size({"width": 480, "height": 500})
    thumb = button(page, DOWN)
    thumb.scroll_into_view_if_needed()
    before = thumb.evaluate(
        "(thumb) => [thumb.getBoundingClientRect().x, thumb.getBoundingClientRect().y + scrollY]"
    )
    thumb.click()
    expect(button(page, "Send")).to_be_in_viewport(ratio=1)
    after = thumb.evaluate(
        "(thumb) => [thumb.getBoundingClientRect().x, thumb.getBoundingClientRect().y + scrollY]"
    )
    assert after == before
