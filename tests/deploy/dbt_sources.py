"""The published tables and views as dbt sources: `python tests/deploy/dbt_sources.py` writes them anew."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sayso_ingest.event import Kind, Reason
from sayso_ingest.warehouse import Published, Publisher, Warehouse

FILE = Path(__file__).resolve().parents[2] / "deploy" / "dbt" / "models" / "sources.yml"
ID = ["unique", "not_null"]
THERE = ["not_null"]
VERDICTS = ["thumb", "suggestion", "rating", "comment", "preference", "annotation", "judgement"]
TESTS: dict[str, dict[str, list[str] | tuple[str, list[str]]]] = {
    "events": {
        "event_id": ID,
        "kind": ("accepted_values", [*map(str, Kind)]),
        "occurred_at": THERE,
        "received_at": THERE,
        "who": THERE,
        "key_kind": ("accepted_values", ["pk", "sk"]),
    },
    "interactions": {"target": ID, "event_id": ID},
    "verdicts": {"event_id": ID, "target": THERE, "who": THERE, "kind": ("accepted_values", VERDICTS)},
    "feedback": {"event_id": ID, "target": THERE, "who": THERE, "kind": ("accepted_values", VERDICTS)},
    "suggestions": {
        "target": THERE,
        "outcome": ("accepted_values", ["accepted", "edited", "rejected", "undone"]),
    },
    "comments": {"target": THERE, "text": THERE},
    "exposures": {"target": THERE, "first_seen_at": THERE},
    "rejects": {"reject_id": ID, "reason": ("accepted_values", [*map(str, Reason)])},
    "losses": {"n": THERE},
    "published": {"published_at": THERE, "events": THERE},
}
HEAD = """# Written by tests/deploy/dbt_sources.py from the comments in the published copy.
version: 2

sources:
  - name: sayso
    description: What people said about the output of an LLM, as sayso published it last.
    database: "{{ var('sayso_database', 'warehouse') }}"
    schema: "{{ var('sayso_schema', 'main') }}"
    tables:
"""
COLUMNS = """
    SELECT c.table_name, coalesce(v.comment, t.comment) AS about, c.column_name, c.data_type, c.comment
    FROM duckdb_columns() c
    LEFT JOIN duckdb_views() v ON v.database_name = c.database_name AND v.view_name = c.table_name
    LEFT JOIN duckdb_tables() t ON t.database_name = c.database_name AND t.table_name = c.table_name
    WHERE c.database_name = 'warehouse'
        AND (v.view_name IS NOT NULL OR c.table_name IN ('events', 'rejects', 'published'))
    ORDER BY c.table_name, c.column_index
"""


def sources() -> str:
    """The file as it should be."""
    return HEAD + "".join(line + "\n" for line in _tables())


def _tables() -> Iterator[str]:
    last = ""
    for table, about, column, type, comment in _columns():
        if table != last:
            yield f"      - name: {table}"
            yield f"        description: {json.dumps(about, ensure_ascii=False)}"
            yield "        columns:"
        last = table
        yield f"          - name: {column}"
        yield f"            data_type: {json.dumps(type)}"
        yield f"            description: {json.dumps(comment, ensure_ascii=False)}"
        tests = TESTS.get(table, {}).get(column, [])
        if isinstance(tests, tuple):
            yield "            data_tests:"
            yield f"              - {tests[0]}:"
            yield f"                  values: {json.dumps(tests[1])}"
        elif tests:
            yield f"            data_tests: [{', '.join(tests)}]"


def _columns() -> list[tuple[str, ...]]:
    """The tables and views of a copy in which nothing has landed."""
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Warehouse.open(Path(folder))
        publisher = Publisher(warehouse, Path(folder))
        publisher.start(now=datetime.now(UTC))
        publisher.poll(wait=True)
        warehouse.close()
        with Published.open(Path(folder)) as copy:
            return [tuple(row) for row in copy.table(COLUMNS)[1]]


if __name__ == "__main__":
    FILE.write_text(sources())
