"""What happens to a press when things go wrong on the way: it arrives, once."""

from __future__ import annotations

import pytest
from browser.standin import Collector, Site, accept, refuse
from browser.watch import pressed, record, told, until, waiting
from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser

THUMBS = '<sayso-thumbs target="msg_1" no-exposure></sayso-thumbs>'
UP, DOWN = "Good answer", "Bad answer"


@pytest.fixture
def visited(page: Page, site: Site) -> Page:
    """A tab that shows one widget."""
    site.html = THUMBS
    record(page)
    page.goto(site.origin)
    return page


def test_item_19_a_press_while_the_collector_is_down_is_sent_after_a_reload(
    visited: Page, collector: Collector
) -> None:
    collector.down = True
    visited.get_by_role("button", name=UP).click()
    until(visited, lambda: told(visited, "queued"))
    collector.down = False
    visited.reload()
    assert pressed(visited.locator("sayso-thumbs")) == "up"
    until(visited, lambda: told(visited, "sent"))
    assert collector.thumbs == [("msg_1", "up", None)]
    assert waiting(visited) == 0
    assert told(visited)[0][2] == "document"


def test_item_19_presses_without_a_network_are_sent_when_it_comes_back(
    visited: Page, context: BrowserContext, collector: Collector
) -> None:
    context.set_offline(True)
    visited.get_by_role("button", name=UP).click()
    visited.get_by_role("button", name=DOWN).click()
    until(visited, lambda: told(visited, "queued"))
    context.set_offline(False)
    until(visited, lambda: len(told(visited, "sent")) == 2)
    assert collector.thumbs == [("msg_1", "up", None), ("msg_1", "down", "up")]


def test_item_21_a_press_just_before_the_page_goes_arrives_once(
    visited: Page, site: Site, collector: Collector
) -> None:
    visited.evaluate(
        """() => {
          document.querySelector('sayso-thumbs').shadowRoot.querySelector('button').click();
          location.href = '/elsewhere';
        }"""
    )
    visited.wait_for_url("**/elsewhere")
    until(visited, lambda: collector.thumbs)
    assert collector.thumbs == [("msg_1", "up", None)]


def test_item_20_a_press_just_before_the_tab_is_closed_arrives(
    context: BrowserContext, page: Page, site: Site, collector: Collector
) -> None:
    site.html = THUMBS
    tab = context.new_page()
    tab.goto(site.origin)
    tab.get_by_role("button", name=UP).click()
    tab.close(run_before_unload=True)
    until(page, lambda: collector.thumbs)


def test_item_22_a_press_arrives_from_a_browser_without_storage(
    page: Page, site: Site, collector: Collector
) -> None:
    page.add_init_script(
        "Object.defineProperty(globalThis, 'localStorage', { get() { throw new DOMException('denied'); } })"
    )
    site.html = THUMBS
    record(page)
    page.goto(site.origin)
    collector.answer = refuse(503)
    page.get_by_role("button", name=UP).click()
    until(page, lambda: told(page, "queued"))
    collector.requests.clear()
    collector.answer = accept
    page.goto(f"{site.origin}/elsewhere")
    until(page, lambda: collector.thumbs)


def test_a_page_that_clears_its_storage_loses_no_press(visited: Page, collector: Collector) -> None:
    collector.down = True
    visited.get_by_role("button", name=UP).click()
    until(visited, lambda: told(visited, "queued"))
    visited.evaluate("localStorage.clear()")
    collector.down = False
    until(visited, lambda: told(visited, "sent"))
    assert collector.thumbs == [("msg_1", "up", None)]


def test_item_23_it_comes_back_when_the_collector_asks_for_patience(
    visited: Page, collector: Collector
) -> None:
    collector.answer = refuse(429, Retry_After="2")
    visited.get_by_role("button", name=UP).click()
    until(visited, lambda: told(visited, "queued"))
    collector.answer = accept
    visited.evaluate("began = performance.now()")
    until(visited, lambda: told(visited, "sent"))
    assert visited.evaluate("performance.now() - began") > 1500
    assert len(collector.events) == 2


def test_a_wrong_key_is_told_and_the_press_waits_for_a_better_page(
    visited: Page, collector: Collector
) -> None:
    collector.answer = refuse(401)
    visited.get_by_role("button", name=UP).click()
    until(visited, lambda: told(visited, "error"))
    [error] = told(visited, "error")
    assert (error["reason"], error["message"], error["kept"]) == ("busy", "Try later.", True)
    collector.answer = accept
    visited.reload()
    until(visited, lambda: told(visited, "sent"))
    assert waiting(visited) == 0


def test_a_slow_answer_holds_nothing_up_and_later_presses_follow(visited: Page, collector: Collector) -> None:
    collector.open.clear()
    for name in (UP, DOWN):
        visited.get_by_role("button", name=name).click()
    assert pressed(visited.locator("sayso-thumbs")) == "down"
    until(visited, lambda: collector.requests)
    collector.open.set()
    until(visited, lambda: len(told(visited, "sent")) == 2)
    assert [len(request["events"]) for request in collector.requests] == [1, 1]


def test_item_24_two_tabs_share_what_waits_and_send_each_press_once(
    visited: Page, context: BrowserContext, site: Site, collector: Collector
) -> None:
    other = context.new_page()
    record(other)
    other.goto(site.origin)
    collector.down = True
    visited.get_by_role("button", name=UP).click()
    other.get_by_role("button", name=DOWN).click()
    until(visited, lambda: told(visited, "queued") and told(other, "queued"))
    collector.down = False
    until(visited, lambda: len(collector.of_kind("thumb")) == 2 and waiting(visited) == 0)
    visited.wait_for_timeout(1500)  # long enough for a second try of either
    assert len(collector.events) == 2


def test_the_collector_is_told_what_was_dropped(visited: Page, collector: Collector) -> None:
    collector.down = True
    visited.get_by_role("button", name=UP).evaluate(
        "(thumb) => { for (let i = 0; i < 201; i++) thumb.click(); }"
    )
    assert waiting(visited) == 200
    assert [error["reason"] for error in told(visited, "error")] == ["queue_full"]
    collector.down = False
    visited.reload()
    until(visited, lambda: waiting(visited) == 0)
    reports = [
        request["report"] for request in collector.requests if request.get("report", {}).get("dropped")
    ]
    assert reports == [{"dropped": {"queue_full": 1}}]
    assert len(collector.of_kind("thumb")) == 200
