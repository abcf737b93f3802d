"""Users bring vectors of their own: a column of a file, found by target."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest
from integration.mining.project import Events, publish
from sayso_ingest import mining
from sayso_ingest.errors import UsageError
from sayso_ingest.mining.embed import ColumnEmbedder, always
from sayso_ingest.warehouse import Attached, Published

VECTORS = (
    "SELECT 't' || lpad(i::VARCHAR, 3, '0') AS target, [sin(i % 4), cos(i % 4), 1.0]::FLOAT[] AS made "
    "FROM range(40) t(i)"
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("column")
    events = Events()
    events.traffic(40)
    events.add("interaction", "again", {"input": "my parcel is late, number 0", "output": "It comes."})
    events.add("interaction", "new", {"input": "nothing is known of this", "output": "Indeed."})
    publish(folder, events.sent).close()
    return folder


def write(path: Path, sql: str = VECTORS) -> Attached:
    with duckdb.connect(path if path.suffix == ".duckdb" else ":memory:") as connection:
        if path.suffix == ".duckdb":
            connection.execute(f"CREATE TABLE vectors AS {sql}")
        else:
            connection.execute(f"COPY ({sql}) TO '{path}'")
    return Attached("mine", str(path))


def opened(project: Path, attached: Attached) -> Published:
    return Published.open(project, attached=[attached])


@pytest.mark.parametrize(
    ("file", "name"),
    [("v.parquet", "mine.made"), ("v.csv", "mine.made"), ("v.duckdb", "mine.vectors.made")],
)
def test_vectors_are_found_by_the_target_of_a_question(
    project: Path, tmp_path: Path, file: str, name: str
) -> None:
    with opened(project, write(tmp_path / file)) as copy:
        rows = ColumnEmbedder(copy.query, name).embed(
            ["my refund for shoes, number 3", "my parcel is late, number 4"]
        )
    assert rows.dtype == np.float32
    expected = np.array([[np.sin(3), np.cos(3), 1], [0, 1, 1]]) / np.sqrt(2)
    assert np.allclose(rows, expected, atol=1e-6)


def test_a_text_with_several_vectors_has_their_mean(project: Path, tmp_path: Path) -> None:
    two = "SELECT 't000' AS target, [3.0, 0.0] AS made UNION ALL SELECT 'again', [0.0, 1.0]"
    with opened(project, write(tmp_path / "v.parquet", two)) as copy:
        [row] = ColumnEmbedder(copy.query, "mine.made").embed(["my parcel is late, number 0"])
    assert np.allclose(row, [0.5**0.5] * 2, atol=1e-6)


def test_what_has_no_vector_is_zero_and_told(project: Path, tmp_path: Path) -> None:
    told: list[str] = []
    with opened(project, write(tmp_path / "v.parquet")) as copy:
        embedder = ColumnEmbedder(copy.query, "mine.made", tell=told.append)
        rows = embedder.embed(["nothing is known of this", "my parcel is late, number 4"])
    assert not rows[0].any()
    assert rows[1].any()
    assert told == ["1 of 2 questions have no vector in mine.made, and are like no other."]


def test_a_case_is_found_by_the_target_it_came_from(project: Path, tmp_path: Path) -> None:
    with opened(project, write(tmp_path / "v.parquet")) as copy:
        embedder = ColumnEmbedder(copy.query, "mine.made", targets={"erased since": "t001"})
        erased, there = embedder.embed(["erased since", "my invoice is wrong, number 1"])
    assert np.array_equal(erased, there)


def test_the_id_names_the_column_its_dimensions_and_what_is_in_it(project: Path, tmp_path: Path) -> None:
    ids = []
    for number, sql in enumerate([VECTORS, VECTORS, f"{VECTORS} WHERE i > 0"]):
        with opened(project, write(tmp_path / f"{number}.parquet", sql)) as copy:
            ids.append(ColumnEmbedder(copy.query, "mine.made").id)
    assert ids[0] == ids[1] != ids[2]
    assert ids[0].startswith("column:mine.made-3-")


def test_mining_and_coverage_go_by_the_users_vectors(project: Path, tmp_path: Path) -> None:
    with opened(project, write(tmp_path / "v.parquet")) as copy:
        choose = always(ColumnEmbedder(copy.query, "mine.made"))
        found = mining.mine(copy.query, budget=8, strategy="represent", choose=choose)
        cases = [{"input": one.input} for one in found if one.stratum == "mined"][:4]
        covered = mining.measure_coverage(copy.query, cases=cases, choose=choose)
    assert all(one.embedder.startswith("column:mine.made-3-") for one in found)
    assert covered.embedder == found[0].embedder


@pytest.mark.parametrize(
    ("sql", "name", "problem"),
    [
        (VECTORS, "mine.other", "other"),
        (VECTORS, "yours.made", "--attach"),
        ("SELECT 1 AS made", "mine.made", "a column `target`"),
        ("SELECT 't001' AS target, 'words' AS made", "mine.made", "lists of numbers"),
        (f"{VECTORS} WHERE i > 99", "mine.made", "has no vector"),
        (f"{VECTORS} UNION ALL SELECT 'x', [1]", "mine.made", "have 1 to 3 dimensions"),
        (
            "SELECT 't001' AS target, ['nan'::FLOAT, 1] AS made",
            "mine.made",
            "1 vectors of mine.made are not finite",
        ),
    ],
)
def test_a_column_that_holds_no_vectors_is_refused(
    project: Path, tmp_path: Path, sql: str, name: str, problem: str
) -> None:
    with (
        opened(project, write(tmp_path / "v.parquet", sql)) as copy,
        pytest.raises(UsageError, match=problem),
    ):
        ColumnEmbedder(copy.query, name)
