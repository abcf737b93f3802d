"""`<sayso-suggestion>` in a real browser: accept, edit, reject, undo; what is shown, sent and told to the page."""

from __future__ import annotations

from typing import Any

import pytest
from browser.standin import Collector, Site, reject
from browser.watch import until
from playwright.sync_api import BrowserContext, Locator, Page, expect

pytestmark = pytest.mark.browser

RECORDER = """
  globalThis.told = [];
  for (const name of ['accept', 'edit', 'reject', 'undo', 'open', 'close', 'detail', 'feedback', 'sent', 'error'])
    document.addEventListener(`sayso-${name}`, ({ detail }) => told.push([name, detail]));
"""
BEFORE, AFTER = "It were good.", "It was very good."
SUGGESTION = (
    f'<sayso-suggestion target="msg_1" original="{BEFORE}" suggestion="{AFTER}" no-exposure %s>'
    "</sayso-suggestion>"
)


def visit(page: Page, site: Site, more: str = "") -> Locator:
    site.html = SUGGESTION % more
    page.add_init_script(RECORDER)
    page.goto(site.origin)
    return page.locator("sayso-suggestion")


def press(page: Page, *names: str) -> None:
    for name in names:
        page.get_by_role("button", name=name, exact=True).click()


def told(page: Page, *names: str) -> list[Any]:
    """The details under some names."""
    return [detail for name, detail in page.evaluate("told") if name in names]


def outcomes(collector: Collector) -> list[tuple[Any, ...]]:
    """Outcome and final text of every suggestion, in the order that they were decided in."""
    events = sorted(collector.of_kind("suggestion"), key=lambda event: event["seq"])
    return [(event["body"]["outcome"], event["body"].get("final")) for event in events]


def shown(widget: Locator) -> str:
    """All letters of the texts."""
    return "".join(widget.locator("[part~=text]").all_text_contents())


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


def test_the_result_is_what_should_stand_in_the_page(page: Page, site: Site) -> None:
    widget = visit(page, site)
    result = "(element) => element.result"
    for names, preview in [([], BEFORE), (["Accept"], AFTER), (["Undo", "Reject"], BEFORE)]:
        press(page, *names)
        assert widget.evaluate(result) == preview
    press(page, "Undo")
    widget.evaluate("(element) => { element.mode = 'review'; }")
    assert widget.evaluate(result) == AFTER
    press(page, "Reject")
    assert [detail["result"] for detail in told(page, "reject")] == [BEFORE, BEFORE]
    press(page, "Undo")
    assert told(page, "undo")[-1]["result"] == AFTER


def test_the_page_is_asked_first_and_told_after(page: Page, site: Site, collector: Collector) -> None:
    visit(page, site)
    press(page, "Edit")
    page.get_by_role("textbox").fill("It was fine.")
    press(page, "Save")
    until(page, lambda: told(page, "sent"))
    assert [name for name, _ in page.evaluate("told")] == ["open", "edit", "feedback", "sent"]
    [edit] = told(page, "edit")
    assert edit.pop("ms") >= 0
    edit.pop("waitUntil", None)
    assert edit == {
        "target": "msg_1",
        "part": "",
        "actor": "",
        "original": BEFORE,
        "suggestion": AFTER,
        "result": "It was fine.",
        "previous": "pending",
    }
    assert told(page, "feedback") == collector.of_kind("suggestion")


@pytest.mark.parametrize(
    ("event", "names"), [("accept", ["Accept"]), ("edit", ["Save"]), ("reject", ["Reject"])]
)
def test_item_12_a_page_that_prevents_a_change_leaves_all_as_it_was(
    page: Page, site: Site, collector: Collector, event: str, names: list[str]
) -> None:
    widget = visit(page, site)
    page.evaluate(
        "(name) => document.addEventListener(`sayso-${name}`, (event) => event.preventDefault())", event
    )
    if event == "edit":
        press(page, "Edit")
        page.get_by_role("textbox").fill("mine")
    press(page, *names)
    assert widget.evaluate("(element) => [element.state, element.hasAttribute('state')]") == [
        "pending",
        False,
    ]
    if event == "edit":
        expect(page.get_by_role("textbox")).to_have_value("mine")
    assert (told(page, "feedback"), collector.requests) == ([], [])


def test_item_12_a_page_that_prevents_an_undo_leaves_it_accepted(
    page: Page, site: Site, collector: Collector
) -> None:
    widget = visit(page, site)
    page.evaluate("document.addEventListener('sayso-undo', (event) => event.preventDefault())")
    press(page, "Accept", "Undo")
    assert widget.get_attribute("state") == "accepted"
    until(page, lambda: told(page, "sent"))
    assert outcomes(collector) == [("accepted", None)]


