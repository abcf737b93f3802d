"""`sayso sql` and `sayso ask`: what they write, what they may use, and what they cannot reach."""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pyarrow.ipc
import pyarrow.parquet
import pytest
from landed import append, event, land
from processes import wait_until
from sayso_ingest.cli import run
from sayso_ingest.cli.bounded import size_in_bytes
from service import COMMAND, environment
from service import run as run_apart

FOREVER = "SELECT count(*) FROM range(1000000000000) t(i) WHERE hash(i) = 0"

# A background job of a shell ignores SIGINT, and so does what it starts, unless it says otherwise.
INTERRUPTIBLE = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from sayso_ingest.__main__ import main
main()
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a project that has published three thumbs."""
    data = tmp_path_factory.mktemp("sql") / "it's data"
    append(data / "default", *[event(target=f"t{n}") for n in range(3)])
    land(data / "default")
    return data


class Asked:
    """What a command of this process has answered."""

    def __init__(self, data: Path, capfdbinary: pytest.CaptureFixture[bytes], *words: str) -> None:
        self.code = run([*words, "--data", str(data)])
        out, err = capfdbinary.readouterr()
        self.out, self.err = out, err.decode()


def test_many_rows_are_written_as_they_come_in_every_format_for_programs(
    data: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    query = "SELECT i AS n, 'it ' || i AS text FROM range(25000) t(i)"
    read = {
        "json": lambda out: [row["n"] for row in json.loads(out)],
        "jsonl": lambda out: [json.loads(line)["n"] for line in out.splitlines()],
        "csv": lambda out: [int(row["n"]) for row in csv.DictReader(io.StringIO(out.decode()))],
        "parquet": lambda out: pyarrow.parquet.read_table(io.BytesIO(out))["n"].to_pylist(),
        "arrow": lambda out: pyarrow.ipc.open_stream(out).read_all()["n"].to_pylist(),
    }
    for format, numbers in read.items():
        asked = Asked(data, capfdbinary, "sql", query, "--format", format)
        assert (asked.code, asked.err) == (0, "")
        assert numbers(asked.out) == list(range(25000)), format


def test_a_table_that_is_too_long_to_be_measured_says_that_it_was_cut(
    data: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    asked = Asked(data, capfdbinary, "sql", "SELECT i FROM range(10001) t(i)")
    assert len(asked.out.splitlines()) == 10_002
    assert "first 10,000 rows, and there are more" in asked.err


def test_no_bar_is_drawn_into_an_answer_that_takes_long(
    data: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """DuckDB would draw one on standard output after two seconds, on some machines and not on others."""
    query = "SELECT current_setting('enable_progress_bar') AS bar"
    assert json.loads(Asked(data, capfdbinary, "sql", query, "--format", "json").out) == [{"bar": False}]


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_an_answer_in_a_file_is_whole_or_not_there(
    data: Path, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, format: str
) -> None:
    file = tmp_path / "answer"
    fails = "SELECT CASE WHEN i = 200000 THEN error('late') ELSE i END AS n FROM range(200001) t(i)"
    assert Asked(data, capfdbinary, "sql", fails, "--format", format, "--out", str(file)).code == 1
    assert list(tmp_path.iterdir()) == []
    assert Asked(data, capfdbinary, "sql", "FROM verdicts", "--format", format, "--out", str(file)).code == 0
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_an_answer_goes_through_links_and_into_pipes_and_replaces_neither(
    data: Path, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, format: str
) -> None:
    file, link, pipe = tmp_path / "answer", tmp_path / "link", tmp_path / "pipe"
    link.symlink_to(file)
    os.mkfifo(pipe)
    assert Asked(data, capfdbinary, "sql", "SELECT 1", "--format", format, "--out", str(link)).code == 0
    assert link.readlink() == file
    came: list[bytes] = []
    reader = threading.Thread(target=lambda: came.append(pipe.read_bytes()))
    reader.start()
    assert Asked(data, capfdbinary, "sql", "SELECT 1", "--format", format, "--out", str(pipe)).code == 0
    reader.join(10)
    assert pipe.is_fifo()
    assert came == [file.read_bytes()]
    assert came[0]


def test_a_table_cuts_what_nobody_can_read(data: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    asked = Asked(data, capfdbinary, "sql", "SELECT repeat('x', 20000000) AS long", "--format", "table")
    assert (asked.code, 9_000 < asked.out.count(b"x") < 10_001) == (0, True)
    assert "--format csv" in asked.err


def test_columns_of_the_same_name_are_told_apart_in_parquet(
    data: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    asked = Asked(data, capfdbinary, "sql", "SELECT 1 AS a, 2 AS a", "--format", "parquet")
    assert pyarrow.parquet.read_table(io.BytesIO(asked.out)).to_pylist() == [{"a": 1, "a_1": 2}]


def test_a_column_that_parquet_has_no_type_for_is_named(
    data: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    asked = Asked(data, capfdbinary, "sql", "SELECT INTERVAL 1 DAY AS i", "--format", "parquet")
    assert asked.code == 2
    assert "parquet cannot hold this result" in asked.err


def test_a_question_that_takes_too_long_is_stopped(
    data: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    for format in ("table", "parquet"):
        asked = Asked(data, capfdbinary, "sql", FOREVER, "--timeout", "0.3", "--format", format)
        assert (asked.code, asked.out) == (1, b"")
        assert "stopped after 0.3 s" in asked.err
        assert "--timeout" in asked.err


def test_a_question_that_needs_too_much_memory_is_stopped_and_leaves_nothing_behind(
    data: Path, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    greedy = "SELECT list(i ORDER BY hash(i)) FROM range(20000000) t(i)"
    asked = Asked(data, capfdbinary, "sql", greedy, "--memory", "50MB")
    assert asked.code == 1
    assert "than it may have (50MB)" in asked.err
    assert "--memory" in asked.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds what a process allocates")
@pytest.mark.parametrize(
    "query",
    [
        "SELECT length(repeat('x', 4_000_000_000))",
        "SELECT len(range(300_000_000))",
        "SELECT repeat('x', (1_000_000 + i)::BIGINT) FROM range(2000) t(i)",
    ],
)
def test_what_duckdb_does_not_count_is_bounded_too_and_the_bound_ends_with_the_question(
    data: Path, capfdbinary: pytest.CaptureFixture[bytes], query: str
) -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    asked = Asked(data, capfdbinary, "sql", query, "--memory", "50MB", "--format", "parquet")
    assert asked.code == 1
    assert "than it may have (50MB)" in asked.err
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


def test_sizes_are_read_as_duckdb_reads_them() -> None:
    sizes = {"1KB": 1000, "1.5GiB": 3 * 2**29, "20 mb": 20_000_000, "2TiB": 2**41}
    assert {text: size_in_bytes(text) for text in sizes} == sizes


def test_ctrl_c_stops_a_question(data: Path, tmp_path: Path) -> None:
    endless = f"SELECT i FROM range(20000) t(i) UNION ALL {FOREVER.replace('count(*)', 'i')}"
    out, err = tmp_path / "out", tmp_path / "err"
    with out.open("w") as output, err.open("w") as messages:
        words = ["sql", endless, "--format", "jsonl", "--data", str(data)]
        command = [sys.executable, "-c", INTERRUPTIBLE, *words]
        process = subprocess.Popen(command, stdout=output, stderr=messages, env=environment())
    wait_until(lambda: out.stat().st_size, what="the first row")
    process.send_signal(signal.SIGINT)
    try:
        assert (process.wait(timeout=20), err.read_text().strip()) == (130, "")
    finally:
        process.kill()


class Web:
    """A web server on this machine that writes down what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_error(404)

            do_HEAD = do_GET

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/x.csv"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    web = Web()
    yield web
    web.close()


