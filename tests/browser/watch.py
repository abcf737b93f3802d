"""Ways to see what a page does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from browser.standin import Site
from playwright.sync_api import ConsoleMessage, Locator, Page

RECORDER = """
  globalThis.told = [];
  for (const name of ['rate', 'detail', 'open', 'close', 'comment', 'feedback', 'exposure', 'sent', 'queued', 'error'])
    document.addEventListener(`sayso-${name}`, ({ detail, target }) =>
      told.push([name, detail, target.localName ?? 'document']));
"""


def violates(line: ConsoleMessage) -> bool:
    """Whether a line in the console says that a policy was violated."""
    return "Content Security Policy" in line.text


def faults(page: Page, is_fault: Callable[[ConsoleMessage], bool] = violates) -> list[str]:
    """A list that fills with what a page throws, and with the lines of its console that are faults."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda line: found.append(line.text) if is_fault(line) else None)
    return found


def record(page: Page) -> None:
    """Write down every event of the widgets, from the first moment of each page on."""
    page.add_init_script(RECORDER)


def visit(page: Page, site: Site, html: str) -> None:
    """Open a page with something in it, and write down what its widgets tell."""
    site.html = html
    record(page)
    page.goto(site.origin)


def told(page: Page, *names: str) -> list[Any]:
    """What was told so far: all of it, or the details under some names."""
    everything = page.evaluate("told")
    return [detail for name, detail, _ in everything if name in names] if names else everything


def until(page: Page, condition: Callable[[], Any], seconds: float = 10) -> None:
    """Let the page run until something holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came to hold"
        page.wait_for_timeout(20)


def pressed(widget: Locator) -> str | None:
    """Which thumb is down, as assistive technology is told."""
    names = {"Good answer": "up", "Bad answer": "down"}
    states = {name: widget.get_by_role("button", name=name).get_attribute("aria-pressed") for name in names}
    return next((names[name] for name, state in states.items() if state == "true"), None)


def waiting(page: Page) -> int:
    """How many events wait in the browser's storage."""
    count = page.evaluate("Object.keys(localStorage).filter((name) => name.includes(':event:')).length")
    return int(count)


def kept(page: Page) -> str:
    """All that the browser's storage holds, as one text."""
    return str(page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"))


def complaints(page: Page, axe: str) -> list[tuple[str, list[str]]]:
    """What axe finds by WCAG 2.2 AA and good practice: the rule, and where."""
    page.evaluate(axe)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("(tags) => axe.run(document, { runOnly: tags })", tags)
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]
