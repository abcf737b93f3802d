"""The script as `sayso widgets` says to load it: with an integrity, under a strict policy, from another origin."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from browser.standin import Site
from browser.watch import until
from playwright.sync_api import BrowserContext, Page
from service import Service, run

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(tmp_path_factory.mktemp("service") / "data")
    yield service
    service.stop()


@pytest.fixture(scope="module")
def paste(service: Service) -> dict[str, Any]:
    words = ("--url", service.url, "--key", service.publishable, "--format", "json")
    printed: dict[str, Any] = json.loads(run("widgets", *words, "--data", service.data).stdout)
    return printed


@pytest.fixture
def site(service: Service, paste: dict[str, Any]) -> Iterator[Site]:
    """A page with what was printed, and with no policy but that and `default-src 'none'`."""
    site = Site(service.url, script=paste["script"])
    trusted = "require-trusted-types-for 'script'; trusted-types 'none'"
    site.policy = f"default-src 'none'; {paste['csp']}; {trusted}"
    site.html = paste["elements"][0]
    yield site
    site.close()


def test_item_02_the_script_runs_with_the_integrity_that_was_printed_and_a_press_arrives(
    page: Page, site: Site, service: Service, paste: dict[str, Any]
) -> None:
    with page.expect_response(paste["src"]) as loaded:
        page.goto(site.origin)
    assert loaded.value.header_value("content-encoding") == "gzip"
    page.get_by_role("button", name="Good answer").click()
    until(
        page,
        lambda: service.query("SELECT value FROM verdicts WHERE target = 'msg_1'") == [("up",)],
        seconds=30,
    )


def test_item_02_a_browser_refuses_a_script_that_is_not_what_the_page_was_told(
    context: BrowserContext, site: Site, paste: dict[str, Any]
) -> None:
    wrong = "sha384-" + "A" * 64
    site.script = paste["script"].replace(paste["integrity"], wrong)
    page = context.new_page()
    lines: list[str] = []
    page.on("console", lambda line: lines.append(line.text))
    page.goto(site.origin)
    until(page, lambda: any("integrity" in line for line in lines))
    assert page.evaluate("customElements.get('sayso-thumbs')") is None


def test_item_02_a_browser_asks_for_the_script_once_for_all_pages(
    page: Page, site: Site, paste: dict[str, Any]
) -> None:
    for path in ("/one", "/two"):
        page.goto(site.origin + path)
        page.get_by_role("button", name="Good answer").wait_for()
    kept = "(src) => performance.getEntriesByName(src)[0].transferSize"
    assert page.evaluate(kept, paste["src"]) == 0
