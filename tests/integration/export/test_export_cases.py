"""From a version of an eval set to the folder that a test tool reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from integration.mining.project import Events, publish
from made import made_once
from sayso_ingest import evalsets, export, mining
from sayso_ingest.errors import UsageError
from sayso_ingest.export import CASES
from sayso_ingest.warehouse import Published

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def filled(project: Path) -> None:
    events = Events()
    for number in range(12):
        body = {
            "input": f"question {number}",
            "output": f"answer {number}",
            "contexts": [{"id": "p1", "text": f"page {number}"}, {"id": "p2"}],
            "tags": ["post"],
        }
        events.add("interaction", f"t{number:03}", body)
        events.add(
            "comment", f"t{number:03}", {"text": "no", "expected": f"right answer {number}"}, actor="ann"
        )
    publish(project, events.sent).close()


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Published]:
    made_once(tmp_path / "project", filled)
    with Published.open(tmp_path / "project") as published:
        yield published


@pytest.fixture
def version(copy: Published, tmp_path: Path) -> evalsets.Version:
    found = [evalsets.EvalCase.from_candidate(one) for one in mining.mine(copy.query, budget=10)]
    by_hand = evalsets.written_case("written by hand", expected="yes", reason="a test")
    return evalsets.promote(tmp_path / "project", "help", [*found, by_hand], now=NOW)


def read(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("format", CASES, ids=lambda one: one.name)
def test_every_format_has_every_case_and_is_the_same_each_time(
    version: evalsets.Version, copy: Published, tmp_path: Path, format: Any
) -> None:
    for folder in ("one", "two", "one"):
        manifest = export.export_cases(version, format, copy.query, out=tmp_path / folder)
    assert read(tmp_path / "one") == read(tmp_path / "two")
    assert manifest.cases == len(version.cases) == 11
    assert manifest.references == {"human_edit": 10, "written": 1}
    kept = json.loads((tmp_path / "one" / "manifest.json").read_bytes())
    assert (kept["set"], kept["version"], kept["sha256"]) == ("help", 1, version.sha256)
    assert {file["name"] for file in kept["files"]} == read(tmp_path / "one").keys() - {"manifest.json"}


def test_a_case_brings_what_was_retrieved_for_it(
    version: evalsets.Version, copy: Published, tmp_path: Path
) -> None:
    export.export_cases(version, export.find_case_format("parquet"), copy.query, out=tmp_path / "out")
    rows = pq.read_table(tmp_path / "out/data/test-00000-of-00001.parquet").to_pylist()
    for row in rows:
        number = row["input"].split()[-1]
        assert row["contexts"] == ([f"page {number}"] if row["target"] else [])
        assert row["event_ids"] or not row["target"]


def test_one_side_alone_can_be_had(version: evalsets.Version, copy: Published) -> None:
    format = export.find_case_format("inspect")
    dev, held_out = (
        export.export_cases(version, format, copy.query, out=None, side=side) for side in ("dev", "held_out")
    )
    assert dev.cases + held_out.cases == len(version.cases)
    assert dev.cases > 0


def test_a_version_of_a_set_is_no_place_for_an_export(version: evalsets.Version, copy: Published) -> None:
    before = read(version.path)
    with pytest.raises(UsageError, match="has files that no export wrote"):
        export.export_cases(version, export.find_case_format("jsonl"), copy.query, out=version.path)
    assert read(version.path) == before
