"""What the collector serves to pages of any origin: the widget's script, and the OpenAPI document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sayso_ingest.collector import create_app
from sayso_ingest.keys import KeyRing

Collector = Any


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "sayso.js"
    path.write_text("export {};\n")
    return path


@pytest.fixture
def client(collector: Collector, script: Path) -> FlaskClient:
    return create_app(keyring=KeyRing(collector.path), commit=collector.commit, widget=script).test_client()


def test_pages_of_any_origin_get_the_script_for_a_short_while(client: FlaskClient, script: Path) -> None:
    answer = client.get("/sayso.js", headers={"Origin": "https://anywhere.example"})
    assert (answer.status_code, answer.data) == (200, b"export {};\n")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.cache_control.max_age == 300


def test_a_browser_that_has_the_script_is_not_sent_it_again(client: FlaskClient, script: Path) -> None:
    etag = client.get("/sayso.js").headers["ETag"]
    assert client.get("/sayso.js", headers={"If-None-Match": etag}).status_code == 304
    script.write_text("export { newer };\n")
    assert client.get("/sayso.js", headers={"If-None-Match": etag}).status_code == 200


def test_an_installation_without_the_script_says_so(client: FlaskClient, script: Path) -> None:
    script.unlink()
    answer = client.get("/sayso.js")
    assert (answer.status_code, answer.mimetype) == (404, "text/plain")
    assert "widget" in answer.text


def test_whoever_asks_gets_the_openapi_document_and_may_keep_it(client: FlaskClient) -> None:
    answer = client.get("/v1/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert list(answer.json["paths"]) == ["/v1/events"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = client.get("/v1/openapi.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
