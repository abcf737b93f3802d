"""The console's page over a real published copy, and what every answer of it carries."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from blank import open_warehouse
from flask.testing import FlaskClient
from sayso_ingest.analysis import catalog
from sayso_ingest.console import create_app
from sayso_ingest.warehouse import Batch, Publisher, Row

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def rejected(number: int) -> Row:
    reject_id = f"00000000-0000-4000-8000-{number:012}"
    return {"reject_id": reject_id, "key_id": "k", "event_id": None, "sha256": "", "reason": "too_large"}


def publish(folder: Path, *, rejects: int = 0) -> None:
    """Publish a warehouse that holds so many rejects and nothing else."""
    folder.mkdir(exist_ok=True)
    warehouse = open_warehouse(folder, views=catalog())
    warehouse.land(Batch(rejects=[rejected(n) for n in range(rejects)]), now=NOW)
    publisher = Publisher(warehouse, folder)
    publisher.start(now=NOW)
    publisher.poll(wait=True)
    warehouse.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "help-shared"


@pytest.fixture
def client(folder: Path) -> FlaskClient:
    return create_app(project_folder=folder, now=lambda: NOW + timedelta(minutes=2)).test_client()


def text(client: FlaskClient, path: str = "/") -> str:
    answer = client.get(path)
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_it_is_healthy_before_anything_is_published(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200


def test_before_the_first_publish_the_page_says_what_is_missing_and_what_to_run(client: FlaskClient) -> None:
    assert "Nothing has been published yet" in text(client)
    assert "sayso land" in text(client)


def test_without_events_the_page_says_how_to_send_one(client: FlaskClient, folder: Path) -> None:
    publish(folder)
    assert "Published 2 minutes ago" in text(client)
    assert "No event has landed yet" in text(client)


def test_the_page_names_the_project_and_counts_what_was_refused(client: FlaskClient, folder: Path) -> None:
    publish(folder, rejects=1200)
    assert "sayso help-shared" in text(client)
    assert "1,200 came that were refused" in text(client)
    assert " too_large 1,200 " in text(client, "/rejects")


def test_each_page_reads_the_copy_that_is_published_then(client: FlaskClient, folder: Path) -> None:
    publish(folder, rejects=1)
    assert " too_large 1 " in text(client, "/rejects")
    assert " too_large 1 " in text(client, "/rejects")
    publish_again = open_warehouse(folder, views=catalog())
    publish_again.land(Batch(rejects=[{**rejected(9), "reason": "too_deep"}]), now=NOW)
    publisher = Publisher(publish_again, folder)
    publisher.start(now=NOW)
    publisher.poll(wait=True)
    publish_again.close()
    assert " too_deep 1 " in text(client, "/rejects")


def test_an_address_that_leads_nowhere_is_told_in_plain_words(client: FlaskClient) -> None:
    answer = client.get("/nothing")
    assert answer.status_code == 404
    assert "Nothing is at this address." in answer.text


def test_a_copy_that_cannot_be_read_is_a_message_on_the_page(client: FlaskClient, folder: Path) -> None:
    folder.mkdir()
    (folder / "warehouse.duckdb").write_bytes(b"not a database" * 1000)
    assert client.get("/").status_code == 503
    assert "cannot be opened for reading" in text(client)


@pytest.mark.parametrize("path", ["/", "/healthz", "/static/console.css", "/nothing"])
def test_no_answer_allows_anything_inline_or_from_elsewhere(path: str, client: FlaskClient) -> None:
    answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert "unsafe" not in policy
    answer.close()


def test_the_page_has_no_inline_style_or_script(client: FlaskClient, folder: Path) -> None:
    publish(folder)
    page = client.get("/").text
    assert page.startswith("<!doctype html>")
    assert not re.search(r"<script|<style|style=|\son\w+=", page)


def test_a_name_that_was_made_to_point_here_gets_nothing(client: FlaskClient) -> None:
    assert client.get("/", headers={"Host": "rebound.example:8711"}).status_code == 400


@pytest.mark.parametrize("host", ["localhost:8711", "127.0.0.1:1", "[::1]:8711"])
def test_every_name_of_this_machine_is_answered(host: str, client: FlaskClient) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200
