"""What happens to an event where the browser, the network or the collector fails in its own way: it arrives, once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browser.standin import Answer, Collector, Site, accept, refuse
from browser.watch import record, told, until, waiting
from playwright.sync_api import Browser, BrowserContext, Page, Route

pytestmark = pytest.mark.browser

THUMBS = '<sayso-thumbs target="msg_1" no-exposure></sayso-thumbs>'
UP, DOWN = "Good answer", "Bad answer"
PRESS = "document.querySelector('sayso-thumbs').shadowRoot.querySelector('button').click()"
RECORD = "(fields) => document.querySelector('sayso-thumbs').client.record(...fields)"


@pytest.fixture
def visited(page: Page, site: Site) -> Page:
    """A tab that shows one widget."""
    site.html = THUMBS
    record(page)
    page.goto(site.origin)
    return page


@pytest.fixture
def remembering(launch: Callable[..., Browser]) -> Iterator[Page]:
    """A tab of a browser that keeps pages alive for the way back, as people's browsers do."""
    browser = launch(ignore_default_args=["--disable-back-forward-cache"])
    page = browser.new_page()
    record(page)
    page.add_init_script(
        "addEventListener('pageshow', ({ persisted }) => { globalThis.persisted = persisted; })"
    )
    yield page
    browser.close()


@pytest.mark.parametrize("answer", [refuse(500), refuse(503), refuse(408)], ids=["500", "503", "408"])
def test_item_23_a_collector_in_trouble_is_asked_again(
    visited: Page, collector: Collector, answer: Any
) -> None:
    collector.answer = answer
    visited.get_by_role("button", name=UP).click()
    until(visited, lambda: told(visited, "queued"))
    collector.answer = accept
    until(visited, lambda: told(visited, "sent"))
    assert len(collector.of_kind("thumb")) == 1


def test_item_23_a_request_that_is_too_large_is_sent_in_halves_and_one_event_alone_is_dropped_and_told(
    visited: Page, collector: Collector
) -> None:
    def strict(request: dict[str, Any]) -> Answer:
        is_large = any(len(event["body"].get("text", "")) > 1000 for event in request["events"])
        return refuse(413)(request) if is_large else accept(request)

    collector.down = True
    for number in range(6):
        text = "x" * 2000 if number == 3 else "short"
        visited.evaluate(RECORD, ["comment", f"m{number}", {"text": text}])
    until(visited, lambda: told(visited, "queued"))
    collector.answer = strict
    collector.down = False
    until(visited, lambda: len(told(visited, "sent")) == 5 and told(visited, "error"))
    [error] = told(visited, "error")
    assert (error["reason"], error["event"]["target"]) == ("too_large", "m3")
    assert waiting(visited) == 0
    visited.get_by_role("button", name=UP).click()
    until(visited, lambda: collector.requests[-1]["events"][0]["kind"] == "thumb")
    dropped = [request["report"]["dropped"] for request in collector.requests]
    assert dropped.count({"too_large": 1}) == 1


def test_item_23_a_page_that_may_not_read_the_answer_keeps_its_events(
    visited: Page, collector: Collector
) -> None:
    collector.cors = False
    visited.get_by_role("button", name=UP).click()
    until(visited, lambda: told(visited, "queued"))
    assert waiting(visited) == 1
    collector.cors = True
    until(visited, lambda: told(visited, "sent"))
    assert len(collector.of_kind("thumb")) == 1


def test_item_23_a_blocked_request_is_kept_and_disturbs_nobody(visited: Page, collector: Collector) -> None:
    def block(route: Route) -> None:
        route.abort("blockedbyclient")

    visited.route("**/v1/events", block)
    visited.get_by_role("button", name=UP).click()
    until(visited, lambda: told(visited, "queued"))
    visited.unroute("**/v1/events", block)
    until(visited, lambda: told(visited, "sent"))
    assert waiting(visited) == 0


def test_item_20_a_tab_that_closes_within_50_ms_of_the_press_loses_nothing(
    context: BrowserContext, page: Page, site: Site, collector: Collector
) -> None:
    site.html = THUMBS
    page.goto(site.origin)
    for wait in (0, 1, 10, 30, 50):
        with context.expect_page() as opening:
            page.evaluate("void open('/tab')")
        tab = opening.value
        tab.locator("sayso-thumbs:defined").wait_for(state="attached")
        with tab.expect_event("close"):
            tab.evaluate(f"{PRESS}; void setTimeout(close, {wait})")
    until(page, lambda: len(collector.thumbs) == 5)
    page.reload()  # a tab may close before it hears that its press arrived: then the next page sends it again
    until(page, lambda: waiting(page) == 0)
    assert [value for _, value, _ in collector.thumbs] == ["up", None, "up", None, "up"]


def test_item_22_a_press_arrives_where_the_storage_is_full(
    page: Page, site: Site, collector: Collector
) -> None:
    site.html = THUMBS
    record(page)
    page.goto(site.origin)
    page.evaluate(
        """() => {
          for (let size = 4_000_000; size >= 1; size = size >> 1)
            for (let count = 0; count < 3; count++)
              try { localStorage.setItem(`${size} ${count}`, 'x'.repeat(size)); } catch {}
        }"""
    )
    collector.answer = refuse(503)
    page.get_by_role("button", name=UP).click()
    until(page, lambda: told(page, "queued"))
    assert waiting(page) == 0
    collector.answer = accept
    until(page, lambda: told(page, "sent"))
    assert len(collector.of_kind("thumb")) == 1


