"""`<sayso-thumbs>` in a real browser: what a press does, what is shown, what the page is told."""

from __future__ import annotations

import pytest
from browser.standin import Collector, Site, reject
from browser.watch import pressed, told, until, visit
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.browser

THUMBS = '<sayso-thumbs target="msg_1" no-exposure></sayso-thumbs>'
UP, DOWN = "Good answer", "Bad answer"


def test_a_press_is_sent_at_once_and_shown(page: Page, site: Site, collector: Collector) -> None:
    html = (
        '<sayso-thumbs target="msg_1" part="p" name="tone" actor="u_1" session="s_1" token="t" no-exposure>'
        "</sayso-thumbs>"
    )
    visit(page, site, html)
    page.get_by_role("button", name=UP).click()
    until(page, lambda: told(page, "sent"))
    [request] = collector.requests
    [event] = request["events"]
    assert (request["path"], request["key"]) == ("/v1/events", "pk_test")
    assert event["body"] == {"value": "up", "name": "tone"}
    given = {"target": "msg_1", "part": "p", "actor": "u_1", "session": "s_1", "token": "t"}
    assert given.items() <= event.items()
    assert len(event["anonymous"]) == 20
    assert pressed(page.locator("sayso-thumbs")) == "up"


def test_a_request_needs_no_leave_and_carries_no_cookies(
    page: Page, site: Site, collector: Collector, context: BrowserContext
) -> None:
    context.add_cookies([{"name": "login", "value": "1", "url": collector.origin}])
    visit(page, site, THUMBS)
    page.get_by_role("button", name=UP).click()
    until(page, lambda: collector.headers)
    [headers] = collector.headers
    assert headers["Content-Type"] == "text/plain;charset=UTF-8"
    assert "Cookie" not in headers


def test_item_11_presses_set_take_back_and_change(page: Page, site: Site, collector: Collector) -> None:
    visit(page, site, THUMBS)
    for name in (UP, UP, DOWN, UP):
        page.get_by_role("button", name=name).click()
    until(page, lambda: len(collector.thumbs) == 4)
    assert [thumb[1:] for thumb in collector.thumbs] == [
        ("up", None),
        (None, "up"),
        ("down", None),
        ("up", "down"),
    ]
    assert [event["seq"] for event in collector.events] == [0, 1, 2, 3]


def test_item_11_a_double_click_is_one_press(page: Page, site: Site, collector: Collector) -> None:
    visit(page, site, THUMBS)
    page.get_by_role("button", name=UP).dblclick()
    page.get_by_role("button", name=DOWN).click()
    until(page, lambda: len(collector.thumbs) == 2)
    assert [thumb[1] for thumb in collector.thumbs] == ["up", "down"]


def test_item_11_it_works_from_the_keyboard_and_a_held_key_presses_once(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(page, site, THUMBS)
    page.keyboard.press("Tab")
    for _ in range(4):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    until(page, lambda: len(collector.thumbs) == 2)
    assert [thumb[1:] for thumb in collector.thumbs] == [("up", None), ("down", "up")]
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=DOWN)).to_be_focused()


def test_a_screen_reader_is_told_group_names_states_and_outcome(page: Page, site: Site) -> None:
    visit(page, site, '<sayso-thumbs target="msg_1" label="Rate the answer about refunds"></sayso-thumbs>')
    widget = page.locator("sayso-thumbs")
    expect(widget).to_match_aria_snapshot("""
      - group "Rate the answer about refunds":
        - button "Good answer"
        - button "Bad answer"
        - status
    """)
    page.get_by_role("button", name=UP).click()
    expect(widget).to_match_aria_snapshot("""
      - group "Rate the answer about refunds":
        - button "Good answer" [pressed]
        - button "Bad answer"
        - status: Saved.
    """)


def test_the_same_words_are_told_anew(page: Page, site: Site) -> None:
    visit(page, site, THUMBS)
    status = page.get_by_role("status")
    page.get_by_role("button", name=UP).click()
    first = status.evaluate("(status) => status.textContent")
    page.get_by_role("button", name=DOWN).click()
    assert status.evaluate("(status) => status.textContent") != first
    expect(status).to_have_text("Saved.")


def test_the_page_hears_of_each_step_in_order(page: Page, site: Site, collector: Collector) -> None:
    visit(page, site, THUMBS)
    page.get_by_role("button", name=UP).click()
    until(page, lambda: told(page, "sent"))
    names = [(name, target) for name, _, target in told(page)]
    assert names == [("rate", "sayso-thumbs"), ("feedback", "sayso-thumbs"), ("sent", "sayso-thumbs")]
    rate, feedback, sent = (detail for _, detail, _ in told(page))
    assert rate == {"target": "msg_1", "part": "", "name": "", "value": "up", "previous": None}
    assert feedback == sent["event"] == collector.events[0]


