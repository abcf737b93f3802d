"""A page that trusts scripts by a nonce alone, and what they load: no origin of a script is named in its policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser.standin import Collector, Site
from browser.watch import told, until, visit
from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser

THUMBS = '<sayso-thumbs target="msg_1" no-exposure></sayso-thumbs>'


@pytest.fixture
def site(collector: Collector) -> Iterator[Site]:
    site = Site(collector.origin)
    site.policy = (
        f"default-src 'none'; script-src 'nonce-n1' 'strict-dynamic'; connect-src {collector.origin}; "
        "require-trusted-types-for 'script'; trusted-types loader"
    )
    yield site
    site.close()


def test_item_03_a_script_tag_with_the_nonce_of_the_page_runs(
    page: Page, site: Site, collector: Collector
) -> None:
    site.script = site.script.replace("<script ", "<script nonce=n1 ")
    visit(page, site, THUMBS)
    page.get_by_role("button", name="Good answer").click()
    until(page, lambda: told(page, "sent"))
    assert collector.thumbs == [("msg_1", "up", None)]


def test_item_03_so_does_a_tag_that_a_trusted_script_puts_in(
    page: Page, site: Site, collector: Collector
) -> None:
    site.script = f"""<script nonce=n1>
      const tag = document.createElement('script');
      const loader = trustedTypes.createPolicy('loader', {{ createScriptURL: (url) => url }});
      tag.src = loader.createScriptURL('{collector.origin}/sayso.js');
      tag.dataset.key = 'pk_test';
      document.head.append(tag);
    </script>"""
    visit(page, site, THUMBS)
    page.get_by_role("button", name="Good answer").click()
    until(page, lambda: told(page, "sent"))
    assert [request["key"] for request in collector.requests] == ["pk_test"]
    assert collector.thumbs == [("msg_1", "up", None)]


def test_item_03_without_the_nonce_nothing_runs_and_nothing_breaks(
    context: BrowserContext, site: Site
) -> None:
    page = context.new_page()
    lines: list[str] = []
    page.on("console", lambda line: lines.append(line.text))
    visit(page, site, THUMBS)
    until(page, lambda: any("Content Security Policy" in line for line in lines))
    assert page.evaluate("customElements.get('sayso-thumbs')") is None
