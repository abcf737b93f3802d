"""A page with one suggestion, and ways to use it."""

from __future__ import annotations

from typing import Any

from browser.standin import Collector, Site
from playwright.sync_api import Locator, Page

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
