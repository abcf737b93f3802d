"""The console's page SQL in a real browser: by keyboard, in light, dark and on a phone, under hostile text."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from landed import append, event, land
from playwright.sync_api import Page, expect
from sayso_ingest.console import create_app
from werkzeug.serving import make_server

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)>"
CHARTED = "SELECT 'v' %7C%7C i AS version, i AS n FROM range(5) t(i)&chart=1"
AXE = "axe.run().then(({violations}) => violations.map(({id, nodes}) => `${id}: ${nodes[0].html}`))"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of a project in which a comment is hostile."""
    folder = tmp_path_factory.mktemp("sql") / "shop"
    append(folder, event("comment", body={"text": HOSTILE}))
    land(folder)
    server = make_server("127.0.0.1", 0, create_app(project_folder=folder), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.port}/sql"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_question_is_typed_and_asked_by_keyboard_and_mended_when_it_is_wrong(
    page: Page, address: str
) -> None:
    page.goto(address)
    page.keyboard.type("SELECT txt FROM comments")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("txt")
    page.get_by_label("Your question in SQL").fill(f"SELECT text, '{HOSTILE}' AS \"{HOSTILE}\" FROM comments")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.get_by_role("cell", name=HOSTILE).first).to_be_visible()
    assert page.locator("main img").count() == 0


def test_a_question_that_takes_long_is_cancelled_and_stays_to_be_mended(page: Page, address: str) -> None:
    long = "SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b"
    page.goto(address)
    question = page.get_by_label("Your question in SQL")
    question.fill(long)
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
        # Over Run and its box to Cancel. By keys alone: all that looks at the page waits until the next one is there.
        for key in ("Tab", "Tab", "Tab", "Enter"):
            page.keyboard.press(key)
    expect(page.get_by_role("alert")).to_contain_text("The question was cancelled.")
    expect(question).to_have_value(long)
    expect(page.get_by_role("button", name="Cancel")).to_be_hidden()
    assert "sayso_asked" not in [cookie["name"] for cookie in page.context.cookies()]


@pytest.mark.parametrize("question", [CHARTED, "FROM nowhere"])
def test_axe_finds_nothing_in_light_in_dark_and_on_a_phone(
    page: Page, address: str, axe: str, question: str
) -> None:
    page.goto(f"{address}?q={question}")
    if question == CHARTED:  # the list is long, and the same on both
        page.locator(".views > summary").click()
    page.evaluate(axe)
    for scheme, width in (("light", 1280), ("dark", 360)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate(AXE) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
