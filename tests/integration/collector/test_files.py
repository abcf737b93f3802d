"""What the collector serves to pages of any origin: the widget's script, and the OpenAPI document."""

from __future__ import annotations

import gzip
import re
from base64 import b64encode
from hashlib import sha384
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sayso_ingest.collector import create_app
from sayso_ingest.collector.served import Served, read_served
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


@pytest.fixture
def served(script: Path) -> Served:
    found = read_served(script)
    assert found
    return found


def test_the_script_of_one_version_may_be_kept_for_ever_and_its_integrity_is_that_of_its_bytes(
    client: FlaskClient, served: Served
) -> None:
    answer = client.get(served.path, headers={"Origin": "https://anywhere.example"})
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"export {};\n", "text/javascript")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert served.integrity == f"sha384-{b64encode(sha384(answer.data).digest()).decode()}"
    assert re.fullmatch(r"/sayso/\d+\.\d+\.\d+-[0-9a-f]{12}/sayso\.js", served.path)


@pytest.mark.parametrize("mark", ["0.1.0-000000000000", "lang", "..", "%2e%2e", "x" * 300])
def test_another_version_is_not_there_and_the_answer_says_what_to_paste(
    client: FlaskClient, served: Served, mark: str
) -> None:
    answer = client.get(f"/sayso/{mark}/sayso.js")
    assert answer.status_code == 404
    if mark.startswith("0"):
        assert served.path in answer.text
        assert "sayso widgets" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_old_address_ends_when_the_script_changes(
    client: FlaskClient, served: Served, script: Path
) -> None:
    assert client.get(served.path).status_code == 200
    script.write_text("export { newer };\n")
    assert client.get(served.path).status_code == 404


@pytest.mark.parametrize("path", ["/sayso.js", "versioned", "/v1/openapi.json"])
@pytest.mark.parametrize(
    ("accepted", "zips"),
    [
        ("gzip, deflate, br", True),
        ("*", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("identity", False),
    ],
)
def test_what_is_served_is_compressed_for_those_who_take_it(
    client: FlaskClient, served: Served, path: str, accepted: str, zips: bool
) -> None:
    path = served.path if path == "versioned" else path
    plain = client.get(path)
    answer = client.get(path, headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == ("gzip" if zips else None)
    assert (gzip.decompress(answer.data) if zips else answer.data) == plain.data
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert (answer.headers["ETag"] == plain.headers["ETag"]) is not zips
    same = {"Accept-Encoding": accepted, "If-None-Match": answer.headers["ETag"]}
    assert client.get(path, headers=same).status_code == 304


def test_a_language_is_served_by_its_code_and_nothing_else_of_the_disk_is(
    collector: Collector, script: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "lang"
    folder.mkdir()
    (folder / "de.js").write_text("// Gut.\n")
    client = create_app(
        keyring=KeyRing(collector.path), commit=collector.commit, widget=script, languages=folder
    ).test_client()
    answer = client.get("/sayso/lang/de.js")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "// Gut.\n", "text/javascript")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    for other in ("fr", "..%2fsayso", "../sayso", "DE", "de%00"):
        missing = client.get(f"/sayso/lang/{other}.js")
        assert missing.status_code == 404
    assert "there: de." in client.get("/sayso/lang/fr.js").text