def test_item_25_a_comment_beyond_64_kb_arrives(visited: Page, collector: Collector) -> None:
    text = "ü" * 100_000
    visited.evaluate(RECORD, ["comment", "msg_1", {"text": text}])
    until(visited, lambda: told(visited, "sent"))
    [comment] = collector.of_kind("comment")
    assert comment["body"]["text"] == text


def test_item_26_it_works_without_what_only_secure_pages_have(
    page: Page, site: Site, collector: Collector
) -> None:
    page.add_init_script("delete Crypto.prototype.randomUUID; delete Navigator.prototype.locks")
    site.html = THUMBS
    record(page)
    page.goto(site.origin)
    assert page.evaluate("[crypto.randomUUID, navigator.locks].every((one) => one === undefined)")
    page.get_by_role("button", name=UP).click()
    until(page, lambda: told(page, "sent"))
    assert len(collector.of_kind("thumb")) == 1


def test_item_26_time_does_not_go_back_when_the_clock_is_set_back(
    visited: Page, collector: Collector
) -> None:
    visited.get_by_role("button", name=UP).click()
    visited.evaluate("() => { const now = Date.now; Date.now = () => now() - 3_600_000; }")
    visited.get_by_role("button", name=UP).click()
    until(visited, lambda: len(collector.of_kind("thumb")) == 2)
    first, second = sorted(collector.of_kind("thumb"), key=lambda thumb: thumb["seq"])
    assert first["occurred_at"] <= second["occurred_at"]


def test_mode_34_a_page_that_has_used_up_the_room_for_keepalive_loses_nothing(
    visited: Page, site: Site, collector: Collector
) -> None:
    held = threading.Event()

    def answer(request: dict[str, Any]) -> Answer:
        if "filling" in request:
            held.wait(20)
        return accept(request)

    collector.answer = answer
    visited.evaluate(
        """(url) => {
          const body = JSON.stringify({ events: [], filling: 'x'.repeat(64_000) });
          fetch(url, { method: 'POST', keepalive: true, mode: 'no-cors', body }).catch(() => {});
        }""",
        f"{collector.origin}/other",
    )
    until(visited, lambda: len(collector.requests) == 1)
    visited.get_by_role("button", name=UP).click()
    until(visited, lambda: told(visited, "sent"))
    assert not held.is_set()
    assert len(collector.events) == 1
    held.set()


def test_mode_35_item_16_a_page_that_comes_back_sends_what_waited_once_and_goes_on(
    remembering: Page, site: Site, collector: Collector
) -> None:
    site.html, site.cache = THUMBS, "max-age=60"
    remembering.goto(site.origin)
    remembering.get_by_role("button", name=UP).click()
    until(remembering, lambda: told(remembering, "sent"))
    collector.answer = refuse(503)
    remembering.get_by_role("button", name=DOWN).click()
    until(remembering, lambda: told(remembering, "queued"))
    remembering.goto(f"{collector.origin}/sayso.js")
    collector.answer = accept
    collector.requests.clear()
    remembering.go_back(wait_until="commit")
    assert remembering.evaluate("persisted") is True
    until(remembering, lambda: len(told(remembering, "sent")) == 2)
    assert [value for _, value, _ in collector.thumbs] == ["down"]
    assert len(collector.events) == 1
    remembering.get_by_role("button", name=UP).click()
    until(remembering, lambda: len(told(remembering, "sent")) == 3)
    assert waiting(remembering) == 0


def test_mode_36_many_tabs_on_one_queue_send_each_event_and_few_of_them_twice(
    visited: Page, context: BrowserContext, site: Site, collector: Collector
) -> None:
    tabs = [visited, *(context.new_page() for _ in range(4))]
    for tab in tabs[1:]:
        record(tab)
        tab.goto(site.origin)
    collector.down = True
    for tab in tabs:
        tab.evaluate(f"{PRESS}; {PRESS}; {PRESS}")
    until(visited, lambda: all(told(tab, "queued") for tab in tabs))
    collector.down = False
    until(visited, lambda: waiting(visited) == 0)
    visited.wait_for_timeout(1500)  # long enough for a second try of any of them
    assert len(collector.of_kind("thumb")) == 15
    # A tab that has not heard yet what another one did may send its own once more; the collector takes each id once.
    assert len(collector.events) <= 30


def test_mode_36_what_overflows_while_a_request_is_under_way_costs_no_other_event(
    visited: Page, collector: Collector
) -> None:
    collector.open.clear()
    visited.evaluate(PRESS)
    until(visited, lambda: collector.requests)
    visited.evaluate(f"for (let count = 0; count < 201; count++) {PRESS}")
    dropped = {error["event"]["id"] for error in told(visited, "error")}
    made = {event["id"] for event in told(visited, "feedback")}
    assert (len(dropped), len(made)) == (2, 202)
    collector.open.set()
    until(visited, lambda: waiting(visited) == 0)
    assert made - {event["id"] for event in collector.events} <= dropped
    assert len(collector.of_kind("thumb")) >= 200
