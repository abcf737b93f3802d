"""What the operator lists in `attach` can be joined by SQL, and nothing beside it."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from landed import append, event, land
from sayso_ingest.cli import run


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a project that has published two thumbs, of u0 and u1."""
    data = tmp_path_factory.mktemp("attach") / "data"
    append(data / "default", *[event(target=f"t{n}", actor=f"u{n}") for n in range(2)])
    land(data / "default")
    return data


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The team's own tables: customers in a DuckDB file, orders in two Parquet files, and what is nobody's business."""
    own = tmp_path_factory.mktemp("it's own")
    with duckdb.connect(own / "crm.duckdb") as crm:
        crm.execute(
            "CREATE TABLE customers AS SELECT * FROM (VALUES ('u0', 'pro'), ('u1', 'free')) t(id, plan)"
        )
        crm.execute("CREATE VIEW passwords AS FROM read_text('/etc/passwd')")
    with duckdb.connect() as making:
        for number in range(2):
            making.execute(f"CREATE OR REPLACE TABLE t AS SELECT 'u{number}' AS id, {number + 10} AS total")
            making.table("t").write_parquet(str(own / f"orders-{number}.parquet"))
        making.table("t").write_parquet(str(own / "secret.parquet"))
    return own


def listed(own: Path) -> str:
    return f"crm={own}/crm.duckdb; orders={own}/orders-*.parquet; gone={own}/gone.duckdb"


def ask(data: Path, sql: str, attach: str) -> int:
    return run(["sql", sql, "--format", "json", "--attach", attach, "--data", str(data)])


def test_feedback_joins_a_duckdb_file_and_parquet_files(
    data: Path, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sql = """
        SELECT who, plan, total FROM verdicts JOIN crm.customers c ON who = 'actor:' || c.id JOIN orders USING (id)
        ORDER BY 1
    """
    assert ask(data, sql, listed(own)) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"who": "actor:u0", "plan": "pro", "total": 10},
        {"who": "actor:u1", "plan": "free", "total": 11},
    ]


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("FROM orders, read_parquet('{own}/secret.parquet')", "disabled"),
        ("FROM orders, read_parquet('{own}/*.parquet')", "disabled"),
        ("FROM orders, read_parquet('{own}/orders-0.parquet/../secret.parquet')", "disabled"),
        ("FROM crm.passwords", "disabled"),
        ("FROM orders, read_text('/etc/passwd')", "disabled"),
        ("FROM crm.customers, 'http://127.0.0.1:9/a.parquet'", "disabled"),
        ("INSERT INTO crm.customers VALUES ('u9', 'pro')", "Only SELECT"),
        ("COPY (FROM orders) TO '{own}/orders-0.parquet'", "Only SELECT"),
        ("ATTACH '{own}/crm.duckdb' AS other", "Only SELECT"),
    ],
)
def test_nothing_beside_what_is_listed_is_reached_and_nothing_is_written(
    data: Path, own: Path, sql: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spelled = sql.replace("{own}", str(own).replace("'", "''"))
    assert ask(data, spelled, listed(own)) == 1
    assert told in capsys.readouterr().err


def test_what_is_not_there_matters_to_those_who_name_it(
    data: Path, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(data, "SELECT 1 AS one", listed(own)) == 0
    capsys.readouterr()
    assert ask(data, "FROM gone.t", listed(own)) == 1
    assert "gone.duckdb, and no such file is there" in capsys.readouterr().err


def test_a_table_of_feedback_is_not_hidden_by_a_file_of_its_name(
    data: Path, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(data, "FROM events", f"events={own}/orders-0.parquet") == 2
    assert "is a table or view of feedback" in capsys.readouterr().err


def test_a_file_that_is_no_database_is_named(
    data: Path, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own / "text.duckdb").write_text("no database" * 1000)
    assert ask(data, "FROM odd.t", f"odd={own}/text.duckdb") == 1
    assert f"odd ({own}/text.duckdb) cannot be opened" in capsys.readouterr().err


@pytest.mark.parametrize(
    "attach",
    ["crm", "crm=/a.txt", "crm=", "warehouse=/a.db", "a=/b.db;a=/c.db", "Crm=/a.db", "crm=postgres://x"],
)
def test_what_cannot_be_attached_is_wrong_usage(
    data: Path, attach: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(data, "SELECT 1", attach) == 2
    assert "NAME=FILE" in capsys.readouterr().err
