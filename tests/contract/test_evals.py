"""The tables about eval sets are stable like an API too: evals.json lists every column and its type."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from ran import a_run
from sayso_ingest import evalsets
from sayso_ingest.evals import publish
from sayso_ingest.warehouse.evals import FILE
from unit.evalsets.test_case import case

CONTRACT = json.loads(Path(__file__).with_name("evals.json").read_text())


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("project")
    evalsets.propose(folder, "help", [case()])
    version = evalsets.promote_candidates(folder, "help")
    a_run(folder, version)
    publish(folder)
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


def test_a_run_lacks_only_what_nobody_knows_of_it(connection: duckdb.DuckDBPyConnection) -> None:
    empty = {table: _without_a_value(connection, table) for table in ("eval_runs", "eval_results")}
    assert empty == {
        "eval_runs": {"prompt_commit", "prompt_dirty", "prompt_path", "mean", "low", "high", "cost"},
        "eval_results": {"scorer", "score", "passed", "cost"},
    }


def _without_a_value(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    found = connection.execute(f"FROM {table}")
    names = [name for name, *_ in found.description or ()]
    [row] = found.fetchall()
    return {name for name, value in zip(names, row, strict=True) if value is None}
