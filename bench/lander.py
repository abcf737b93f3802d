"""How fast records become rows."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import duckdb
import pyarrow as pa
from sayso_ingest.eventlog import MemoryLog
from sayso_ingest.lander import Lander
from sayso_ingest.record import Submission, encode_json, pack
from sayso_ingest.warehouse import Publisher, Warehouse

from bench.figure import Figure, paired, seconds

EVENTS = 20_000


def run(folder: Path) -> list[Figure]:
    log, serial = MemoryLog(), count()
    warehouse = Warehouse.open(folder)
    lander = Lander(log.reader(), warehouse, Publisher(warehouse, folder))
    writer = log.writer()

    def ours() -> float:
        writer.append(_records())
        return EVENTS / seconds(lambda: [None for _ in iter(lander.step, False)])

    def raw() -> float:
        connection = duckdb.connect(str(folder / f"raw{next(serial)}.duckdb"))
        connection.execute("SET checkpoint_threshold = '1TB'")
        table = warehouse._live.sql(f"SELECT * FROM events LIMIT {EVENTS}").to_arrow_table()
        assert isinstance(table, pa.Table)
        connection.register("batch", table)
        connection.execute("CREATE TABLE events AS FROM batch LIMIT 0")
        took = seconds(lambda: connection.execute("INSERT INTO events FROM batch"))
        connection.close()
        return EVENTS / took

    value, limit = paired(ours, raw)
    lander.close()
    return [Figure("rows landed", value, limit, "rows/s", "DuckDB inserts the same rows from an Arrow table")]


def _records() -> list[bytes]:
    now = datetime.now(UTC).isoformat()
    submissions = []
    for _ in range(EVENTS // 100):
        events = [
            {"id": str(uuid.uuid4()), "kind": "thumb", "target": str(uuid.uuid4()), "actor": "u", "occurred_at": now,
             "seq": n, "body": {"value": "up"}, "verified": True}
            for n in range(100)
        ]  # fmt: skip
        submissions.append(Submission("key", "sk", now, events=[encode_json(event) for event in events]))
    return pack(submissions).records
