"""Takes the pictures of README.md, of the real page: `python widgets/scripts/pictures.py`, after the look has changed.

It runs `sayso demo --page`, does in it what a person does, and writes widgets/pictures/*.png.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

PICTURES = Path(__file__).resolve().parents[1] / "pictures"
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")
CHROMIUM = Path("/usr/bin/chromium")
WRONG = "Can we sign in with our company account instead of passwords?"
RIGHT = "How do I show a board to a client without making them a member?"
POLISH = "Make my reply friendlier"


def main() -> None:
    """Take them all."""
    PICTURES.mkdir(exist_ok=True)
    with page_of_the_demo() as url, sync_playwright() as playwright:
        path = CHROMIUM if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for look in ("light", "dark"):
            with visit(browser, url, look, width=1200) as page:
                whole(page, PICTURES / f"page-{look}.png")
        with visit(browser, url, "light", width=390, fingers=True) as page:
            phone(page, PICTURES / "phone.png")
        for look in ("light", "dark"):
            with visit(browser, url, look, width=720) as page:
                parts(page, look)
        browser.close()


@contextmanager
def page_of_the_demo() -> Iterator[str]:
    """Run the demo's page, and give its address."""
    command = [sys.executable, "-P", "-m", "sayso_ingest", "demo", "--page", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
        try:
            yield next(found[0] for line in demo.stdout or () if (found := ADDRESS.search(line)))
        finally:
            demo.send_signal(signal.SIGTERM)


@contextmanager
def visit(browser: Browser, url: str, look: str, *, width: int, fingers: bool = False) -> Iterator[Page]:
    """Open a chat of its own."""
    context = browser.new_context(
        color_scheme=look,  # type: ignore[arg-type]
        viewport={"width": width, "height": 844},
        device_scale_factor=2,
        has_touch=fingers,
        is_mobile=fingers,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(url)
    yield page
    context.close()


def ask(page: Page, question: str, widget: str) -> Locator:
    """Press a question, and wait for the widget under its answer."""
    before = page.locator(widget).count()
    page.get_by_role("button", name=question).click()
    asking = page.locator(widget).nth(before)
    asking.wait_for()
    return asking


def whole(page: Page, path: Path) -> None:
    """The whole page: a verdict with its reasons, a suggestion, and the rows."""
    ask(page, RIGHT, "sayso-thumbs").get_by_role("button", name="Good answer").click()
    thumbs = ask(page, WRONG, "sayso-thumbs")
    thumbs.get_by_role("button", name="Bad answer").click()
    thumbs.get_by_role("button", name="Not correct").click()
    ask(page, POLISH, "sayso-suggestion")
    page.locator("[data-count=joined]").filter(has_text=re.compile("[2-9]")).wait_for(timeout=60_000)
    page.wait_for_timeout(2500)  # until the exposures have landed too
    page.keyboard.press("Control+Home")
    page.screenshot(path=path, full_page=True, scale="css")


def phone(page: Page, path: Path) -> None:
    """The same on a phone, as far as its screen goes."""
    thumbs = ask(page, WRONG, "sayso-thumbs")
    thumbs.get_by_role("button", name="Bad answer").tap()
    thumbs.get_by_role("button", name="Not correct").tap()
    page.screenshot(path=path)


def parts(page: Page, look: str) -> None:
    """Each widget by itself."""
    thumbs = ask(page, WRONG, "sayso-thumbs")
    thumbs.get_by_role("button", name="Bad answer").click()
    thumbs.get_by_role("button", name="Not correct").click()
    thumbs.get_by_role("textbox").fill("Only owners can turn it on.")
    answer(thumbs).screenshot(path=PICTURES / f"panel-{look}.png")
    suggestion = ask(page, POLISH, "sayso-suggestion")
    answer(suggestion).screenshot(path=PICTURES / f"suggestion-{look}.png")
    page.context.set_offline(True)
    page.route(
        "**/v1/events", lambda route: route.fulfill(status=403, json={"error": "unknown_key", "message": "-"})
    )
    page.context.set_offline(False)
    thumbs.get_by_role("button", name="Good answer").click()
    page.wait_for_timeout(1500)
    answer(thumbs).screenshot(path=PICTURES / f"error-{look}.png")


def answer(widget: Locator) -> Locator:
    """The bubble around a widget."""
    return widget.locator("xpath=..")


if __name__ == "__main__":
    main()
