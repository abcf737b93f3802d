"""What is set of a project and the collector heeds: its limit, and that it is retired."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sayso_ingest.projects import Project, change_project

Collector = Any
PAGE = "https://app.example.com"


@pytest.fixture
def set_default(collector: Collector) -> Callable[..., Project]:
    """Set something of the project that the keys belong to."""

    def change(**what: Any) -> Project:
        path = collector.path.with_name("projects.json")
        return change_project(path, "default", lambda project: replace(project, **what))

    return change


def test_keys_of_a_retired_project_are_refused_until_it_is_taken_up_again(
    collector: Collector, make_thumb: Any, set_default: Any
) -> None:
    body = {"events": [make_thumb(1)]}
    assert collector.post(body).status_code == 200
    set_default(retired_at=collector.now)
    for answer in (
        collector.post(body),
        collector.post({**body, "key": collector.secrets["sk"]}, key=None),
        collector.post(body, key="pk_app", origin=PAGE),
        collector.post(b"no JSON"),
    ):
        assert (answer.status_code, answer.json["error"]) == (403, "project_retired")
        assert "sayso projects retire default --undo" in answer.json["message"]
    assert collector.post(body, key="pk_app", origin=PAGE).headers["Access-Control-Allow-Origin"] == PAGE
    assert collector.post(body, key="other").status_code == 200
    assert len(collector.parts()) == 1
    set_default(retired_at=None)
    assert collector.post({"events": [make_thumb(2)]}).status_code == 200


def test_the_log_of_a_retired_project_need_not_work_for_the_collector_to_be_ready(
    collector: Collector, set_default: Any
) -> None:
    collector.logs["default"].full = True
    assert collector.client.get("/readyz").status_code == 503
    set_default(retired_at=collector.now)
    assert collector.client.get("/readyz").status_code == 200


def test_all_keys_of_a_project_share_its_limit_and_what_was_turned_away_is_counted(
    collector: Collector, make_thumb: Any, set_default: Any
) -> None:
    set_default(rate=2, burst=10)
    numbers = iter(range(1, 1000))

    def send(key: str, count: int) -> Any:
        return collector.post({"events": [make_thumb(next(numbers)) for _ in range(count)]}, key=key)

    assert send("sk", 6).status_code == 200
    assert send("pk", 4).status_code == 200
    answer = send("sk", 3)
    assert (answer.status_code, answer.json["error"]) == (429, "too_fast")
    assert answer.json["message"].startswith("This project sends too much.")
    assert answer.headers["Retry-After"] == "2"
    assert send("other", 50).status_code == 200
    collector.seconds = 2
    assert send("sk", 3).status_code == 200
    reports = [part.report for part in collector.parts() if getattr(part, "report", None)]
    assert {"turned_away": {"too_fast": 3}} in reports


def test_what_the_project_turned_away_does_not_count_against_the_key(
    collector: Collector, make_thumb: Any, set_default: Any
) -> None:
    set_default(rate=0.01, burst=1)
    number = iter(range(1, 10_000))
    for _ in range(30):
        collector.post({"events": [make_thumb(next(number)) for _ in range(200)]}, key="pk")
    set_default(rate=None, burst=None)
    assert collector.post({"events": [make_thumb(next(number))]}, key="pk").status_code == 200
