"""The manual's lines for DuckDB, pandas, polars and notebooks do what they say, typed as they stand there."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from landed import append, event, land, thumb
from sayso_ingest.console import create_app
from sayso_ingest.keys import create_key
from sayso_ingest.places import keys_file
from serving import served

ROOT = Path(__file__).resolve().parents[2]
MANUAL = ROOT / "ingest" / "README.md"
READERS = ROOT / ".cache" / "readers" / "bin" / "python"


def snippets(language: str) -> list[str]:
    section = (
        MANUAL.read_text().split("### From DuckDB, pandas, polars, a notebook, dbt\n")[1].split("\n### ")[0]
    )
    return re.findall(rf"^```{language}\n(.*?)^```", section, flags=re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds `sayso-data`, with an interaction that one likes and another does not."""
    folder = tmp_path_factory.mktemp("reader")
    asked = {"input": "q", "output": "a", "prompt": {"name": "help", "version": "v1"}}
    given = [thumb(target="t", actor="u1"), thumb("down", target="t", actor="u2")]
    append(folder / "sayso-data" / "default", event("interaction", body=asked), *given)
    land(folder / "sayso-data" / "default")
    return folder


@pytest.fixture(autouse=True)
def there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


@pytest.fixture
def console(folder: Path) -> Iterator[str]:
    """The address of a console of that folder."""
    with served(create_app(project_folder=folder / "sayso-data" / "default")) as address:
        yield address


def test_the_command_line_of_duckdb_answers() -> None:
    [script] = snippets("sql")
    with duckdb.connect() as connection:
        assert connection.execute(script).fetchall()[0][:4] == ("help", "v1", 1, 2)


def test_pandas_takes_the_answer() -> None:
    names: dict[str, Any] = {}
    exec(snippets("python")[0], names)
    assert names["disliked"]["who"].tolist() == ["actor:u2"]
    names["con"].close()


@pytest.mark.readers
def test_polars_takes_the_answer(require: Callable[[str, object, str], None]) -> None:
    require("polars", READERS.exists(), ".ci/reader-packages")
    script = "".join([*snippets("python")[:2], "assert versions['up'].to_list() == [1]"])
    done = subprocess.run([READERS, "-c", script], check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_a_notebook_elsewhere_asks_the_consoles_port(
    console: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, _ = create_key(keys_file(folder / "sayso-data"), kind="ak", project="default")
    monkeypatch.setenv("SAYSO_KEY", secret)
    names: dict[str, Any] = {}
    exec(snippets("python")[2].replace("http://127.0.0.1:8711", console), names)
    assert sorted(names["values"].itertuples(index=False, name=None)) == [("down", 1), ("up", 1)]