def test_a_page_can_stop_a_press(page: Page, site: Site, collector: Collector) -> None:
    visit(page, site, THUMBS)
    page.evaluate("document.addEventListener('sayso-rate', (event) => event.preventDefault())")
    page.get_by_role("button", name=UP).click()
    assert [name for name, *_ in told(page)] == ["rate"]
    assert pressed(page.locator("sayso-thumbs")) is None
    assert collector.requests == []


def test_a_page_can_send_by_itself(page: Page, site: Site, collector: Collector) -> None:
    visit(page, site, THUMBS)
    page.evaluate("document.addEventListener('sayso-feedback', (event) => event.preventDefault())")
    page.get_by_role("button", name=UP).click()
    assert [name for name, *_ in told(page)] == ["rate", "feedback"]
    assert pressed(page.locator("sayso-thumbs")) == "up"
    assert collector.requests == []


def test_a_rejected_press_is_said_to_the_page_and_shown(page: Page, site: Site, collector: Collector) -> None:
    collector.answer = reject("invalid_value")
    visit(page, site, THUMBS)
    page.get_by_role("button", name=UP).click()
    until(page, lambda: told(page, "error"))
    [error] = told(page, "error")
    assert error["reason"] == "invalid_value"
    expect(page.get_by_text("Not saved.")).to_be_visible()
    assert page.locator("sayso-thumbs:state(error)").count() == 1


