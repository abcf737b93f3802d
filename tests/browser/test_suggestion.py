"""`<sayso-suggestion>` in a real browser: what a person does, sees and hears, and what is sent of it."""

from __future__ import annotations

import pytest
from browser.standin import Collector, Site
from browser.suggesting import AFTER, BEFORE, SUGGESTION, outcomes, press, shown, told, visit
from browser.watch import until
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_each_outcome_is_one_event_with_its_texts(page: Page, site: Site, collector: Collector) -> None:
    widget = visit(page, site, 'part="p" name="tone" actor="u_1" session="s_1" token="t"')
    press(page, "Accept", "Undo", "Reject", "Undo", "Edit")
    page.get_by_role("textbox").fill("It was fine.")
    press(page, "Save", "Undo")
    until(page, lambda: len(outcomes(collector)) == 6)
    assert outcomes(collector) == [
        ("accepted", None),
        ("undone", None),
        ("rejected", None),
        ("undone", None),
        ("edited", "It was fine."),
        ("undone", None),
    ]
    for event in collector.of_kind("suggestion"):
        texts = {"original": BEFORE, "proposed": AFTER, "name": "tone"}
        assert texts.items() <= event["body"].items()
        assert event["body"]["decided_in_ms"] >= 0
        given = {"target": "msg_1", "part": "p", "actor": "u_1", "session": "s_1", "token": "t"}
        assert given.items() <= event.items()
    assert widget.get_attribute("state") == "pending"


def test_an_edit_that_is_the_suggestion_is_accepted_and_one_back_to_the_original_is_edited(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(page, site)
    press(page, "Edit", "Save", "Undo", "Edit")
    page.get_by_role("textbox").fill(BEFORE)
    press(page, "Save")
    until(page, lambda: len(outcomes(collector)) == 3)
    assert outcomes(collector) == [("accepted", None), ("undone", None), ("edited", BEFORE)]


def test_an_edit_that_deletes_all_is_an_edit(page: Page, site: Site, collector: Collector) -> None:
    visit(page, site)
    press(page, "Edit")
    page.get_by_role("textbox").fill("")
    press(page, "Save")
    until(page, lambda: outcomes(collector))
    assert outcomes(collector) == [("edited", "")]


def test_item_07_the_focus_goes_from_accept_to_undo_and_back(page: Page, site: Site) -> None:
    visit(page, site)
    button = page.get_by_role("button", name="Accept")
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Space")
    expect(button).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Edit")).to_be_focused()


def test_the_focus_stays_where_it_is_when_the_page_decides(page: Page, site: Site) -> None:
    widget = visit(page, site, "></sayso-suggestion><button>Other</button><sayso-suggestion")
    page.get_by_role("button", name="Other").focus()
    widget.first.evaluate("(element) => element.accept()")
    expect(page.get_by_role("button", name="Other")).to_be_focused()


def test_a_held_key_and_a_double_click_decide_once(page: Page, site: Site, collector: Collector) -> None:
    visit(page, site)
    page.get_by_role("button", name="Accept").focus()
    for _ in range(5):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    press(page, "Undo")
    page.get_by_role("button", name="Accept").dblclick()
    until(page, lambda: len(outcomes(collector)) == 3)
    assert [outcome for outcome, _ in outcomes(collector)] == ["accepted", "undone", "accepted"]


def test_item_08_a_screen_reader_is_told_what_goes_and_what_comes(page: Page, site: Site) -> None:
    widget = visit(page, site, 'label="Change to the answer about refunds"')
    expect(widget).to_match_aria_snapshot("""
      - group "Change to the answer about refunds":
        - text: It
        - deletion: were
        - insertion: was very
        - text: good.
        - status
        - button "Accept"
        - button "Edit"
        - button "Reject"
    """)
    press(page, "Edit")
    expect(widget).to_match_aria_snapshot("""
      - group "Change to the answer about refunds":
        - textbox "Your version"
        - status
        - button "Save"
        - button "Cancel"
    """)
    press(page, "Save")
    expect(widget).to_match_aria_snapshot("""
      - group "Change to the answer about refunds":
        - text: It was very good.
        - status: Accepted.
        - button "Undo"
    """)


def test_what_changes_is_underlined_or_struck_through_and_not_only_coloured(page: Page, site: Site) -> None:
    widget = visit(page, site)
    line = "(text) => getComputedStyle(text).textDecorationLine"
    assert widget.locator("ins").evaluate(line) == "underline"
    assert widget.locator("del").evaluate(line) == "line-through"


def test_the_views_show_one_text_two_texts_or_none(page: Page, site: Site) -> None:
    widget = visit(page, site)
    assert shown(widget) == "It werewas very good."
    widget.evaluate("(element) => { element.view = 'block'; }")
    assert widget.locator("[part~=text]").all_text_contents() == [BEFORE, AFTER]
    widget.evaluate("(element) => { element.view = 'none'; }")
    assert shown(widget) == ""
    expect(page.get_by_role("button", name="Accept")).to_be_visible()
    widget.evaluate("(element) => { element.view = 'inline'; element.original = ''; }")
    assert shown(widget) == AFTER
    press(page, "Reject")
    assert shown(widget) == ""


def test_the_outcome_is_shown_again_after_a_reload_and_no_text_is_kept(page: Page, site: Site) -> None:
    widget = visit(page, site)
    press(page, "Edit")
    page.get_by_role("textbox").fill("a secret")
    press(page, "Save")
    until(page, lambda: told(page, "sent"))
    page.reload()
    expect(page.get_by_text("Accepted with your changes.")).to_be_visible()
    assert widget.evaluate("(element) => [element.state, element.result]") == ["edited", None]
    assert "secret" not in page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })")
    press(page, "Undo")
    page.reload()
    expect(page.get_by_role("button", name="Accept")).to_be_visible()


