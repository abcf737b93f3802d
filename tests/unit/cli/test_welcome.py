"""What `sayso serve` says about a new project: lines that can be typed as they stand."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from uuid import UUID

import pytest
from sayso_ingest.cli.welcome import local_url, typed, welcome
from sayso_ingest.operate import FirstKeys
from sayso_ingest.settings import Settings

FIRST = FirstKeys(secret="sk_secret", publishable="pk_public")


def line(start: str, text: str) -> str:
    return next(line.strip() for line in text.splitlines() if line.strip().startswith(start))


def test_the_curl_line_is_one_command_with_the_secret_key_and_a_thumb() -> None:
    curl, url, *options = shlex.split(line("curl", welcome(Settings(port=8000), FIRST)))
    assert (curl, url) == ("curl", "http://127.0.0.1:8000/v1/events")
    assert "Authorization: Bearer sk_secret" in options
    [event] = json.loads(options[-1])["events"]
    assert UUID(event["id"])
    assert (event["kind"], event["body"]) == ("thumb", {"value": "up"})


def test_the_page_gets_the_publishable_key_and_never_the_secret_one() -> None:
    script = line("<script", welcome(Settings(), FIRST))
    assert script == '<script src="http://127.0.0.1:8710/sayso.js" data-key="pk_public" defer></script>'


def test_the_question_names_the_folder_and_the_project_where_they_are_not_the_default() -> None:
    settings = Settings(data=Path("/a b"), project="p")
    assert line("sayso sql", welcome(settings, FIRST)).endswith("--data '/a b' --project p")
    assert typed(Settings(), "keys", "list") == "sayso keys list"


@pytest.mark.parametrize(
    ("host", "url"),
    [("0.0.0.0", "http://127.0.0.1:1"), ("::", "http://[::1]:1"), ("box.example", "http://box.example:1")],
)
def test_a_server_on_all_addresses_is_reached_on_loopback(host: str, url: str) -> None:
    assert local_url(host, 1) == url
