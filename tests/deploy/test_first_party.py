"""A page whose script and events go through its own origin: by the Flask blueprint, and by a real nginx."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from browser.watch import until
from flask import Flask
from playwright.sync_api import Browser
from processes import wait_until
from service import Service
from werkzeug.serving import make_server

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "first-party"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
PAGE = """<!doctype html><html lang=en><title>Help</title>
<script src="/fb/sayso.js" data-key="KEY" data-url="/fb" defer></script>
<sayso-thumbs target="TARGET" no-exposure></sayso-thumbs></html>"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(tmp_path_factory.mktemp("service") / "data")
    yield service
    service.stop()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def flask_site(collector: str, key: str, _folder: Path) -> Iterator[str]:
    """A site in Flask, with the blueprint as its README says."""
    spec = importlib.util.spec_from_file_location("flask_proxy", FOLDER / "flask_proxy.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    app = Flask("site")
    app.register_blueprint(module.feedback(collector), url_prefix="/fb")
    app.get("/<target>")(lambda target: PAGE.replace("KEY", key).replace("TARGET", target))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def nginx_config(collector: str, key: str, folder: Path, port: int) -> Path:
    """A site in nginx that includes the snippet, its collector apart as it is."""
    snippet = (FOLDER / "nginx.conf").read_text().replace("http://127.0.0.1:8710", collector)
    (folder / "sayso.conf").write_text(snippet)
    page = PAGE.replace("\n", " ").replace("KEY", key).replace("TARGET", "$1")
    (folder / "nginx.conf").write_text(
        f"pid {folder}/pid; error_log {folder}/error.log; daemon off; master_process off; events {{}}\n"
        f"http {{ access_log off; default_type text/html; client_body_temp_path {folder}/body;\n"
        f"proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;\n"
        f"scgi_temp_path {folder}/s;\n"
        f"server {{ listen 127.0.0.1:{port}; include {folder}/sayso.conf;\n"
        f"location ~ ^/(msg_[a-z]+)$ {{ return 200 '{page}'; }} }} }}\n"
    )
    return folder / "nginx.conf"


@contextmanager
def nginx_site(collector: str, key: str, folder: Path) -> Iterator[str]:
    """A real nginx with the snippet."""
    port = free_port()
    config = nginx_config(collector, key, folder, port)
    process = subprocess.Popen([str(NGINX), "-e", folder / "error.log", "-c", config])
    try:
        wait_until(lambda: _answers(port) or process.poll() is not None)
        assert process.poll() is None, (folder / "error.log").read_text()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(params=["flask", "nginx"])
def site(
    request: pytest.FixtureRequest,
    service: Service,
    tmp_path: Path,
    require: Callable[[str, object, str], None],
) -> Iterator[str]:
    """The origin of a site that passes on to the service."""
    if request.param == "nginx":
        require("nginx", NGINX, "apt-get install nginx-light")
    made = {"flask": flask_site, "nginx": nginx_site}[request.param]
    with made(service.url, service.publishable, tmp_path) as origin:
        yield origin


def event(**more: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "kind": "thumb", "target": "t", "body": {"value": "up"}, **more}


def post(site: str, service: Service, *events: Any, **headers: str) -> requests.Response:
    body = json.dumps({"key": service.publishable, "events": events}).encode()
    headers = {"Content-Type": "text/plain;charset=UTF-8", "Origin": site, **headers}
    if headers.get("Content-Encoding") == "gzip":
        body = gzip.compress(body)
    return requests.post(f"{site}/fb/v1/events", data=body, headers=headers, timeout=10)


def test_a_real_event_goes_through_and_is_answered_as_the_collector_answers(
    site: str, service: Service
) -> None:
    good = event(target=f"through_{uuid4().hex}")
    answer = post(site, service, good, event(body={}))
    assert answer.status_code == 200
    assert [result["status"] for result in answer.json()["results"]] == ["accepted", "rejected"]
    assert (
        post(site, service, event(), **{"Content-Encoding": "gzip"}).json()["results"][0]["status"]
        == "accepted"
    )
    found = f"SELECT value FROM verdicts WHERE target = '{good['target']}'"
    wait_until(lambda: service.query(found) == [("up",)], seconds=60)


def test_the_origin_of_the_page_reaches_the_collector_and_other_origins_are_refused(
    site: str, service: Service
) -> None:
    answer = post(site, service, event(), Origin="https://elsewhere.example")
    assert (answer.status_code, answer.json()["error"]) == (403, "origin_not_allowed")


def test_the_command_of_the_manual_proves_that_the_way_is_open(site: str, service: Service) -> None:
    manual = (FOLDER / "README.md").read_text()
    [command] = re.findall(r"^    (curl .*)$", manual, flags=re.MULTILINE)
    answers = []
    for key in (service.publishable, "pk_wrong"):
        asked = shlex.split(command.replace("https://www.example.com", site).replace("pk_...", key))
        answers.append(subprocess.run([*asked, "-s"], check=True, capture_output=True, text=True).stdout)
    assert answers[0] == '{"results":[]}'
    assert answers[0] in manual
    assert json.loads(answers[1])["message"]


def test_the_script_comes_compressed_and_is_asked_for_by_its_etag(site: str, service: Service) -> None:
    for path in ("/sayso.js", _versioned(service)):
        answer = requests.get(f"{site}/fb{path}", timeout=10, headers={"Cookie": "session=1"})
        assert answer.status_code == 200, path
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.text == requests.get(service.url + path, timeout=10).text
        again = requests.get(
            f"{site}/fb{path}", timeout=10, headers={"If-None-Match": answer.headers["ETag"]}
        )
        assert again.status_code == 304
        assert answer.headers["Cache-Control"].endswith("immutable") is (path != "/sayso.js")


def test_nothing_else_of_the_collector_is_passed_on_and_nothing_too_large(
    site: str, service: Service
) -> None:
    for path in ("/healthz", "/readyz", "/v1/openapi.json", "/v1/events", "/"):
        assert requests.get(f"{site}/fb{path}", timeout=10).status_code in (403, 404, 405)
    assert post(site, service, event(meta={"x": "x" * 1_100_000})).status_code == 413


def test_a_press_in_a_page_goes_to_its_own_origin_and_becomes_a_verdict(
    site: str, service: Service, browser: Browser, request: pytest.FixtureRequest
) -> None:
    target = "msg_" + re.sub("[^a-z]", "", request.node.callspec.id)
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    page.goto(f"{site}/{target}")
    page.get_by_role("button", name="Good answer").click()
    found = f"SELECT value FROM verdicts WHERE target = '{target}'"
    until(page, lambda: service.query(found) == [("up",)], seconds=60)
    page.close()
    assert f"{site}/fb/v1/events" in asked
    assert [url for url in asked if not url.startswith(site)] == []


@pytest.mark.parametrize("made", [flask_site, nginx_site])
def test_a_collector_that_is_down_is_told_in_a_way_that_widgets_try_again(
    made: Any, service: Service, tmp_path: Path, require: Callable[[str, object, str], None]
) -> None:
    if made is nginx_site:
        require("nginx", NGINX, "apt-get install nginx-light")
    with made(f"http://127.0.0.1:{free_port()}", "pk_1", tmp_path) as origin:
        assert post(origin, service, event()).status_code in (502, 503)


def _versioned(service: Service) -> str:
    missing = requests.get(f"{service.url}/sayso/0/sayso.js", timeout=10).text
    found = re.search(r"/sayso/\S+/sayso\.js", missing)
    assert found, missing
    return found[0]


@pytest.mark.parametrize(
    "path", ["sayso/../readyz", "sayso/%2e%2e/v1/openapi.json", "v1/openapi.json", "healthz"]
)
def test_nothing_else_of_the_collector_is_passed_on(site: str, path: str) -> None:
    asked = requests.Request("GET", f"{site}/fb/").prepare()
    asked.url = f"{site}/fb/{path}"  # as it is: requests would fold the dots away
    with requests.Session() as session:
        assert session.send(asked, timeout=10).status_code in (400, 404)
