"""Exports of any kind of what some people said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from integration.mining.project import Events, publish
from sayso_ingest import evalsets, export, mining
from sayso_ingest.warehouse import Published

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    events = Events()
    events.traffic(12)
    for number in range(8):
        body = {
            "outcome": "edited",
            "proposed": "we send it tomorrow",
            "final": f"we send it on day {number}",
        }
        events.add("suggestion", f"t{number:03}", body, actor=f"editor {number}")
        events.add("thumb", f"t{number:03}", {"value": "down"}, actor=f"reader {number}")
    with publish(tmp_path_factory.mktemp("project"), events.sent) as published:
        yield published


@pytest.fixture
def write(said: Published, tmp_path: Path) -> Callable[..., Any]:
    """`write(format, folder)` exports what people said; "set as FORMAT" exports an eval set."""
    cases = [evalsets.written_case(f"question {number}?", reason="a test") for number in range(3)]
    version = evalsets.promote(tmp_path / "sets", "help", cases, now=NOW)

    def export_as(name: str, out: Path, **wanted: Any) -> Any:
        if name.startswith("set as "):
            chosen = export.find_case_format(name.removeprefix("set as "))
            return export.export_cases(version, chosen, said.query, out=out)
        format = export.find_format(name)
        purpose = format.purpose or mining.Purpose.PREFERENCES
        job = export.Job(format, export.Wanted(purpose, **wanted), mining.Guard([]), [])
        return export.export(export.Reading(said.stream, said.query, tmp_path), job, out=out)

    return export_as
