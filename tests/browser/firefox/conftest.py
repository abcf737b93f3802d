"""The browser of every test in this folder is Firefox, as it is released."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser.watch import faults
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

RELAY = Path(__file__).with_name("relay.py")
NAMES = ("firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox")
#: It would ask for an icon of every page, which no strict policy lets it have.
PREFERENCES: dict[str, str | float | bool] = {"browser.chrome.site_icons": False}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, so that `make test` can leave it to `make test-firefox`."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker("firefox")


@pytest.fixture(scope="session")
def launch(require: Callable[[str, object, str], None], playwright: Playwright) -> Callable[..., Browser]:
    """Start a Firefox, with preferences."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    require("Firefox", path, "apt-get install firefox-esr")
    python = Path(sys.executable).parent
    environment: dict[str, str | float | bool] = {
        **os.environ,
        "FIREFOX": str(path),
        "PATH": f"{python}{os.pathsep}{os.environ['PATH']}",
    }

    def start(**preferences: str | float | bool) -> Browser:
        return playwright.firefox.launch(
            channel="moz-firefox",
            executable_path=RELAY,
            env=environment,
            timeout=120_000,
            firefox_user_prefs={**PREFERENCES, **preferences},
        )

    return start


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Browser]) -> Iterator[Browser]:
    """One Firefox for all tests."""
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab in which nothing may throw, and no policy may be violated."""
    page = context.new_page()
    wrong = faults(page)
    yield page
    # Firefox reports a request that failed in the way of something that was thrown.
    assert [fault for fault in wrong if not fault.startswith("The Same Origin Policy disallows")] == []
