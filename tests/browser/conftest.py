"""A real Chromium, a site and a collector."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser.standin import Collector, Site
from browser.watch import faults
from playwright.sync_api import BrowserContext, Page

WIDGETS = Path(__file__).resolve().parents[2] / "widgets"


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab in which nothing may throw, and no policy may be violated."""
    page = context.new_page()
    wrong = faults(page)
    yield page
    assert wrong == []


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    yield collector
    collector.close()


@pytest.fixture
def site(collector: Collector) -> Iterator[Site]:
    site = Site(collector.origin)
    yield site
    site.close()


@pytest.fixture(scope="session")
def axe(require: Callable[[str, object, str], None]) -> str:
    """The script that looks for what shuts people out."""
    path = WIDGETS / "node_modules" / "axe-core" / "axe.min.js"
    require("axe-core", path.exists(), "npm --prefix widgets ci")
    return path.read_text("utf-8")
