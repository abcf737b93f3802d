"""The panel that asks why after a thumb down: opened, answered, left, found again."""

from __future__ import annotations

from typing import Any

import pytest
from browser.standin import Collector, Site
from browser.watch import kept, pressed, told, until, visit
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

THUMBS = '<sayso-thumbs target="msg_1" no-exposure></sayso-thumbs>'
POPOVER = '<sayso-thumbs target="msg_1" placement="popover" no-exposure></sayso-thumbs>'
UP, DOWN = "Good answer", "Bad answer"
QUESTION = "What went wrong?"


def button(page: Page, name: str) -> Locator:
    """A button by its whole name."""
    return page.get_by_role("button", name=name, exact=True)


def panel(page: Page) -> Locator:
    """The open panel, if there is one."""
    return page.get_by_role("group", name=QUESTION)


def answer(page: Page, reason: str = "Hard to understand", words: str = "Which card?") -> None:
    """Press the thumb down, choose a reason, write something."""
    button(page, DOWN).click()
    button(page, reason).click()
    page.get_by_role("textbox").fill(words)


def details(page: Page, collector: Collector, count: int = 1) -> list[Any]:
    """The bodies of the details that arrived, in order."""
    until(page, lambda: len(collector.of_kind("detail")) >= count)
    return [event["body"] for event in sorted(collector.of_kind("detail"), key=lambda one: one["seq"])]


