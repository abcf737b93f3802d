"""`<sayso-comment>` in a real browser."""

from __future__ import annotations

import pytest
from browser.standin import Collector, Site, reject
from browser.watch import kept, told, until, visit
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

COMMENT = '<sayso-comment target="task_1" no-exposure></sayso-comment>'
THANKS = "Thank you."


def test_a_comment_is_sent_and_thanked_for_in_place(page: Page, site: Site, collector: Collector) -> None:
    visit(page, site, COMMENT.replace("no-exp", 'category="idea" name="tone" part="p" no-exp'))
    page.get_by_role("textbox", name="Your comment").fill("  Which card? ")
    page.get_by_role("button", name="Send").click()
    until(page, lambda: collector.of_kind("comment"))
    [event] = collector.of_kind("comment")
    assert (event["target"], event["part"]) == ("task_1", "p")
    assert event["body"] == {"text": "Which card?", "category": "idea", "name": "tone"}
    expect(page.get_by_text(THANKS)).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_count(0)
    expect(page.get_by_role("button", name="Write another")).to_be_focused()
    assert [name for name, *_ in told(page)][:2] == ["comment", "feedback"]


def test_another_can_be_written(page: Page, site: Site, collector: Collector) -> None:
    visit(page, site, COMMENT)
    page.get_by_role("textbox").fill("one")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Write another").click()
    expect(page.get_by_role("textbox")).to_be_focused()
    expect(page.get_by_role("textbox")).to_have_value("")
    page.keyboard.type("two")
    page.keyboard.press("Meta+Enter")
    until(page, lambda: len(collector.of_kind("comment")) == 2)
    assert [event["body"]["text"] for event in collector.of_kind("comment")] == ["one", "two"]


def test_nothing_is_not_sent_and_that_is_said(page: Page, site: Site, collector: Collector) -> None:
    visit(page, site, COMMENT)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Please write something first.")).to_be_visible()
    expect(page.get_by_role("textbox")).to_be_focused()
    assert (told(page), collector.requests) == ([], [])


def test_what_is_too_long_is_counted_not_cut_and_not_sent(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(page, site, COMMENT.replace("no-exp", 'maxlength="120" no-exp'))
    field = page.get_by_role("textbox")
    field.fill("x" * 10)
    expect(page.get_by_text("Characters left")).to_have_count(0)
    for length, left in ((25, 90), (112, 8), (125, -5)):
        field.fill("x" * length)
        expect(page.get_by_text("Characters left")).to_have_text(f"Characters left: {left}")
    page.get_by_role("button", name="Send").click()
    expect(field).to_have_value("x" * 125)
    assert collector.requests == []
    field.fill("x" * 120)
    page.get_by_role("button", name="Send").click()
    until(page, lambda: collector.of_kind("comment"))


def test_what_was_typed_survives_a_reload_until_it_is_sent(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(page, site, COMMENT + '<sayso-comment target="task_2" draft-key="k" no-exposure></sayso-comment>')
    first, second = page.get_by_role("textbox").all()
    first.fill("Which card?")
    second.fill("other")
    page.reload()
    expect(first).to_have_value("Which card?")
    expect(second).to_have_value("other")
    assert collector.requests == []
    page.get_by_role("button", name="Send").first.click()
    until(page, lambda: told(page, "sent"))
    assert "Which card?" not in kept(page)
    page.reload()
    expect(first).to_have_value("")


def test_item_06_a_move_keeps_what_was_typed(page: Page, site: Site) -> None:
    visit(page, site, f"{COMMENT}<section></section>")
    page.get_by_role("textbox").fill("Which card?")
    page.evaluate("document.querySelector('section').append(document.querySelector('sayso-comment'))")
    expect(page.get_by_role("textbox")).to_have_value("Which card?")


def test_item_12_a_page_can_stop_a_comment_and_nothing_is_lost(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(page, site, COMMENT)
    page.evaluate("document.addEventListener('sayso-comment', (event) => event.preventDefault())")
    page.get_by_role("textbox").fill("Which card?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("textbox")).to_have_value("Which card?")
    assert collector.requests == []


def test_in_a_form_it_is_a_field_of_the_form(page: Page, site: Site) -> None:
    html = '<sayso-comment target="t" name="words" required no-exposure></sayso-comment>'
    visit(page, site, f"<form><fieldset>{html}</fieldset></form>")
    form = page.locator("form")
    assert form.evaluate("(form) => form.checkValidity()") is False
    page.get_by_role("textbox").fill("Which card?")
    assert form.evaluate("(form) => form.checkValidity()") is True
    assert form.evaluate("(form) => new FormData(form).get('words')") == "Which card?"
    page.locator("fieldset").evaluate("(set) => { set.disabled = true; }")
    expect(page.get_by_role("textbox")).to_be_disabled()
    page.locator("fieldset").evaluate("(set) => { set.disabled = false; }")
    form.evaluate("(form) => form.reset()")
    expect(page.get_by_role("textbox")).to_have_value("")


def test_its_value_can_be_set_before_the_script_came(page: Page, site: Site) -> None:
    site.policy = "default-src *; script-src * 'unsafe-inline'"
    visit(
        page,
        site,
        f"{COMMENT}<script>document.querySelector('sayso-comment').value = 'early'</script>",
    )
    expect(page.get_by_role("textbox")).to_have_value("early")
    page.locator("sayso-comment").evaluate("(element) => element.clear()")
    expect(page.get_by_role("textbox")).to_have_value("")


def test_readonly_and_disabled_comments_take_nothing(page: Page, site: Site, collector: Collector) -> None:
    visit(page, site, COMMENT)
    widget = page.locator("sayso-comment")
    page.get_by_role("textbox").fill("x")
    for flag in ("disabled", "readonly"):
        widget.evaluate(
            "(element, flag) => { element[flag] = true; element.submit(); element[flag] = false; }", flag
        )
    assert told(page) == []
    widget.evaluate("(element) => element.submit()")
    until(page, lambda: collector.of_kind("comment"))


def test_a_refused_comment_is_said_to_be_lost(page: Page, site: Site, collector: Collector) -> None:
    collector.answer = reject("invalid_value")
    visit(page, site, COMMENT)
    page.get_by_role("textbox").fill("Which card?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Not saved.")).to_be_visible()
    assert page.locator("sayso-comment:state(error)").count() == 1


def test_item_08_assistive_technology_is_told_of_each_state(page: Page, site: Site) -> None:
    visit(page, site, COMMENT)
    widget = page.locator("sayso-comment")
    expect(widget).to_match_aria_snapshot("""
      - text: Your comment
      - textbox "Your comment"
      - button "Send"
      - status
    """)
    page.get_by_role("textbox").fill("x")
    page.get_by_role("button", name="Send").click()
    expect(widget).to_match_aria_snapshot("""
      - status: Thank you.
      - button "Write another"
    """)
