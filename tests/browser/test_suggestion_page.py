"""`<sayso-suggestion>` and the page around it: who asks whom, and what either may do to the other."""

from __future__ import annotations

import pytest
from browser.standin import Collector, Site, reject
from browser.suggesting import AFTER, BEFORE, SUGGESTION, outcomes, press, shown, told, visit
from browser.watch import until
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = pytest.mark.browser

#: A page that has applied a change when `apply` is called.
WAITS = (
    "for (const name of ['accept', 'reject']) document.addEventListener(`sayso-${name}`, ({ detail }) =>"
    " detail.waitUntil(new Promise((resolve) => { globalThis.apply = resolve; })))"
)


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
    page.evaluate(WAITS)
    press(page, "Accept")
    expect(page.get_by_role("group")).to_have_attribute("aria-busy", "true")
    widget.evaluate("(element) => { element.accept(); element.reject(); element.undo(); element.edit(); }")
    assert (widget.evaluate("(element) => element.state"), told(page, "feedback")) == ("pending", [])
    page.evaluate("apply()")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    until(page, lambda: told(page, "sent"))
    assert outcomes(collector) == [("accepted", None)]


def test_a_page_that_never_says_whether_it_applied_a_change_holds_nothing_for_more_than_a_minute(
    page: Page, site: Site, collector: Collector
) -> None:
    page.clock.install()
    visit(page, site)
    page.evaluate(WAITS)
    press(page, "Accept")
    expect(page.get_by_role("group")).to_have_attribute("aria-busy", "true")
    page.clock.run_for(60_000)
    expect(page.get_by_role("group")).to_have_attribute("aria-busy", "false")
    assert [error["reason"] for error in told(page, "error")] == ["not_applied"]
    page.evaluate("apply()")
    press(page, "Reject")
    page.evaluate("apply()")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.clock.run_for(2_000)
    until(page, lambda: told(page, "sent"))
    assert outcomes(collector) == [("rejected", None)]


def test_what_the_page_applies_after_a_log_out_is_told_of_nobody(
    page: Page, site: Site, collector: Collector
) -> None:
    widget = visit(page, site)
    page.evaluate(WAITS)
    press(page, "Accept")
    page.evaluate("sayso.client.reset()")
    page.evaluate("apply()")
    assert widget.evaluate("(element) => [element.state, element.getAttribute('state')]") == ["pending", None]
    assert (told(page, "feedback", "error"), collector.requests) == ([], [])
    press(page, "Reject")
    page.evaluate("apply()")
    until(page, lambda: told(page, "sent"))
    assert outcomes(collector) == [("rejected", None)]


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


def test_thumbs_about_the_same_target_are_remembered_apart(page: Page, site: Site) -> None:
    widget = visit(
        page, site, '></sayso-suggestion><sayso-thumbs target="msg_1"></sayso-thumbs><sayso-suggestion'
    )
    widget.first.get_by_role("button", name="Accept").click()
    page.get_by_role("button", name="Good answer").click()
    page.reload()
    expect(widget.first.get_by_role("button", name="Undo")).to_be_visible()
    expect(page.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")


def test_a_page_can_use_an_editor_of_its_own(page: Page, site: Site, collector: Collector) -> None:
    widget = visit(page, site, 'view="none"')
    page.evaluate(
        "document.addEventListener('sayso-open', (event) => { event.preventDefault(); event.target.edit('theirs'); })"
    )
    press(page, "Edit")
    until(page, lambda: outcomes(collector))
    assert outcomes(collector) == [("edited", "theirs")]
    assert widget.evaluate("(element) => element.result") == "theirs"


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
    assert [error["message"] for error in told(page, "error")] == ["unusable: target"]
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


def test_a_log_out_forgets_what_was_decided_and_typed(page: Page, site: Site) -> None:
    widget = visit(page, site)
    press(page, "Edit")
    page.get_by_role("textbox").fill("mine")
    press(page, "Save")
    page.evaluate("customElements.get('sayso-suggestion').client.reset()")
    expect(page.get_by_role("button", name="Accept")).to_be_visible()
    press(page, "Edit")
    expect(page.get_by_role("textbox")).to_have_value(AFTER)
    assert widget.get_attribute("state") == "pending"