def test_without_a_target_nothing_is_pressed_and_the_page_is_told(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(page, site, "<sayso-thumbs></sayso-thumbs>")
    page.get_by_role("button", name=UP).click()
    [error] = told(page, "error")
    assert error["message"] == "unusable: target"
    assert pressed(page.locator("sayso-thumbs")) is None
    assert collector.requests == []


def test_the_last_verdict_is_shown_again_after_a_reload(page: Page, site: Site, collector: Collector) -> None:
    visit(
        page,
        site,
        '<sayso-thumbs target="a"></sayso-thumbs><sayso-thumbs target="b"></sayso-thumbs>'
        '<sayso-thumbs target="a" name="tone"></sayso-thumbs><sayso-thumbs target="a" part="p"></sayso-thumbs>'
        '<sayso-thumbs target="a" actor="u_2"></sayso-thumbs>',
    )
    page.get_by_role("button", name=UP).first.click()
    page.reload()
    assert [pressed(widget) for widget in page.locator("sayso-thumbs").all()] == [
        "up",
        None,
        None,
        None,
        None,
    ]
    page.get_by_role("button", name=UP).first.click()
    until(page, lambda: ("a", None, "up") in collector.thumbs)
    page.reload()
    assert pressed(page.locator("sayso-thumbs").first) is None


def test_item_11_a_given_value_beats_what_is_remembered_and_makes_no_event(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(page, site, '<sayso-thumbs target="msg_1" value="down" no-exposure></sayso-thumbs>')
    widget = page.locator("sayso-thumbs")
    assert pressed(widget) == "down"
    widget.evaluate("(element) => { element.value = 'up'; }")
    assert (pressed(widget), widget.get_attribute("value")) == ("up", "up")
    widget.evaluate("(element) => { element.value = null; }")
    assert (pressed(widget), widget.get_attribute("value")) == (None, None)
    assert (told(page), collector.requests) == ([], [])


def test_an_element_that_is_used_again_for_another_target_shows_that_one(page: Page, site: Site) -> None:
    visit(page, site, THUMBS)
    widget = page.locator("sayso-thumbs")
    page.get_by_role("button", name=UP).click()
    widget.evaluate("(element) => { element.target = 'msg_2'; }")
    assert pressed(widget) is None
    widget.evaluate("(element) => { element.target = 'msg_1'; }")
    assert pressed(widget) == "up"


def test_item_11_disabled_and_readonly_thumbs_take_no_press(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(
        page,
        site,
        '<sayso-thumbs target="a" disabled></sayso-thumbs><sayso-thumbs target="b" value="up" readonly></sayso-thumbs>',
    )
    disabled, readonly = page.locator("sayso-thumbs").all()
    expect(disabled.get_by_role("button", name=UP)).to_be_disabled()
    disabled.get_by_role("button", name=UP).click(force=True)
    readonly.get_by_role("button", name=DOWN).click(force=True)
    expect(readonly.get_by_role("button", name=DOWN)).to_be_focused()
    assert pressed(readonly) == "up"
    disabled.evaluate("(element) => { element.disabled = false; }")
    disabled.get_by_role("button", name=UP).click()
    until(page, lambda: collector.thumbs)
    assert collector.thumbs == [("a", "up", None)]


def test_properties_that_were_set_before_the_script_came_survive(
    page: Page, site: Site, collector: Collector
) -> None:
    site.policy = "default-src *; script-src * 'unsafe-inline'"
    html = """<sayso-thumbs></sayso-thumbs><script>
      Object.assign(document.querySelector('sayso-thumbs'), {
        target: 'early', value: 'down', noExposure: true, strings: { up: 'Gut', label: 'Bewerten' },
      });
    </script>"""
    visit(page, site, html)
    group = page.get_by_role("group", name="Bewerten")
    expect(group.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")
    group.get_by_role("button", name="Gut").click()
    until(page, lambda: collector.thumbs)
    assert collector.thumbs == [("early", "up", "down")]


def test_a_second_script_and_a_second_definition_do_no_harm(
    page: Page, site: Site, collector: Collector
) -> None:
    site.script *= 2
    visit(page, site, THUMBS)
    page.evaluate("customElements.get('sayso-thumbs').define()")
    page.evaluate("customElements.get('sayso-thumbs').define('not a name')")
    page.get_by_role("button", name=UP).click()
    until(page, lambda: collector.thumbs)
    assert len(collector.events) == 1


def test_what_a_page_does_in_its_listeners_does_not_stop_a_press(
    context: BrowserContext, site: Site, collector: Collector
) -> None:
    page = context.new_page()
    visit(page, site, THUMBS)
    page.evaluate(
        "for (const name of ['rate', 'feedback', 'sent'])"
        " document.addEventListener(`sayso-${name}`, () => { throw new Error('the page has a fault'); })"
    )
    page.get_by_role("button", name=UP).click()
    until(page, lambda: told(page, "sent"))
    assert collector.thumbs == [("msg_1", "up", None)]


def test_text_is_shown_as_text(page: Page, site: Site) -> None:
    visit(page, site, THUMBS)
    page.locator("sayso-thumbs").evaluate(
        "(element) => { element.strings = { saved: '<img src=x onerror=alert(1)>' }; }"
    )
    page.get_by_role("button", name=UP).click()
    expect(page.get_by_role("status")).to_have_text("<img src=x onerror=alert(1)>")


def test_it_is_seen_after_a_second_half_in_view_and_says_so_once(
    page: Page, site: Site, collector: Collector
) -> None:
    visit(
        page,
        site,
        '<sayso-thumbs target="seen"></sayso-thumbs><sayso-thumbs target="seen" name="tone"></sayso-thumbs>'
        '<sayso-thumbs target="quiet" no-exposure></sayso-thumbs><sayso-thumbs target="off" disabled></sayso-thumbs>'
        "<pre>" + "\n" * 200 + '</pre><sayso-thumbs target="below"></sayso-thumbs>',
    )
    until(page, lambda: collector.of_kind("exposure"))
    page.locator('[target="below"]').scroll_into_view_if_needed()
    until(page, lambda: len(collector.of_kind("exposure")) == 2)
    page.locator('[target="seen"]').first.scroll_into_view_if_needed()
    page.wait_for_timeout(1500)
    exposures = [(event["target"], event["body"]) for event in collector.of_kind("exposure")]
    body = {"surface": "thumbs", "visible_ms": 1000}
    assert exposures == [("seen", body), ("below", body)]


def test_it_looks_right_under_the_strictest_policy(page: Page, site: Site) -> None:
    visit(page, site, THUMBS)
    button = page.get_by_role("button", name=UP)
    assert button.bounding_box() == pytest.approx({"x": 8, "y": 8, "width": 32, "height": 32}, abs=20)
    assert button.evaluate("(button) => getComputedStyle(button).borderRadius") == "8px"
    page.keyboard.press("Tab")
    assert button.evaluate("(button) => getComputedStyle(button).outlineStyle") == "solid"
    sheets = page.evaluate("document.querySelector('sayso-thumbs').shadowRoot.adoptedStyleSheets.length")
    assert sheets == 1


def test_fingers_get_larger_thumbs(browser: Browser, site: Site) -> None:
    context = browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 320, "height": 640})
    page = context.new_page()
    visit(page, site, THUMBS)
    box = page.get_by_role("button", name=UP).bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (44, 44)
    context.close()