def test_what_is_typed_outlives_a_reload_a_new_element_and_escape(page: Page, site: Site) -> None:
    widget = visit(page, site)
    editor = page.get_by_role("textbox")
    press(page, "Edit")
    editor.press_sequentially("Well: ")
    typed = editor.input_value()
    page.reload()
    expect(editor).to_have_value(typed)
    widget.evaluate("(element) => { const copy = element.cloneNode(); element.replaceWith(copy); }")
    expect(editor).to_have_value(typed)
    editor.press("Escape")
    expect(editor).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="Edit")).to_be_visible()
    press(page, "Edit")
    expect(editor).to_have_value(typed)
    press(page, "Cancel", "Edit")
    expect(editor).to_have_value(AFTER)


def test_what_was_saved_and_undone_can_be_edited_on(page: Page, site: Site) -> None:
    visit(page, site)
    press(page, "Edit")
    page.get_by_role("textbox").fill("mine")
    page.keyboard.press("Control+Enter")
    press(page, "Undo")
    page.reload()
    press(page, "Edit")
    expect(page.get_by_role("textbox")).to_have_value("mine")


def test_escape_in_the_editor_closes_no_dialog_around_it(page: Page, site: Site) -> None:
    site.html = f"<dialog>{SUGGESTION % ''}</dialog>"
    page.goto(site.origin)
    page.evaluate("document.querySelector('dialog').showModal()")
    press(page, "Edit")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Edit")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Edit")).to_have_count(0)


def test_reasons_follow_a_rejection_and_nothing_is_required(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(page, site, 'reasons="Too long, Wrong tone"')
    expect(page.get_by_role("group", name="What was wrong with it?")).to_have_count(0)
    press(page, "Reject", "Wrong tone", "Too long")
    page.get_by_role("button", name="Wrong tone").click()
    until(page, lambda: len(collector.of_kind("detail")) == 3)
    [rejected] = collector.of_kind("suggestion")
    details = sorted(collector.of_kind("detail"), key=lambda event: event["seq"])
    assert {event["body"]["about"] for event in details} == {rejected["id"]}
    assert [event["body"]["reasons"] for event in details] == [
        ["Wrong tone"],
        ["Wrong tone", "Too long"],
        ["Too long"],
    ]
    page.reload()
    expect(page.get_by_role("button", name="Too long")).to_have_attribute("aria-pressed", "true")
    press(page, "Undo")
    expect(page.get_by_role("button", name="Too long")).to_have_count(0)