WRITES = [
    "DELETE FROM events",
    "INSERT INTO events SELECT * FROM events",
    "CREATE TABLE t AS SELECT 1",
    "DROP VIEW feedback",
    "CREATE MACRO f(x) AS x",
    "SELECT 1; DELETE FROM events",
    "EXPLAIN ANALYZE DELETE FROM events",
    "COPY (SELECT 1) TO 'FILE'",
    "COPY events FROM 'FILE'",
    "EXPORT DATABASE 'FILE'",
    "ATTACH 'FILE' AS other",
    "ATTACH ':memory:' AS other",
    "DETACH warehouse",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET memory_limit = '90GB'",
    "SET enable_external_access = true",
    "RESET lock_configuration",
    "PRAGMA memory_limit = '90GB'",
    "PRAGMA enable_profiling",
    "PRAGMA database_list",
    "CALL pragma_version()",
    "CHECKPOINT",
    "VACUUM",
    "USE memory",
    "BEGIN",
    "PREPARE p AS SELECT 1",
    "CREATE SECRET s (TYPE s3)",
]
REACHES = [
    "SELECT * FROM read_csv('FILE')",
    "SELECT * FROM read_csv_auto('FILE')",
    "SELECT * FROM read_text('FILE')",
    "SELECT * FROM read_blob('FILE')",
    "SELECT * FROM read_json('FILE')",
    "SELECT * FROM read_parquet('FILE')",
    "SELECT * FROM parquet_metadata('FILE')",
    "SELECT * FROM sniff_csv('FILE')",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM 'FILE'",
    "FROM 'FILE.parquet'",
    "SELECT * FROM query('SELECT * FROM read_text(''FILE'')')",
    "SELECT * FROM query_table('FILE')",
    "SELECT * FROM read_csv('URL')",
    "SELECT * FROM read_parquet('URL')",
    "SELECT getenv('HOME')",
    "SELECT * FROM duckdb_secrets() WHERE error('none') IS NULL",
    "SELECT * FROM sqlite_scan('FILE', 't')",
    "SELECT * FROM load_aws_credentials()",
]


