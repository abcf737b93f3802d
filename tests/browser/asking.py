"""The panel that asks why after a thumb down, as tests see it."""

from __future__ import annotations

from typing import Any

from browser.standin import Collector
from browser.watch import until
from playwright.sync_api import Locator, Page

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
