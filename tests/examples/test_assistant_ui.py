"""assistant-ui's own feedback buttons, with sayso's client behind them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser.watch import until
from examples.apps import EXAMPLES, VITE, running, settings
from examples.people import joined
from playwright.sync_api import Page
from service import Service

pytestmark = pytest.mark.examples

ANSWERS = 4


@pytest.fixture(scope="module")
def url(node: str, service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The example, running."""
    log = tmp_path_factory.mktemp("assistant-ui") / "log"
    with running(
        EXAMPLES / "assistant-ui", [node, VITE, "--port", "PORT", "--strictPort"], settings(service), log
    ) as url:
        yield url


def test_what_the_feedback_adapter_is_handed_joins_through_reloads(
    page: Page, url: str, service: Service
) -> None:
    page.goto(url)
    said: dict[str, str | None] = {}
    for number in range(ANSWERS):
        page.get_by_label("Your question").fill("How long does a refund take?")
        page.keyboard.press("Enter")
        until(page, lambda count=number + 1: _buttons(page) == count, seconds=30)  # type: ignore[misc]
        name, verdict = (("Good answer", "up"), ("Bad answer", "down"))[number % 2]
        page.get_by_role("button", name=name).last.click()
        said |= {_last_target(page): verdict}
        if number % 2:
            page.reload()
            until(page, lambda count=number + 1: _buttons(page) == count, seconds=30)  # type: ignore[misc]
    feedback = joined(service, said)
    assert len(feedback.verdicts) == ANSWERS
    assert feedback.share == 1


def _buttons(page: Page) -> int:
    return page.get_by_role("button", name="Good answer").count()


def _last_target(page: Page) -> str:
    return page.locator(".assistant").last.get_attribute("data-message-id") or ""
