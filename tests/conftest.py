"""What every test starts from: no network but loopback, no settings from outside, nothing missing in CI."""

from __future__ import annotations

import gc
import ipaddress
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import hypothesis
import lakes
import pytest
from blank import open_warehouse
from broker import Broker, can_run, running_broker
from cluster import Cluster, running_cluster
from compiled import compile_once
from lakes import Servers
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright
from presence import missing
from sayso_ingest.warehouse import Definition, LakeWarehouse, Store

ROOT = Path(__file__).resolve().parent.parent
REAL_DATA = pytest.StashKey[Path]()

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The same engine without the window around it, in a third of the processor time; it keeps no page to go back to.
HEADLESS_SHELL = "chromium-headless-shell"
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

Require = Callable[[str, object, str], None]
OpenStore = Callable[..., Store]


class NetworkBlocked(Exception):
    """A test tried to leave this machine."""


# A busy machine is no failure: speed is measured in bench/. Each run draws other examples; `make soak` draws many.
EXAMPLES = int(os.environ.get("EXAMPLES", "40"))
hypothesis.settings.register_profile("untimed", deadline=None, max_examples=EXAMPLES)
hypothesis.settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Forget the SAYSO_ settings of whoever runs the tests, and close the door to the network."""
    config.stash[REAL_DATA] = Path(os.environ.get("SAYSO_TEST_DATA") or ROOT.parent / "shared" / "data")
    for name in [name for name in os.environ if name.startswith("SAYSO_")]:
        del os.environ[name]
    # A shell that starts the tests in its background has Ctrl-C ignored in them, and in all that they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # `datasets` asks its hub about everything it opens, unless told that there is none.
    os.environ["HF_HUB_OFFLINE"] = os.environ["HF_DATASETS_OFFLINE"] = "1"
    sys.addaudithook(_only_loopback)
    compile_once()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What users do takes the whole service, and long: all stories are slow, and begin first, so that none is last."""
    stories = [item for item in items if item.path.is_relative_to(ROOT / "tests" / "story")]
    for item in stories:
        item.add_marker(pytest.mark.slow)
    told = set(stories)
    items[:] = stories + [item for item in items if item not in told]
    for item in items:
        if item.get_closest_marker("kafka"):
            # Its clients leave the sockets of connections that failed to the garbage collector, in any later test.
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed <s(sl|ocket):ResourceWarning"))


def _only_loopback(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse to look up or to reach anything but this machine (an audit hook also sees C code)."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # else a Unix socket
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not _is_loopback(host.decode() if isinstance(host, bytes) else host):
        raise NetworkBlocked(
            f"{event} to {host!r}: tests may reach loopback only. Start what you need there."
        )


def _is_loopback(host: str | None) -> bool:
    if host in (None, "", "localhost", "0.0.0.0", "::"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def require() -> Require:
    """`require(component, present, command)`: skip where a component is missing, fail in CI."""

    def check(component: str, present: object, command: str) -> None:
        if not present:
            missing(f"{component} is not here. Install it with: {command}")

    return check


@pytest.fixture(scope="session")
def shared_data(request: pytest.FixtureRequest) -> Path:
    """The folder of real feedback (feedbackqa, jfleg, banking77): SAYSO_TEST_DATA or ../shared/data."""
    folder: Path = request.config.stash[REAL_DATA]
    if not folder.is_dir():
        pytest.skip(
            "No real feedback here. Name its folder in SAYSO_TEST_DATA, or put it into ../shared/data"
        )
    return folder


@pytest.fixture(scope="session")
def kafka_broker(require: Require) -> Iterator[Broker]:
    """One broker for all tests of a session: take a prefix of your own."""
    require("A Kafka broker (Java and its jars)", can_run(), "make test-kafka")
    with (
        tempfile.TemporaryDirectory(prefix="sayso-kafka-", ignore_cleanup_errors=True) as folder,
        running_broker(Path(folder)) as broker,
    ):
        yield broker


@pytest.fixture
def sockets_collected() -> Iterator[None]:
    """Collect kafka-python's sockets of connections that failed where their warning is expected."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
def kafka_cluster(require: Require) -> Iterator[Cluster]:
    """Three brokers for all tests of a session: take a prefix of your own, and leave them running."""
    require("A Kafka broker (Java and its jars)", can_run(), "make test-kafka")
    with (
        tempfile.TemporaryDirectory(prefix="sayso-kafka-", ignore_cleanup_errors=True) as folder,
        running_cluster(Path(folder)) as cluster,
    ):
        yield cluster


@pytest.fixture(scope="session")
def lake_servers(require: Require) -> Iterator[Servers]:
    """One PostgreSQL and one S3 server for all tests of a session: take a lake of your own."""
    require("What a lake needs (PostgreSQL, versitygw, DuckDB 1.5.5)", lakes.can_run(), "make test-lake")
    with (
        tempfile.TemporaryDirectory(prefix="sayso-lake-", ignore_cleanup_errors=True) as folder,
        lakes.running_servers(Path(folder)) as servers,
    ):
        yield servers


@pytest.fixture(scope="module", params=["file", pytest.param("lake", marks=pytest.mark.lake)])
def store(request: pytest.FixtureRequest) -> OpenStore:
    """`store(folder, views=...)` opens an empty warehouse: a file, or a lake in `make test-lake`."""
    if request.param == "file":
        return open_warehouse
    servers: Servers = request.getfixturevalue("lake_servers")

    def open_lake(folder: Path, *, views: Iterable[Definition] = ()) -> LakeWarehouse:
        views = list(views)
        return LakeWarehouse.open(servers.blank(folder, views), folder, views=views)

    return open_lake


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def launch(require: Callable[[str, object, str], None], playwright: Playwright) -> Callable[..., Browser]:
    """Start a whole Chromium, with options of Playwright's `launch`."""
    path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    require("Chromium", path, "apt-get install chromium")
    return partial(playwright.chromium.launch, executable_path=path, args=CHROMIUM_ARGUMENTS)


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Browser]) -> Iterator[Browser]:
    """One Chromium for all tests, headless by build where there is one."""
    shell = shutil.which(HEADLESS_SHELL)
    browser = launch(executable_path=shell) if shell else launch()
    yield browser
    browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of its own."""
    context = browser.new_context()
    yield context
    context.close()
