"""The README, done as a newcomer does it: on what `sayso serve` prints on an empty folder."""

from __future__ import annotations

import functools
import http.server
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from processes import wait_until
from service import Service

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    started = Service(tmp_path_factory.mktemp("readme") / "data")
    yield started
    assert started.stop() == 0


@pytest.fixture(scope="module")
def adapt(service: Service) -> Callable[[str], str]:
    """Put what `serve` printed in the place of the README's address and keys."""

    def replace(text: str) -> str:
        text = text.replace("http://127.0.0.1:8710", service.url)
        return text.replace("sk_...", service.secret).replace("pk_...", service.publishable)

    return replace


def sayso(service: Service, *words: str) -> str:
    command = [sys.executable, "-m", "sayso_ingest", *words, "--data", str(service.data)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def verdicts(service: Service) -> dict[str, str]:
    return dict(service.query("SELECT who, value FROM verdicts"))


def test_the_lines_of_python_work_as_printed(service: Service, adapt: Callable[[str], str]) -> None:
    """Nothing but the address and the key are put in; the process ends without a flush."""
    (snippet,) = blocks("python")
    subprocess.run([sys.executable, "-c", adapt(snippet)], check=True)
    wait_until(lambda: verdicts(service).get("actor:u_12") == "down", what="the thumb landed")
    assert service.query("SELECT input, prompt_version FROM interactions") == [("Where is my order?", "v2")]


def test_the_curl_line_works_as_printed(service: Service, adapt: Callable[[str], str]) -> None:
    """Typed into a shell."""
    (line,) = [block for block in blocks("sh") if block.startswith("curl")]
    answer = subprocess.run(["sh", "-c", adapt(line)], check=True, capture_output=True, text=True).stdout
    assert '"status":"accepted"' in answer.replace(" ", "")
    wait_until(lambda: verdicts(service).get("actor:u_13") == "down", what="the thumb landed")


def test_the_two_lines_of_html_work_as_printed(
    service: Service, adapt: Callable[[str], str], tmp_path: Path, browser: Browser
) -> None:
    """A page of another origin on this machine, a click, and a verdict."""
    (lines,) = blocks("html")
    (tmp_path / "index.html").write_text(f"<!doctype html><title>A page</title>{adapt(lines)}")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        threading.Thread(target=site.serve_forever, args=(0.02,), daemon=True).start()
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{site.server_port}/")
        page.get_by_role("button").first.click()
        wait_until(
            lambda: any(w.startswith("anonymous:") and v == "up" for w, v in verdicts(service).items()),
            what="the click landed",
        )
        page.close()
        site.shutdown()


def test_the_sql_line_works_as_printed(service: Service) -> None:
    """On the same folder."""
    (line,) = [block for block in blocks("sh") if block.startswith("sayso sql")]
    question = re.search(r'"(.*)"', line)
    assert question
    printed = sayso(service, "sql", question[1])
    assert re.search(r"prompt_version +value +people", printed)
    assert "v2" in printed


def test_the_commands_are_there(service: Service) -> None:
    """Each command that the README names, with the options it names."""
    for line in "\n".join(blocks("sh")).splitlines():
        words = line.split("#")[0].split()
        if words[:1] == ["sayso"] and words[1] not in ("sql", "demo", "serve"):
            wanted = [word for word in words if word.startswith("--")]
            name = [word for word in words[1:3] if not word.startswith("--") and word != "helpdesk"]
            text = subprocess.run(
                [sys.executable, "-m", "sayso_ingest", *name, "--help"],
                check=True,
                capture_output=True,
                text=True,
            ).stdout
            assert [option for option in wanted if option not in text] == [], line