def test_what_is_said_in_the_panel_follows_the_press_as_a_detail(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(page, site, THUMBS)
    answer(page)
    button(page, "Not correct").click()
    button(page, "Send").click()
    [body] = details(page, collector)
    [thumb] = collector.of_kind("thumb")
    assert body == {"about": thumb["id"], "reasons": ["unclear", "incorrect"], "comment": "Which card?"}
    expect(page.get_by_text("Thank you.")).to_be_visible()
    expect(panel(page)).to_have_count(0)
    expect(button(page, DOWN)).to_be_focused()
    names = [name for name, *_ in told(page) if name not in ("sent", "queued")]
    assert names == ["rate", "open", "feedback", "detail", "close", "feedback"]
    [detail] = told(page, "detail")
    assert detail == {
        "target": "msg_1",
        "part": "",
        "value": "down",
        "reasons": ["unclear", "incorrect"],
        "comment": "Which card?",
    }


def test_the_press_is_sent_before_anything_is_asked(page: Page, site: Site, collector: Collector) -> None:
    visit(page, site, THUMBS)
    button(page, DOWN).click()
    expect(panel(page)).to_be_visible()
    until(page, lambda: collector.thumbs)
    assert collector.thumbs == [("msg_1", "down", None)]


def test_nothing_is_required_and_skip_sends_nothing(page: Page, site: Site, collector: Collector) -> None:
    visit(page, site, THUMBS)
    button(page, DOWN).click()
    button(page, "Send").click()
    expect(panel(page)).to_have_count(0)
    button(page, "Say more").click()
    page.get_by_role("textbox").fill("no")
    button(page, "Skip").click()
    until(page, lambda: told(page, "sent"))
    assert [event["kind"] for event in collector.events] == ["thumb"]
    assert "no" not in told(page, "detail")
    assert kept(page).count('\\"comment\\"') == 0


@pytest.mark.parametrize(
    ("attribute", "asked"), [("none", []), ("up", [UP]), ("down", [DOWN]), ("both", [UP, DOWN])]
)
def test_the_page_says_after_which_thumb_is_asked(
    page: Page, site: Site, attribute: str, asked: list[str]
) -> None:
    visit(page, site, THUMBS.replace("no-exp", f'comment="{attribute}" no-exp'))
    for name in (UP, DOWN):
        button(page, name).click()
        expect(page.get_by_role("textbox")).to_have_count(int(name in asked))


def test_reasons_come_from_attributes_and_properties_each_thumb_with_its_own(
    page: Page, site: Site, collector: Collector
) -> None:
    html = THUMBS.replace("no-exp", 'comment="both" reasons="Too long, Rude" no-exp')
    visit(page, site, html)
    page.locator("sayso-thumbs").evaluate(
        "(element) => { element.upReasons = [{ id: 'tone', label: '<img src=x onerror=alert(1)>' }, 'Short']; }"
    )
    button(page, DOWN).click()
    assert page.get_by_role("group", name=QUESTION).get_by_role("button").all_inner_texts() == [
        "Too long",
        "Rude",
        "Send",
        "Skip",
    ]
    button(page, UP).click()
    button(page, "<img src=x onerror=alert(1)>").click()
    button(page, "Send").click()
    [body] = details(page, collector)
    assert body["reasons"] == ["tone"]


def test_ctrl_enter_sends(page: Page, site: Site, collector: Collector) -> None:
    visit(page, site, THUMBS)
    answer(page)
    page.keyboard.press("Control+Enter")
    assert details(page, collector)[0]["comment"] == "Which card?"


def test_opened_again_it_shows_what_was_said_also_after_a_reload(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(page, site, THUMBS)
    answer(page)
    button(page, "Send").click()
    details(page, collector)
    button(page, "Say more").click()
    expect(button(page, "Hard to understand")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("textbox")).to_have_value("Which card?")
    until(page, lambda: len(told(page, "sent")) == 2)
    page.reload()
    assert "Which card?" not in kept(page)
    button(page, "Say more").click()
    expect(button(page, "Hard to understand")).to_have_attribute("aria-pressed", "true")
    button(page, "Something is missing").click()
    button(page, "Send").click()
    first, second = details(page, collector, 2)
    assert second == {"about": first["about"], "reasons": ["unclear", "incomplete"]}


def test_taken_back_the_detail_is_gone_from_view_and_from_storage(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(page, site, THUMBS)
    answer(page)
    button(page, DOWN).click()
    expect(panel(page)).to_have_count(0)
    expect(button(page, "Say more")).to_have_count(0)
    assert "Which card?" not in kept(page)
    button(page, DOWN).click()
    expect(page.get_by_role("textbox")).to_have_value("")
    until(page, lambda: len(collector.thumbs) == 3)
    assert collector.of_kind("detail") == []


def test_a_slip_to_the_other_thumb_and_back_loses_no_words(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(page, site, THUMBS)
    answer(page)
    button(page, UP).click()
    expect(page.get_by_role("textbox")).to_have_count(0)
    button(page, DOWN).click()
    expect(page.get_by_role("textbox")).to_have_value("Which card?")
    expect(button(page, "Hard to understand")).to_have_attribute("aria-pressed", "false")
    button(page, "Send").click()
    [body] = details(page, collector)
    *_, last = sorted(collector.of_kind("thumb"), key=lambda thumb: thumb["seq"])
    assert body == {"about": last["id"], "reasons": [], "comment": "Which card?"}


def test_what_was_typed_and_not_sent_survives_escape_and_reload_and_is_never_sent_by_itself(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(page, site, THUMBS)
    answer(page)
    page.reload()
    expect(page.get_by_role("textbox")).to_have_value("Which card?")
    expect(button(page, "Hard to understand")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("document.activeElement.localName") == "body"
    page.get_by_role("textbox").press("Escape")
    expect(panel(page)).to_have_count(0)
    page.reload()
    expect(panel(page)).to_have_count(0)
    button(page, "Say more").click()
    expect(page.get_by_role("textbox")).to_have_value("Which card?")
    assert collector.of_kind("detail") == []
    button(page, "Send").click()
    until(page, lambda: told(page, "sent"))
    assert "Which card?" not in kept(page)


def test_a_verdict_that_only_the_page_knows_of_is_not_asked_about(page: Page, site: Site) -> None:
    visit(page, site, THUMBS.replace("no-exp", 'value="down" no-exp'))
    page.locator("sayso-thumbs").evaluate("(element) => element.open()")
    expect(panel(page)).to_have_count(0)
    expect(button(page, "Say more")).to_have_count(0)


def test_methods_do_what_a_person_can_do(page: Page, site: Site, collector: Collector) -> None:
    visit(page, site, THUMBS)
    widget = page.locator("sayso-thumbs")
    answer(page)
    widget.evaluate("(element) => element.close()")
    expect(panel(page)).to_have_count(0)
    widget.evaluate("(element) => element.open()")
    expect(panel(page)).to_be_visible()
    widget.evaluate("(element) => element.submit()")
    details(page, collector)
    page.evaluate("document.activeElement.blur()")
    widget.evaluate("(element) => element.focus()")
    expect(button(page, DOWN)).to_be_focused()
    widget.evaluate("(element) => element.clear()")
    assert pressed(widget) is None
    until(page, lambda: len(collector.thumbs) == 2)
    assert collector.thumbs[1] == ("msg_1", None, "down")


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
    assert [name for name, *_ in told(page) if name == "close"] == ["close"]
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


def test_item_12_a_page_can_stop_a_detail_and_nothing_is_lost(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(page, site, THUMBS)
    page.evaluate("document.addEventListener('sayso-detail', (event) => event.preventDefault())")
    answer(page)
    button(page, "Send").click()
    expect(panel(page)).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_value("Which card?")
    until(page, lambda: told(page, "sent"))
    assert collector.of_kind("detail") == []


def test_item_13_a_page_that_sets_the_value_itself_makes_no_loop_and_loses_no_panel(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(page, site, THUMBS)
    page.evaluate(
        """() => {
          const set = ({ target, detail: { value } }) => { target.value = value; };
          document.addEventListener('sayso-rate', set);
          document.addEventListener('sayso-feedback', ({ target, detail: { body } }) => {
            if ('value' in body) target.value = body.value;
          });
        }"""
    )
    answer(page)
    button(page, "Send").click()
    assert len(details(page, collector)) == 1
    button(page, DOWN).click()
    until(page, lambda: len(collector.thumbs) == 2)
    assert collector.thumbs == [("msg_1", "down", None), ("msg_1", None, "down")]
    assert pressed(page.locator("sayso-thumbs")) is None


def test_item_11_the_first_verdict_stays_where_it_is_locked(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(page, site, THUMBS.replace("no-exp", "locked no-exp"))
    button(page, UP).click()
    for name in (UP, DOWN):
        expect(button(page, name)).to_have_attribute("aria-disabled", "true")
        button(page, name).click(force=True)
    assert pressed(page.locator("sayso-thumbs")) == "up"
    until(page, lambda: told(page, "sent"))
    assert collector.thumbs == [("msg_1", "up", None)]


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
