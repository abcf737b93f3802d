"""The private port of a real service: what it says while events come in, and while something is in the way."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from integration.metrics.promql import expressions, metrics
from processes import wait_until
from prometheus_client.parser import text_string_to_metric_families as parse
from sayso_ingest.metrics.table import TABLE
from service import Service

Samples = dict[tuple[str, tuple[str, ...]], float]


def thumb(value: str = "up") -> dict[str, object]:
    return {"id": str(uuid4()), "kind": "thumb", "target": "t", "body": {"value": value}}


class Watched:
    """A service and its private port."""

    def __init__(self, data: Path) -> None:
        self.service = Service(data, "--private-port", "0", "--workers", "2")
        found = re.search(r"Health and metrics: (\S+)/metrics", self.service.err)
        assert found, self.service.err
        self.url = found[1]

    def samples(self) -> Samples:
        text = requests.get(f"{self.url}/metrics", timeout=10).text
        return {
            (sample.name, tuple(sample.labels.values())): sample.value
            for family in parse(text)
            for sample in family.samples
        }

    def send(self, events: list[object]) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.service.secret}"}
        return requests.post(
            f"{self.service.url}/v1/events", json={"events": events}, headers=headers, timeout=10
        )


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    opened = Watched(tmp_path_factory.mktemp("watched") / "data")
    yield opened
    opened.service.stop()


def test_what_comes_in_is_counted_in_all_processes_together_and_again_where_it_lands(
    watched: Watched,
) -> None:
    for _ in range(20):
        assert watched.send([thumb(), thumb("sideways"), 7]).status_code == 200
    assert (
        requests.post(f"{watched.service.url}/v1/events", json={"events": []}, timeout=10).status_code == 401
    )
    report = {"dropped": {"queue_full": 3}}
    body = {"events": [thumb()], "report": report}
    headers = {"Authorization": f"Bearer {watched.service.secret}"}
    requests.post(f"{watched.service.url}/v1/events", json=body, headers=headers, timeout=10)
    wait_until(lambda: watched.samples().get(("sayso_events_landed_total", ("default",))) == 21, seconds=20)
    wait_until(lambda: ("sayso_dropped_events", ("default", "queue_full")) in watched.samples(), seconds=20)
    found = watched.samples()
    assert found["sayso_events_accepted_total", ("default",)] == 21
    assert found["sayso_events_rejected_total", ("default", "invalid_value")] == 20
    assert found["sayso_events_rejected_total", ("default", "not_an_object")] == 20
    assert found["sayso_requests_refused_total", ("missing_key",)] == 1
    assert found["sayso_rejects_landed_total", ("default",)] == 40
    assert found["sayso_request_seconds_count", ()] >= 22
    assert 0 < found["sayso_append_seconds_sum", ()] < 20
    assert found["sayso_lag_records", ("default",)] == 0
    assert found["sayso_warehouse_bytes", ("default",)] > 0
    assert found["sayso_dropped_events", ("default", "queue_full")] == 3
    assert found["sayso_failures_in_a_row", ("default",)] == 0


def test_it_is_alive_and_ready_and_knows_no_other_path(watched: Watched) -> None:
    assert requests.get(f"{watched.url}/healthz", timeout=10).text == "ok\n"
    ready = requests.get(f"{watched.url}/readyz", timeout=10)
    assert (ready.status_code, ready.text) == (200, "ready\n")
    unknown = requests.get(f"{watched.url}/", timeout=10)
    assert (unknown.status_code, "/metrics" in unknown.text) == (404, True)
    assert "Python" not in unknown.headers["Server"]


def test_a_worker_that_is_killed_takes_no_count_along_and_adds_no_file(watched: Watched) -> None:
    watched.send([thumb()])
    before = watched.samples()["sayso_events_accepted_total", ("default",)]
    victim = watched.service.workers()[0]
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: victim not in watched.service.workers() and len(watched.service.workers()) == 2)
    sent = 0
    for _ in range(40):
        try:
            sent += watched.send([thumb()]).status_code == 200
        except requests.ConnectionError:
            continue
    assert watched.samples()["sayso_events_accepted_total", ("default",)] == before + sent


def test_every_metric_of_the_table_is_there_and_no_other(watched: Watched) -> None:
    text = requests.get(f"{watched.url}/metrics", timeout=10).text
    found = {family.name: family for family in parse(text)}
    # Of what did not happen here.
    missing = {"sayso_events_retried", "sayso_failure_timestamp_seconds", "sayso_redacted"}
    assert {row.name.removesuffix("_total") for row in TABLE} - set(found) <= missing
    for name, family in found.items():
        row = next(row for row in TABLE if row.name.removesuffix("_total") == name)
        assert (family.type, family.documentation) == (row.kind, row.help)
        for sample in family.samples:
            assert set(sample.labels) - {"le"} == set(row.labels)


def test_what_the_dashboard_and_the_rules_ask_for_is_there(watched: Watched) -> None:
    asked = {name for expression in expressions() for name in metrics(expression)}
    said = {name for name, _ in watched.samples()}
    assert asked - said <= {
        "sayso_events_retried_total",
        "sayso_failure_timestamp_seconds",
        "sayso_redacted_total",
    }
