"""What is said in the panel that asks why: answered, left, found again, sent."""

from __future__ import annotations

import pytest
from browser.asking import DOWN, QUESTION, THUMBS, UP, answer, button, details, panel
from browser.standin import Collector, Site
from browser.watch import kept, pressed, told, until, visit
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = pytest.mark.browser


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


def test_item_11_a_locked_verdict_stays_in_a_tab_that_was_open_before(
    page: Page, context: BrowserContext, site: Site, collector: Collector
) -> None:
    visit(page, site, THUMBS.replace("no-exp", "locked no-exp"))
    other = context.new_page()
    other.goto(site.origin)
    button(page, UP).click()
    until(other, lambda: "verdicts" in kept(other))
    button(other, DOWN).click()
    assert pressed(other.locator("sayso-thumbs")) == "up"
    until(page, lambda: told(page, "sent"))
    assert collector.thumbs == [("msg_1", "up", None)]
