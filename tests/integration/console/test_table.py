"""Tables of pages: sorted, shortened and downloaded as the query string says."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet
import pytest
from flask.testing import FlaskClient
from landed import NOW, append, event, land
from made import made_once
from sayso_ingest.console import create_app


def signalled(folder: Path) -> None:
    """A project with two signals and one outcome."""
    signal = {"name": "copied"}
    append(folder, event("signal", body=signal), event("signal", body=signal), event("outcome", body=signal))
    land(folder)


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    folder = tmp_path / "shop"
    made_once(folder, signalled)
    return create_app(project_folder=folder, now=lambda: NOW + timedelta(minutes=2)).test_client()


def test_figures_are_sorted_by_the_largest_first_and_a_second_press_turns_that_round(
    client: FlaskClient,
) -> None:
    page = client.get("/health?table=kinds").text
    assert 'href="/health?table=kinds&amp;sort=-events#kinds"' in page
    page = client.get("/health?table=kinds&sort=-events").text
    assert 'aria-sort="descending"' in page
    assert 'href="/health?table=kinds&amp;sort=events#kinds"' in page
    assert page.index(">signal<") < page.index(">outcome<")
    page = client.get("/health?table=kinds&sort=events").text
    assert page.index(">outcome<") < page.index(">signal<")


@pytest.mark.parametrize("column", ["nothing", '"', "kind; DROP TABLE events", "kind DESC, 1"])
def test_what_is_no_column_sorts_nothing_and_says_which_there_are(client: FlaskClient, column: str) -> None:
    answer = client.get("/health", query_string={"table": "kinds", "sort": column})
    assert answer.status_code == 400
    assert "It has: kind, events." in answer.text


def test_the_first_rows_are_shown_and_the_page_says_that_there_are_more(client: FlaskClient) -> None:
    page = client.get("/health?table=kinds&limit=1&sort=kind").text
    assert ">outcome<" in page
    assert ">signal<" not in page
    assert "The first 1 rows." in page
    assert "The first" not in client.get("/health?table=kinds&limit=2").text


@pytest.mark.parametrize("limit", ["0", "-5", "many", "", "99999999999999999999"])
def test_a_limit_that_cannot_be_shows_rows_all_the_same(client: FlaskClient, limit: str) -> None:
    assert client.get("/health", query_string={"table": "kinds", "limit": limit}).status_code == 200


def test_a_table_is_downloaded_in_every_format_with_the_order_it_was_shown_in(client: FlaskClient) -> None:
    rows = [{"kind": "outcome", "events": 1}, {"kind": "signal", "events": 2}]
    asked = {
        name: client.get(f"/health?table=kinds&sort=kind&format={name}")
        for name in ("csv", "json", "jsonl", "parquet")
    }
    assert list(csv.DictReader(io.StringIO(asked["csv"].text))) == [
        {name: str(value) for name, value in row.items()} for row in rows
    ]
    assert json.loads(asked["json"].text) == rows
    assert [json.loads(line) for line in asked["jsonl"].text.splitlines()] == rows
    assert pyarrow.parquet.read_table(io.BytesIO(asked["parquet"].data)).to_pylist() == rows
    assert asked["csv"].headers["Content-Disposition"] == 'attachment; filename="shop-kinds.csv"'


def test_the_first_table_of_a_page_is_meant_where_none_is_named(client: FlaskClient) -> None:
    assert client.get("/health?format=csv").text.startswith("hop,reason,")


def test_a_format_that_there_is_not_is_refused_with_those_there_are(client: FlaskClient) -> None:
    answer = client.get("/health?table=kinds&format=xls")
    assert answer.status_code == 400
    assert "csv, json, jsonl, parquet" in answer.text


@pytest.mark.parametrize("page", ["/health", "/inbox", "/problems", "/questions/inbox"])
def test_a_table_that_a_page_has_not_is_no_file_and_the_answer_names_those_it_has(
    client: FlaskClient, page: str
) -> None:
    answer = client.get(f"{page}?table=zz&format=csv")
    assert answer.status_code == 404
    assert "This page has no table &#39;zz&#39;. It has: " in answer.text
    assert client.get(f"{page}?table=zz").status_code == 200


def test_no_name_in_a_query_string_leads_its_links_elsewhere(client: FlaskClient) -> None:
    query = "_scheme=javascript&_external=1&_anchor=x&endpoint=health.show&table=kinds&sort=kind"
    page = client.get(f"/health?{query}").text
    links = re.findall(r'href="([^"]+)"', page)
    assert len(links) > 10
    assert {link[0] for link in links} <= {"/", "#"}