def test_a_change_waits_for_the_page_to_apply_it(page: Page, site: Site, collector: Collector) -> None:
    widget = visit(page, site)
    page.evaluate(
        "document.addEventListener('sayso-accept', ({ detail }) =>"
        " detail.waitUntil(new Promise((resolve) => { globalThis.apply = resolve; })))"
    )
    press(page, "Accept")
    expect(page.get_by_role("group")).to_have_attribute("aria-busy", "true")
    widget.evaluate("(element) => { element.accept(); element.reject(); element.undo(); element.edit(); }")
    assert (widget.evaluate("(element) => element.state"), told(page, "feedback")) == ("pending", [])
    page.evaluate("apply()")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    until(page, lambda: told(page, "sent"))
    assert outcomes(collector) == [("accepted", None)]


def test_a_change_that_the_page_cannot_apply_is_taken_back_and_said(
    page: Page, site: Site, collector: Collector
) -> None:
    widget = visit(page, site)
    page.evaluate(
        "document.addEventListener('sayso-edit', ({ detail }) => detail.waitUntil(Promise.reject(new Error('no'))))"
    )
    press(page, "Edit")
    page.get_by_role("textbox").fill("mine")
    press(page, "Save")
    expect(page.get_by_text("Not saved.")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_value("mine")
    assert page.locator("sayso-suggestion:state(error)").count() == 1
    assert [(error["reason"], error["message"]) for error in told(page, "error")] == [
        ("not_applied", "Error: no")
    ]
    assert widget.evaluate("(element) => element.state") == "pending"
    assert collector.requests == []


def test_item_13_a_page_that_sets_the_state_itself_causes_no_event(
    page: Page, site: Site, collector: Collector
) -> None:
    widget = visit(page, site, 'state="accepted"')
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    widget.evaluate("(element) => { element.state = 'pending'; }")
    expect(page.get_by_role("button", name="Accept")).to_be_visible()
    page.evaluate(
        "for (const name of ['accept', 'feedback']) document.addEventListener(`sayso-${name}`,"
        " ({ target }) => { target.state = 'accepted'; target.setAttribute('state', 'accepted'); })"
    )
    press(page, "Accept")
    until(page, lambda: told(page, "sent"))
    assert outcomes(collector) == [("accepted", None)]
    assert len(told(page, "accept")) == 1


def test_item_14_properties_that_were_set_before_the_script_came_survive(
    page: Page, site: Site, collector: Collector
) -> None:
    site.policy = "default-src *; script-src * 'unsafe-inline'"
    site.html = """<sayso-suggestion></sayso-suggestion><script>
      Object.assign(document.querySelector('sayso-suggestion'), {
        target: 'early', original: 'a', suggestion: 'b', state: 'rejected', noEdit: true, noExposure: true,
        strings: { accept: 'Nehmen', undo: 'Zurück' },
      });
    </script>"""
    page.goto(site.origin)
    press(page, "Zurück", "Nehmen")
    until(page, lambda: len(outcomes(collector)) == 2)
    assert [outcome for outcome, _ in outcomes(collector)] == ["undone", "accepted"]
    expect(page.get_by_role("button", name="Edit")).to_have_count(0)


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


def test_thumbs_about_the_same_target_are_remembered_apart(page: Page, site: Site) -> None:
    widget = visit(
        page, site, '></sayso-suggestion><sayso-thumbs target="msg_1"></sayso-thumbs><sayso-suggestion'
    )
    widget.first.get_by_role("button", name="Accept").click()
    page.get_by_role("button", name="Good answer").click()
    page.reload()
    expect(widget.first.get_by_role("button", name="Undo")).to_be_visible()
    expect(page.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")


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


def test_a_page_can_use_an_editor_of_its_own(page: Page, site: Site, collector: Collector) -> None:
    widget = visit(page, site, 'view="none"')
    page.evaluate(
        "document.addEventListener('sayso-open', (event) => { event.preventDefault(); event.target.edit('theirs'); })"
    )
    press(page, "Edit")
    until(page, lambda: outcomes(collector))
    assert outcomes(collector) == [("edited", "theirs")]
    assert widget.evaluate("(element) => element.result") == "theirs"


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


def test_disabled_and_readonly_ones_take_no_press(page: Page, site: Site, collector: Collector) -> None:
    widget = visit(page, site, "readonly")
    page.get_by_role("button", name="Accept").click(force=True)
    widget.evaluate("(element) => { element.readonly = false; element.disabled = true; element.accept(); }")
    expect(page.get_by_role("button", name="Accept")).to_be_disabled()
    assert (page.evaluate("told"), collector.requests) == ([], [])


def test_an_element_that_is_used_again_shows_the_other_target(page: Page, site: Site) -> None:
    widget = visit(page, site)
    press(page, "Accept")
    widget.evaluate("(element) => { element.target = 'msg_2'; element.suggestion = 'new'; }")
    expect(page.get_by_role("button", name="Accept")).to_be_visible()
    assert widget.get_attribute("state") == "pending"
    widget.evaluate("(element) => { element.target = 'msg_1'; }")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert widget.get_attribute("state") == "accepted"


def test_item_29_html_in_texts_labels_and_reasons_is_shown_and_never_parsed(page: Page, site: Site) -> None:
    widget = visit(page, site)
    page.evaluate("globalThis.hacked = false")
    widget.evaluate(
        """(element) => {
          const evil = '<img src=x onerror="hacked = true"><script>hacked = true</' + 'script>';
          Object.assign(element, { original: `${evil} a`, suggestion: `b ${evil}`, reasons: [evil], label: evil,
            strings: { accept: evil, rejected: evil, askReject: evil } });
        }"""
    )
    assert "<img src=x" in shown(widget)
    for view in ("block", "inline"):
        widget.evaluate("(element, view) => { element.view = view; }", view)
        assert "<img src=x" in shown(widget)
    widget.evaluate("(element) => element.reject()")
    expect(widget.get_by_role("button", name="<img src=x")).to_be_visible()
    assert widget.evaluate("(element) => element.shadowRoot.querySelectorAll('img, script').length") == 0
    assert page.evaluate("hacked") is False


def test_a_text_too_large_to_send_goes_without_the_original(
    page: Page, site: Site, collector: Collector
) -> None:
    widget = visit(page, site)
    widget.evaluate(
        "(element) => { element.original = 'é'.repeat(200_000); element.suggestion = 'b'.repeat(200_000); }"
    )
    widget.evaluate("(element) => element.accept()")
    [event] = told(page, "feedback")
    assert "original" not in event["body"]
    assert len(event["body"]["proposed"]) == 200_000


def test_a_text_too_large_to_send_at_all_is_said_and_changes_nothing(
    page: Page, site: Site, collector: Collector
) -> None:
    widget = visit(page, site)
    widget.evaluate("(element) => { element.suggestion = 'b'.repeat(600_000); element.accept(); }")
    assert [error["reason"] for error in told(page, "error")] == ["too_large"]
    assert told(page, "accept", "feedback") == []
    assert widget.evaluate("(element) => element.state") == "pending"
    expect(page.get_by_text("Not saved.")).to_be_visible()


def test_without_a_target_nothing_is_applied_and_the_page_is_told(page: Page, site: Site) -> None:
    widget = visit(page, site)
    widget.evaluate("(element) => { element.target = null; }")
    press(page, "Accept")
    assert [error["message"] for error in told(page, "error")] == ["target is unusable"]
    assert told(page, "accept") == []


def test_a_refused_event_is_shown(page: Page, site: Site, collector: Collector) -> None:
    collector.answer = reject("invalid_value")
    visit(page, site)
    press(page, "Accept")
    expect(page.get_by_text("Not saved.")).to_be_visible()
    assert page.locator("sayso-suggestion:state(error):state(accepted)").count() == 1


def test_states_can_be_styled(page: Page, site: Site, collector: Collector) -> None:
    visit(page, site)
    assert page.locator("sayso-suggestion:state(pending)").count() == 1
    press(page, "Accept")
    until(page, lambda: told(page, "sent"))
    assert page.locator("sayso-suggestion:state(accepted):not(:state(pending))").count() == 1
    press(page, "Undo")
    until(page, lambda: len(told(page, "sent")) == 2)
    assert page.locator("sayso-suggestion:state(pending):not(:state(accepted))").count() == 1


def test_it_counts_as_seen_with_a_surface_of_its_own(page: Page, site: Site, collector: Collector) -> None:
    site.html = SUGGESTION.replace("no-exposure", "") % ""
    page.goto(site.origin)
    until(page, lambda: collector.of_kind("exposure"))
    assert [event["body"]["surface"] for event in collector.of_kind("exposure")] == ["suggestion"]


def test_a_page_with_faults_in_its_listeners_stops_nothing(
    context: BrowserContext, site: Site, collector: Collector
) -> None:
    page = context.new_page()
    visit(page, site)
    page.evaluate(
        "for (const name of ['accept', 'feedback', 'open', 'sent'])"
        " document.addEventListener(`sayso-${name}`, () => { throw new Error('the page has a fault'); })"
    )
    press(page, "Accept")
    until(page, lambda: outcomes(collector))
    assert outcomes(collector) == [("accepted", None)]
