"""`sayso demo --page`, as a newcomer uses it: a chat in a real browser, and the rows that clicks become."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser.watch import pressed, until
from playwright.sync_api import Page
from sayso_ingest.demo.page.assistant import OFFERED

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DEMO = [sys.executable, "-P", "-m", "sayso_ingest", "demo", "--page"]
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")


@contextmanager
def demo(*options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run the demo's page on any free port, and give its address."""
    with subprocess.Popen([*DEMO, "--port", "0", *options], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield next(found[0] for line in process.stdout if (found := ADDRESS.search(line))), process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with demo() as (address, process):
        yield address
    assert process.returncode == 0


def ask(page: Page, question: str) -> None:
    page.get_by_label("Ask the assistant").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator("sayso-thumbs").last.wait_for()


def count(page: Page, what: str) -> int:
    return int(page.locator(f"[data-count={what}]").inner_text())


def test_a_click_becomes_a_row_beside_it_and_knows_its_interaction(page: Page, address: str) -> None:
    page.goto(address)
    assert page.get_by_text("Nothing yet.").is_visible()
    ask(page, OFFERED[1])
    page.locator("sayso-thumbs").get_by_role("button", name="Bad answer").click()
    until(page, lambda: count(page, "verdicts") == 1, seconds=90)
    until(page, lambda: count(page, "joined") == 1, seconds=90)
    assert page.locator("tbody tr.thumb td").nth(2).inner_text() == "down"
    assert page.locator("tbody tr.interaction").count() == 1


def test_a_reload_shows_the_chat_and_the_verdict_again(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, OFFERED[0])
    page.locator("sayso-thumbs").get_by_role("button", name="Good answer").click()
    said = page.locator(".said p").inner_text()
    page.reload()
    page.locator("sayso-thumbs").wait_for()
    assert page.locator(".said p").inner_text() == said
    assert pressed(page.locator("sayso-thumbs")) == "up"


@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing_on_the_page(page: Page, address: str, axe: str, look: str) -> None:
    page.goto(address)
    page.get_by_role("button", name=look).click()
    ask(page, OFFERED[2])
    until(page, lambda: count(page, "events") > 0, seconds=90)
    page.evaluate(axe)
    found = page.evaluate(
        "axe.run().then(({violations}) => violations.map(({id, help}) => `${id}: ${help}`))"
    )
    assert found == []


def test_it_ends_when_it_is_told_to_and_keeps_the_folder_that_was_named(tmp_path: Path) -> None:
    with demo("--data", str(tmp_path / "kept")) as (_address, process):
        pass
    assert process.returncode == 0
    assert (tmp_path / "kept" / "keys.json").exists()


def test_a_port_that_is_taken_is_said_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = subprocess.run(
            [*DEMO, "--port", port], capture_output=True, text=True, timeout=90, check=False
        )
    assert ended.returncode == 1
    assert f"Port {port} of this machine is taken." in ended.stderr
    assert "Traceback" not in ended.stderr
