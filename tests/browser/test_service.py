"""From a press in a real browser to its row in `verdicts`, through `sayso serve` as it is run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browser.standin import Site
from browser.watch import pressed, record, told, until, waiting
from playwright.sync_api import BrowserContext, Page
from service import Service

pytestmark = pytest.mark.browser

UP, DOWN = "Good answer", "Bad answer"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service on an empty folder."""
    with running(tmp_path_factory.mktemp("service") / "data") as service:
        yield service


@contextmanager
def visit(page: Page, service: Service, target: str) -> Iterator[None]:
    """Open a page with the two lines of HTML that the service printed, about some target."""
    site = Site(service.url, script=service.printed("<script"))
    site.html = service.printed("<sayso-thumbs").replace("msg_1", target)
    record(page)
    page.goto(site.origin)
    try:
        yield
    finally:
        site.close()


@contextmanager
def running(data: Path, *options: str) -> Iterator[Service]:
    """Run a service for as long as it is needed."""
    service = Service(data, *options)
    try:
        yield service
    finally:
        service.stop()


@pytest.fixture
def visited(service: Service, page: Page, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page about a target of this test's own."""
    with visit(page, service, request.node.name):
        yield page


class Verdicts:
    """What the published copy says of one target."""

    def __init__(self, service: Service, target: str) -> None:
        self._service = service
        self._target = target

    def become(self, page: Page, *values: str | None) -> None:
        """Wait until the events of the target have landed, then hold its verdict to be as it should."""
        until(page, lambda: self._events() == list(values), seconds=90)
        [row] = self.query(
            "SELECT part, kind, name, value, retracted, verified, who FROM verdicts WHERE target = ?"
        )
        who = page.evaluate("JSON.parse(localStorage.getItem('sayso:browser')).anonymous")
        assert row == ("", "thumb", "", values[-1], False, False, f"anonymous:{who}")

    def _events(self) -> list[Any]:
        thumbs = "SELECT value FROM events WHERE target = ? AND kind = 'thumb' ORDER BY occurred_at, seq"
        return [value for (value,) in self.query(thumbs)]

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return self._service.query(sql, [self._target])


@pytest.fixture
def verdicts(service: Service, request: pytest.FixtureRequest) -> Verdicts:
    return Verdicts(service, request.node.name)


def test_a_press_becomes_a_verdict(visited: Page, verdicts: Verdicts) -> None:
    visited.get_by_role("button", name=UP).click()
    until(visited, lambda: told(visited, "sent"))
    verdicts.become(visited, "up")


def test_a_changed_press_changes_the_verdict(visited: Page, verdicts: Verdicts) -> None:
    visited.get_by_role("button", name=UP).click()
    visited.get_by_role("button", name=DOWN).click()
    verdicts.become(visited, "up", "down")


def test_a_press_taken_back_leaves_a_verdict_without_a_value(visited: Page, verdicts: Verdicts) -> None:
    visited.get_by_role("button", name=UP).click()
    visited.get_by_role("button", name=UP).click()
    verdicts.become(visited, "up", None)


def test_a_press_without_a_network_becomes_a_verdict_after_a_reload(
    visited: Page, verdicts: Verdicts, context: BrowserContext
) -> None:
    context.set_offline(True)
    visited.get_by_role("button", name=DOWN).click()
    until(visited, lambda: told(visited, "queued"))
    assert waiting(visited) >= 1  # the press, and after a second that it was seen
    context.set_offline(False)
    visited.reload()
    assert pressed(visited.locator("sayso-thumbs")) == "down"
    verdicts.become(visited, "down")
    until(visited, lambda: waiting(visited) == 0)


def test_a_press_while_the_service_is_down_becomes_a_verdict_once_it_is_back(
    tmp_path: Path, page: Page
) -> None:
    with running(tmp_path / "data") as service, visit(page, service, "msg_2"):
        verdicts = Verdicts(service, "msg_2")
        page.get_by_role("button", name=UP).click()
        verdicts.become(page, "up")
        service.stop()
        page.get_by_role("button", name=DOWN).click()
        until(page, lambda: told(page, "queued"))
        with running(service.data, "--port", service.url.rpartition(":")[2]):
            page.reload()
            verdicts.become(page, "up", "down")


def test_what_was_seen_becomes_an_exposure(visited: Page, verdicts: Verdicts, service: Service) -> None:
    def exposures() -> list[tuple[Any, ...]]:
        return verdicts.query("SELECT surface, times, visible_ms FROM exposures WHERE target = ?")

    until(visited, exposures, seconds=90)
    assert exposures() == [("thumbs", 1, 1000)]
