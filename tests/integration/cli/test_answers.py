"""What an answer looks like: its numbers, its rows when there are none, and the format that nobody has named."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow.ipc
import pyarrow.parquet
import pytest
from crowd import speak
from landed import append, event, land
from sayso_ingest.cli import run
from service import COMMAND, environment

Ask = Callable[..., tuple[bytes, str]]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a project that has published a thumb."""
    data = tmp_path_factory.mktemp("answers")
    append(data / "default", event())
    land(data / "default")
    return data


@pytest.fixture
def ask(data: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Ask:
    """Ask with `sayso sql`; returns what it wrote, and what it said."""

    def asked(*words: str) -> tuple[bytes, str]:
        assert run(["sql", *words, "--data", str(data)]) == 0
        out, err = capfdbinary.readouterr()
        return out, err.decode()

    return asked


def test_a_sum_and_a_price_are_numbers_of_every_format(ask: Ask) -> None:
    query = "SELECT sum(i) AS n, sum(i::DECIMAL(10,2) / 4) AS d, sum(0.25::DECIMAL(10,2)) AS price FROM range(3) t(i)"
    said = {format: ask(query, "--format", format)[0] for format in ("json", "csv", "parquet", "arrow")}
    assert json.loads(said["json"]) == [{"n": 3, "d": 0.75, "price": 0.75}]
    assert said["csv"].splitlines()[1] == b"3,0.75,0.75"
    tables = (
        pyarrow.parquet.read_table(io.BytesIO(said["parquet"])),
        pyarrow.ipc.open_stream(said["arrow"]).read_all(),
    )
    for table in tables:
        assert table.to_pylist() == [{"n": Decimal(3), "d": 0.75, "price": Decimal("0.75")}]


def test_an_empty_answer_shows_its_columns_and_says_so(ask: Ask) -> None:
    out, err = ask("SELECT target, value FROM verdicts WHERE false")
    assert out.splitlines()[0].split() == [b"target", b"value"]
    assert err == "(0 rows)\n"


@pytest.mark.parametrize("name", ["prompt_version", "nothing like any"])
def test_a_question_that_there_is_not_says_how_to_list_those_there_are(
    data: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    assert run(["ask", name, "--data", str(data)]) == 1
    told = capfd.readouterr().err
    assert "`sayso views` lists them all" in told
    assert ("Did you mean prompt_versions?" in told) == (name == "prompt_version")


def test_asked_for_proxies_it_says_below_the_table_which_answers_people_prefer(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    speak(tmp_path / "default")
    assert run(["ask", "proxies", "--data", str(tmp_path)]) == 0
    out, err = capfd.readouterr()
    assert "desk: Length of the answer: nothing to compare" in err
    assert "nothing to compare" not in out
    assert run(["ask", "proxies", "--data", str(tmp_path), "--format", "json"]) == 0
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("name", "words", "begins"),
    [
        ("a.csv", [], b"x\n1\n"),
        ("a.jsonl", [], b'{"x": 1}\n'),
        ("a.parquet", [], b"PAR1"),
        ("a.csv", ["--format", "json"], b"[\n"),
        ("a.csv", ["--format", "table"], b"x\n\xe2"),
        ("a.txt", [], b"x\n\xe2"),
    ],
)
def test_the_ending_of_a_file_names_the_format_where_nothing_else_does(
    ask: Ask, tmp_path: Path, name: str, words: list[str], begins: bytes
) -> None:
    ask("SELECT 1 AS x", "--out", str(tmp_path / name), *words)
    assert (tmp_path / name).read_bytes().startswith(begins)


@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet"])
def test_a_reader_that_has_enough_ends_a_question_quietly(data: Path, tmp_path: Path, format: str) -> None:
    words = ["sql", "FROM range(1000000)", "--format", format, "--data", str(data)]
    with (tmp_path / "err").open("w") as err:
        process = subprocess.Popen([*COMMAND, *words], stdout=subprocess.PIPE, stderr=err, env=environment())
    assert process.stdout
    process.stdout.read(1)
    process.stdout.close()
    assert (process.wait(timeout=60), (tmp_path / "err").read_text()) == (141, "")
