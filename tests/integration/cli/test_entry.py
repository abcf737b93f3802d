"""The command as a process: exit codes, and what it needs to be imported."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sayso_ingest
from processes import wait_until
from sayso_ingest.cli import run as run_here
from sayso_ingest.operate import answers
from service import COMMAND, environment, run

HEAVY = ("duckdb", "flask", "granian", "kafka", "marshmallow", "numpy", "pyarrow", "rich", "scipy", "sklearn")


def python(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(),
    )


def test_help_imports_no_room() -> None:
    program = "import sys; from sayso_ingest.cli import run; run(['--help'])"
    program += f"; print(set({HEAVY!r}) & sys.modules.keys())"
    assert python(program).stdout.endswith("set()\n")


def test_what_reads_does_without_what_only_writing_needs() -> None:
    """The console runs all the time, and numpy and pyarrow would take 40 MB of memory there for nothing."""
    program = "import sys, sayso_ingest.console, sayso_ingest.operate.status"
    program += "; print({'numpy', 'pyarrow'} & sys.modules.keys())"
    assert python(program).stdout == "set()\n"


def test_without_click_the_command_says_how_to_install_it() -> None:
    ended = python("import sys; sys.modules['click'] = None; from sayso_ingest.__main__ import main; main()")
    assert ended.returncode == 1
    assert ended.stderr == (
        "Error: click is not installed. Install it with: pip install 'sayso[ingest]' (in a clone of the repository: "
        "pip install '.[ingest]')\n"
    )


def test_without_the_rest_of_the_extra_a_command_says_how_to_install_it(tmp_path: Path) -> None:
    program = f"""
import sys
sys.modules["duckdb"] = None
(__import__("pathlib").Path({str(tmp_path)!r}) / "p" / "log").mkdir(parents=True)
from sayso_ingest.cli import run
sys.exit(run(["status", "--data", {str(tmp_path)!r}]))
"""
    ended = python(program)
    assert ended.returncode == 1
    assert ended.stderr == (
        "Error: duckdb is not installed. Install it with: pip install 'sayso[ingest]' (in a clone of the repository: "
        "pip install '.[ingest]')\n"
    )


def test_the_version_is_that_of_the_distribution() -> None:
    assert run("--version").stdout == f"sayso, version {sayso_ingest.__version__}\n"


@pytest.mark.parametrize("words", [["bogus"], ["status", "--bogus"], ["keys", "create"]])
def test_wrong_usage_is_exit_code_2_and_says_where_help_is(words: list[str]) -> None:
    ended = run(*words)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "--help" in ended.stderr


def test_a_setting_in_the_environment_that_is_wrong_is_exit_code_2() -> None:
    ended = run("status", SAYSO_PORT="eighty")
    assert (ended.returncode, ended.stderr) == (2, "Error: SAYSO_PORT is 'eighty'. Allowed: 0 to 65535.\n")


@pytest.mark.parametrize("room", ["serve", "collect", "land"])
def test_a_log_that_cannot_be_is_exit_code_2_before_anything_is_made(room: str, tmp_path: Path) -> None:
    ended = run(room, "--log", "kafka://broker-without-port/sayso", "--data", tmp_path / "data")
    assert ended.returncode == 2
    assert "'kafka://broker-without-port/sayso' is not the address of an event log" in ended.stderr
    assert not (tmp_path / "data").exists()


def test_a_reader_that_goes_away_is_no_traceback(tmp_path: Path) -> None:
    for _ in range(3):
        run("keys", "create", "--kind", "sk", "--data", tmp_path)
    command = f"{sys.executable} -m sayso_ingest keys list --data {tmp_path} --format jsonl"
    shell = f"{{ {command}; echo $? >&2; }} | true"
    ended = subprocess.run(
        ["sh", "-c", shell], check=False, capture_output=True, text=True, timeout=60, env=environment()
    )
    assert ended.stderr == "141\n"


MISSING = [
    ["import", "gone.jsonl"],
    ["import", "gone.csv", "--kind", "thumb"],
    ["rejects", "replay", "gone.jsonl"],
    ["rejects", "show", "gone"],
    ["sql", "FROM events"],
    ["ask", "inbox"],
    ["ask", "gone"],
    ["status"],
    ["mine", "--set", "gone"],
    ["evalset", "show", "gone"],
    ["evalset", "diff", "gone", "1", "2"],
    ["evalset", "promote", "gone", "1f0c9d2ab345"],
    ["export", "--format", "trl-dpo", "--dry-run"],
    ["keys", "revoke", "gone"],
]


@pytest.mark.parametrize("words", MISSING, ids=" ".join)
def test_what_is_named_and_is_not_there_is_exit_code_1_and_one_message(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_here([*words, "--data", "nowhere"]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("Error: "), err.count("\n")) == ("", 1, 1)
    assert list(tmp_path.iterdir()) == []


@contextmanager
def running(*words: str | Path, err: Path) -> Iterator[Callable[[], str]]:
    """Run a room until the end of the block, and see that SIGTERM ends it well; yields what it has said."""
    with err.open("w") as file:
        process = subprocess.Popen([*COMMAND, *map(str, words)], stderr=file, env=environment())
    try:
        yield err.read_text
    finally:
        process.terminate()
        assert process.wait(timeout=30) == 0
    assert "Traceback" not in err.read_text()


@pytest.mark.parametrize(
    ("options", "says"),
    [([], "Landing every project in"), (["--project", "p"], "Landing project p in")],
)
def test_the_lander_runs_alone_until_it_is_told_to_stop(
    options: list[str], says: str, tmp_path: Path
) -> None:
    with running("land", *options, "--data", tmp_path / "data", err=tmp_path / "err") as said:
        wait_until(lambda: says in said())


@pytest.mark.parametrize(("room", "option"), [("console", "--console-port"), ("collect", "--port")])
def test_a_room_that_listens_runs_alone_until_it_is_told_to_stop(
    room: str, option: str, tmp_path: Path
) -> None:
    with running(room, option, "0", "--data", tmp_path / "data", err=tmp_path / "err") as said:
        wait_until(lambda: "listens on" in said())
        port = int(said().split()[-1].rpartition(":")[2])
        wait_until(answers("127.0.0.1", port))


def test_two_landers_on_one_project_are_one_too_many(tmp_path: Path) -> None:
    with running("land", "--project", "p", "--data", tmp_path, err=tmp_path / "err") as said:
        wait_until(lambda: "Landing" in said())
        second = run("land", "--project", "p", "--data", tmp_path)
        assert second.returncode == 1
        assert "A lander is at work in" in second.stderr
        assert "Stop the service" in second.stderr


def test_a_service_whose_projects_json_is_damaged_does_not_begin(tmp_path: Path) -> None:
    """Else each of its workers would end, and be started again, for ever."""
    (tmp_path / "projects.json").write_text("{")
    told = run("serve", "--port", "0", "--console-port", "0", "--data", tmp_path)
    assert told.returncode == 1
    assert "projects.json is damaged" in told.stderr and "Restore it from a backup" in told.stderr