@pytest.mark.parametrize("query", WRITES)
def test_what_does_not_only_read_is_refused(
    data: Path, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, query: str
) -> None:
    asked = Asked(data, capfdbinary, "sql", query.replace("FILE", str(tmp_path / "made")))
    assert (asked.code, asked.out) == (1, b"")
    assert "Error: " in asked.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("query", REACHES)
def test_no_question_reaches_a_file_or_the_network(
    data: Path,
    capfdbinary: pytest.CaptureFixture[bytes],
    tmp_path: Path,
    web: Web,
    query: str,
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("word\nhidden\n")
    asked = Asked(data, capfdbinary, "sql", query.replace("FILE", str(secret)).replace("URL", web.url))
    assert asked.code == 1
    assert b"hidden" not in asked.out
    assert "hidden" not in asked.err
    assert web.asked == []


def test_a_statement_that_writes_is_told_to_be_a_select(
    data: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    asked = Asked(data, capfdbinary, "sql", "DELETE FROM events")
    assert asked.err == "Error: Only SELECT is allowed here: the published copy is for reading.\n"


def test_sql_without_a_statement_says_so(data: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    for query in ("", "/* nothing */"):
        assert "no statement in this SQL" in Asked(data, capfdbinary, "sql", query).err


def test_a_named_question_comes_in_the_same_formats(
    data: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    asked = Asked(data, capfdbinary, "ask", "reject_reasons", "--format", "arrow")
    assert asked.code == 0
    assert pyarrow.ipc.open_stream(asked.out).read_all().num_rows == 0


def test_a_named_question_without_rows_says_so(data: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    asked = Asked(data, capfdbinary, "ask", "reject_reasons")
    assert (asked.code, asked.out) == (0, b"")
    assert asked.err == "No rows: nothing of the kind has been published yet.\n"


@pytest.mark.parametrize("size", ["much", "0GB", "2", "-1MB"])
def test_a_size_that_is_none_is_wrong_usage(data: Path, size: str) -> None:
    ended = run_apart("sql", "SELECT 1", "--memory", size, "--data", data)
    assert ended.returncode == 2
    assert "is no size" in ended.stderr


def test_bytes_are_not_for_a_terminal(data: Path) -> None:
    parent, child = os.openpty()
    try:
        words = ["sql", "SELECT 1", "--format", "arrow", "--data", str(data)]
        ended = subprocess.run(
            [*COMMAND, *words], stdout=child, stderr=subprocess.PIPE, text=True, env=environment(), timeout=60,
            check=False,
        )  # fmt: skip
    finally:
        os.close(parent)
        os.close(child)
    assert ended.returncode == 2
    assert "--out FILE" in ended.stderr


def test_of_two_statements_none_is_answered_and_a_folder_that_is_not_there_is_said(
    data: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    asked = Asked(data, capfdbinary, "sql", "SELECT 1; SELECT 2")
    assert "There are 2 statements in this SQL. Ask one at a time." in asked.err
    out = data / "none" / "x.csv"
    asked = Asked(data, capfdbinary, "sql", "SELECT 1", "--out", str(out))
    assert f"{out} cannot be written: No such file or directory." in asked.err
