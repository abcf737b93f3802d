"""The tables about eval sets are stable like an API too: evals.json lists every column and its type."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from sayso_ingest import evalsets
from sayso_ingest.warehouse.evals import FILE
from unit.evalsets.test_case import case

CONTRACT = json.loads(Path(__file__).with_name("evals.json").read_text())


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("project")
    evalsets.propose(folder, "help", [case()])
    evalsets.promote_candidates(folder, "help")
    evalsets.publish(folder)
    with duckdb.connect(folder / FILE, read_only=True) as opened:
        yield opened


def test_tables_columns_and_types_are_as_promised(connection: duckdb.DuckDBPyConnection) -> None:
    """A column that is renamed, retyped or removed breaks somebody's query; a new one is added to evals.json."""
    found: dict[str, dict[str, str]] = {}
    for table, column, type_ in connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal"
    ).fetchall():
        found.setdefault(table, {})[column] = type_
    assert found == CONTRACT


def test_every_table_and_column_has_a_comment(connection: duckdb.DuckDBPyConnection) -> None:
    bare = connection.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL"
    ).fetchall()
    bare += connection.execute("SELECT table_name FROM duckdb_tables() WHERE comment IS NULL").fetchall()
    assert bare == []


def test_every_column_of_a_full_row_is_filled(connection: duckdb.DuckDBPyConnection) -> None:
    """What the room hands over has the names of the columns: none is lost on the way."""
    [[since]] = connection.execute("SELECT since_version FROM eval_cases").fetchall()
    [[state]] = connection.execute("SELECT state FROM eval_candidates").fetchall()
    assert (since, state) == (1, "promoted")
