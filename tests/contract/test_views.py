"""The tables and views that analysts rely on are stable like an API: views.json lists every column and its type."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sayso_ingest.analysis import catalog
from sayso_ingest.warehouse import LakeWarehouse, Store

CONTRACT = json.loads(Path(__file__).with_name("views.json").read_text())


@pytest.fixture(scope="module")
def warehouse(store: Callable[..., Store], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = store(tmp_path_factory.mktemp("project"), views=catalog())
    yield opened
    opened.close()


@pytest.mark.parametrize("name", sorted(CONTRACT))
def test_columns_and_types_are_as_promised(warehouse: Store, name: str) -> None:
    """A column that is renamed, retyped or removed breaks somebody's query; a new one is added to views.json."""
    columns = {column: type_ for column, type_, *_ in warehouse.query(f"DESCRIBE {name}")}
    assert columns == CONTRACT[name]


def test_every_table_view_and_column_has_a_comment(warehouse: Store) -> None:
    """What an analyst sees in any DuckDB client."""
    bare = warehouse.query(
        "SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE database_name = 'warehouse' AND comment IS NULL AND table_name <> 'migrations'"
    )
    if isinstance(warehouse, LakeWarehouse):  # DuckLake keeps words about a view, and none about its columns
        views = warehouse.query("SELECT view_name FROM duckdb_views() WHERE NOT internal")
        bare = [column for column in bare if column[:1] not in views]
    bare += warehouse.query(
        "SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL "
        "UNION ALL SELECT table_name FROM duckdb_tables() WHERE comment IS NULL AND table_name <> 'migrations'"
    )
    assert bare == []


def test_no_view_is_left_out(warehouse: Store) -> None:
    """Every view is part of the promise."""
    views = {name for (name,) in warehouse.query("SELECT view_name FROM duckdb_views() WHERE NOT internal")}
    assert views <= set(CONTRACT)
    assert {view.name for view in catalog()} <= views
