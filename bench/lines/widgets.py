"""What 500 widgets cost a page, beside as many plain pairs of buttons: the time until they are drawn, and memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from bench.figure import Beside, Figure
from bench.run import ROOT, Run

SCRIPT = ROOT / "widgets" / "dist" / "sayso.js"
CHROMIUM = Path("/usr/bin/chromium")
"""Debian's; without it Playwright's own."""
COUNT = 500
GOAL_MS = 150
PAGE = "http://bench.invalid/"

UPGRADE = """() => {
  const before = performance.now();
  const script = document.createElement('script');
  script.textContent = code;
  script.dataset.key = 'pk_bench';
  script.dataset.url = 'http://bench.invalid';
  document.head.append(script);
  const defined = performance.now();
  document.querySelector('main').getBoundingClientRect();
  return [defined - before, performance.now() - before];
}"""
BUTTONS = """(count) => {
  const before = performance.now();
  for (let number = 0; number < count; number += 1) {
    const pair = document.createElement('div');
    for (const name of ['Good answer', 'Bad answer']) {
      const button = document.createElement('button');
      button.ariaLabel = name;
      button.ariaPressed = 'false';
      button.textContent = name;
      pair.append(button);
    }
    document.querySelector('main').append(pair);
  }
  const made = performance.now();
  document.querySelector('main').getBoundingClientRect();
  return [made - before, performance.now() - before];
}"""


def measure(run: Run) -> Iterator[Figure]:
    rounds = run.size(15, 1)
    with sync_playwright() as playwright:
        path = CHROMIUM if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        # In turn, so that a machine whose speed drifts treats them alike.
        taken = [(_widgets(browser), _buttons(browser)) for _ in range(rounds)]
        browser.close()
    columns = zip(*((*ours, *theirs) for ours, theirs in taken), strict=True)
    upgraded, drawn, plain_made, plain_drawn = map(median, columns)
    yield Figure(
        f"{COUNT} `<sayso-thumbs>` that are in the page: until they are upgraded, script and all",
        upgraded,
        "ms",
        [Beside(f"{COUNT} plain pairs of buttons made", plain_made)],
        f"< {GOAL_MS} ms",
        upgraded < GOAL_MS,
    )
    yield Figure(
        "the same, until they are styled and laid out",
        drawn,
        "ms",
        [Beside("the plain pairs", plain_drawn)],
    )


Times = tuple[float, float]
"""Milliseconds until the elements are there, and until they are laid out."""


def _widgets(browser: Browser) -> Times:
    tags = "".join(f'<sayso-thumbs target="msg_{number}"></sayso-thumbs>' for number in range(COUNT))
    page = _page(browser, f"<main>{tags}</main>")
    page.evaluate("(text) => { globalThis.code = text; }", SCRIPT.read_text("utf-8"))
    return _result(page, UPGRADE)


def _buttons(browser: Browser) -> Times:
    page = _page(browser, "<main></main>")
    return _result(page, BUTTONS)


def _page(browser: Browser, html: str) -> Page:
    page = browser.new_page()
    page.route(
        "**/*",
        lambda route: route.fulfill(
            status=200,
            content_type="text/html",
            body=f"<!doctype html><html lang=en><title>Bench</title>{html}",
        ),
    )
    page.goto(PAGE)
    return page


def _result(page: Page, script: str) -> Times:
    first, second = page.evaluate(script, COUNT)
    page.close()
    return first, second
