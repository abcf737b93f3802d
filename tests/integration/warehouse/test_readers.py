"""While rows land and copies are published, readers of two DuckDB versions ask on, and none is refused or misled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from blank import open_warehouse
from sayso_ingest.warehouse import Batch, Publisher
from sayso_ingest.warehouse.arrow import columns_of

pytestmark = pytest.mark.slow

READER = Path(__file__).with_name("reader.py")
OLDER = Path(__file__).parents[3] / ".cache" / "duckdb-1.5"
BATCH = 200
PUBLISHES = int(os.environ.get("PUBLISHES", "8"))


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other users may enter; pytest's own are closed to them."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def start(mode: str, path: Path, *, older: bool = False) -> subprocess.Popen[str]:
    environment = dict(os.environ, PYTHONPATH=str(OLDER) if older else "")
    command = [sys.executable, str(READER), mode, str(path)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )


def end(child: subprocess.Popen[str]) -> dict[str, Any]:
    out, _ = child.communicate("\n", timeout=60)
    report: dict[str, Any] = json.loads(out)
    return report


def rows() -> list[dict[str, Any]]:
    now = datetime.now(UTC).replace(tzinfo=None)
    return [
        {"event_id": str(uuid.uuid4()), "kind": "thumb", "target": str(uuid.uuid4()), "who": "actor:a",
         "value": "up", "occurred_at": now, "content_hash": 1, "verified": True}
        for _ in range(BATCH)
    ]  # fmt: skip


def test_readers_never_fail_and_never_see_half(
    folder: Path, require: Callable[[str, object, str], None]
) -> None:
    """Opened over and over with DuckDB 1.5 and 2.0, held open throughout, and refused to one who would write."""
    require("DuckDB 1.5", OLDER.exists(), "make test")
    warehouse = open_warehouse(folder)
    publisher = Publisher(warehouse, folder, interval=0)
    publisher.start(now=datetime.now(UTC))
    publisher.poll(wait=True)
    path = folder / "warehouse.duckdb"
    loops = [start("loop", path), start("loop", path, older=True)]
    holder, writer = start("hold", path), start("write", path)
    published = landed_meanwhile = 0
    longest_landing = longest_start = 0.0
    while published < PUBLISHES:
        began = time.perf_counter()
        warehouse.land(Batch(events=[warehouse.rows(columns_of(rows()))]), now=datetime.now(UTC))
        longest_landing = max(longest_landing, time.perf_counter() - began)
        landed_meanwhile += publisher.copying
        published += publisher.poll()
        if not publisher.copying:
            began = time.perf_counter()
            publisher.start(now=datetime.now(UTC))
            longest_start = max(longest_start, time.perf_counter() - began)
    held, refused, reports = end(holder), end(writer), [end(loop) for loop in loops]
    publisher.poll(wait=True)
    warehouse.close()
    readings = sum(len(report["readings"]) for report in reports)
    print(f"{readings} readings, {published} publishes, {landed_meanwhile} landings while copies were made")
    print(f"longest landing {longest_landing:.3f} s, longest fold and checkpoint {longest_start:.3f} s")

    assert landed_meanwhile > PUBLISHES  # while copies were being made
    assert [report["version"].split(".")[0] for report in reports] == [duckdb.__version__.split(".")[0], "1"]
    for report in reports:
        assert report["errors"] == []
        assert len({events for events, *_ in report["readings"]}) > 3
        for events, said, distinct, verdicts, feedback in report["readings"]:
            assert events == said == distinct == verdicts == feedback
            assert events % BATCH == 0
    assert held == {"same": True}
    assert refused["opened"] == 0
    assert refused["refused"] > 0
