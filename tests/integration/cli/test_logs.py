"""What a service says on standard error, while people send it what it should never repeat."""

from __future__ import annotations

import json
import logging
import re
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from processes import wait_until
from sayso_ingest.cli.logs import JsonLines, configure_logging
from sayso_ingest.settings import Settings
from service import Service

SECRET = "MARKER_NOBODY_REPEATS"


@pytest.mark.slow
def test_no_line_of_a_hostile_run_holds_a_payload_or_a_key_and_each_is_an_object(tmp_path: Path) -> None:
    service = Service(
        tmp_path / "data",
        *("--log-format", "json", "--log-level", "debug", "--workers", "1", "--private-port", "0"),
    )
    bearer = {"Authorization": f"Bearer {service.secret}"}
    url = f"{service.url}/v1/events"

    def event(**more: object) -> dict[str, object]:
        return {"id": str(uuid4()), "kind": "comment", "target": SECRET, "body": {"text": SECRET}, **more}

    bodies = [
        json.dumps({"events": [event(), event(kind=SECRET), event(actor={SECRET: 1}), SECRET]}).encode(),
        SECRET.encode(),
        b'{"events": "' + SECRET.encode() + b'"}',
        b"[" * 5000 + SECRET.encode(),
        b'{"events": [' + b"9" * 5000 + b', "' + SECRET.encode() + b'\\ud800"]}',
        b"\xff" + SECRET.encode(),
        json.dumps({"events": [event(token=f"{SECRET}.a.b")]}).encode(),
        json.dumps({"events": [], "report": {"dropped": {SECRET: 3}}}).encode(),
    ]
    headers = [
        bearer,
        {"Authorization": f"Bearer sk_{SECRET}"},
        {**bearer, "Content-Type": f"text/{SECRET}"},
        {**bearer, "Content-Encoding": SECRET},
        {**bearer, "Content-Encoding": "gzip"},
        {**bearer, "Origin": f"https://{SECRET}"},
    ]
    for body in bodies:
        for head in headers:
            with suppress(requests.ConnectionError):
                assert requests.post(url, data=body, headers=head, timeout=20).status_code < 500
    for path in (f"/{SECRET}", f"/v1/events?key={SECRET}", f"/sayso/{SECRET}/sayso.js"):
        requests.get(service.url + path, timeout=20)
        requests.request(SECRET[:6], service.url + path, timeout=20)
    wait_until(lambda: service.query("SELECT count(*) FROM rejects") > [(0,)])
    assert service.stop() == 0
    lines = service.err.splitlines()
    assert not [line for line in lines if SECRET in line or service.secret in line]
    told = [json.loads(line) for line in lines]
    assert {room for line in told for room in [line["room"]]} >= {"supervisor", "collector"}
    assert all({"ts", "level", "room", "message"} <= set(line) for line in told)
    assert any(line["message"].startswith("requests refused: ") for line in told)


@pytest.mark.parametrize(
    ("message", "arguments", "project"),
    [("project %s: its log is full", ("shop",), "shop"), ("nothing of one", (), None)],
)
def test_a_line_names_the_project_that_it_is_about(
    message: str, arguments: tuple[str, ...], project: str | None
) -> None:
    record = logging.LogRecord("x", logging.WARNING, __file__, 1, message, arguments, None)
    told = json.loads(JsonLines("collector").format(record))
    assert told.get("project") == project
    assert told["message"] == message % arguments
    assert (told["level"], told["room"]) == ("warning", "collector")


def test_a_traceback_stays_on_its_line() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), None)
        record.exc_info = (ValueError, error, error.__traceback__)
    line = JsonLines("lander").format(record)
    assert "\n" not in line
    assert "two\nlines" in json.loads(line)["message"]


def test_a_line_for_people_has_its_time_with_its_zone(capsys: pytest.CaptureFixture[str]) -> None:
    before = logging.root.handlers[:]
    try:
        configure_logging("lander", Settings())
        logging.getLogger("sayso").error("the disk is full")
    finally:
        logging.root.handlers[:] = before
    assert re.match(
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} lander ERROR the disk is full", capsys.readouterr().err
    )
