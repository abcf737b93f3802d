"""`sayso demo`, as a newcomer runs it, and what it says when an event is missing or doubled."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from sayso_ingest.demo.proof.comparison import Comparison
from sayso_ingest.demo.proof.ledger import Ledger
from sayso_ingest.demo.service import running_service
from sayso_ingest.demo.story import check, deliver
from sayso_ingest.demo.traffic.plan import plan
from sayso_ingest.mining import read_measurements
from sayso_ingest.places import coverage_file

README = Path(__file__).parents[2] / "README.md"
LEDGER = re.compile(
    r"ledger: ([\d,]+) events sent, ([\d,]+) landed, 0 missing, 0 doubled; "
    r"([\d,]+) verdicts agree; ([\d,]+) rejects by reason agree"
)
COMMAND = re.compile(r"^\$ sayso (\w+)", re.MULTILINE)


@dataclass
class Heard:
    """A stage that keeps what is said on it."""

    lines: list[str] = field(default_factory=list)

    def heading(self, text: str) -> None:
        self.lines.append(text)

    def say(self, text: str) -> None:
        self.lines.append(text)

    def result(self, text: str, *, good: bool) -> None:
        self.lines.append(text)

    def command(self, text: str) -> None:
        self.lines.append(text)

    def progress(self, what: str, done: int, total: int | None) -> None:
        assert total is None or 0 <= done <= total


def run_demo(*options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "sayso_ingest", "demo", *options]
    environment = {**os.environ, **settings}
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False, env=environment)


def _type(line: str, *, data: Path, cwd: Path) -> None:
    """Type a line of the README, with the folder of the demo."""
    words = shlex.split(line, comments=True)[1:]
    command = [sys.executable, "-m", "sayso_ingest", *words, "--data", str(data)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)
    assert done.returncode == 0, (line, done.stderr)


def flat(text: str) -> str:
    """The text without the line breaks of a narrow terminal."""
    return " ".join(text.split())


class TestCommand:
    """The whole command, end to end."""

    @pytest.fixture(scope="class")
    @staticmethod
    def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
        return tmp_path_factory.mktemp("demo") / "data"

    @pytest.fixture(scope="class")
    @staticmethod
    def done(data: Path) -> subprocess.CompletedProcess[str]:
        """Run it in a shell that names another folder, project and log."""
        elsewhere = {"SAYSO_DATA": str(data.with_name("elsewhere")), "SAYSO_PROJECT": "elsewhere"}
        log = {"SAYSO_LOG": "kafka://127.0.0.1:1/elsewhere"}
        return run_demo("--data", str(data), **elsewhere, **log)

    def test_no_setting_of_the_environment_leads_it_elsewhere(
        self, done: subprocess.CompletedProcess[str], data: Path
    ) -> None:
        assert done.returncode == 0, done.stdout + done.stderr
        assert {path.name for path in data.iterdir() if path.is_dir()} == {"default", "pairs", "answers"}
        assert not data.with_name("elsewhere").exists()

    def test_it_ends_with_one_line_that_accounts_for_every_event(
        self, done: subprocess.CompletedProcess[str]
    ) -> None:
        assert done.returncode == 0, done.stdout + done.stderr
        (found,) = LEDGER.findall(done.stdout)
        sent, landed, verdicts, rejects = (int(number.replace(",", "")) for number in found)
        assert sent == landed > 800
        assert verdicts > 100
        assert rejects >= 13

    def test_it_prints_the_table_of_the_readme(self, done: subprocess.CompletedProcess[str]) -> None:
        (table,) = re.findall(r"^```text\n(.*?)^```$", README.read_text(), flags=re.MULTILINE | re.DOTALL)
        assert table in done.stdout

    def test_it_types_the_commands_of_an_analyst_and_of_a_prompt_engineer(
        self, done: subprocess.CompletedProcess[str]
    ) -> None:
        typed = COMMAND.findall(done.stdout)
        assert {"views", "sql", "mine", "evalset", "coverage", "export"} <= set(typed)
        assert typed.index("coverage") < typed.index("mine") < len(typed) - 1 - typed[::-1].index("coverage")

    def test_it_leaves_an_eval_set_and_training_pairs(
        self, done: subprocess.CompletedProcess[str], data: Path
    ) -> None:
        assert (data / "default" / "evalsets" / "helpdesk" / "v1" / "manifest.json").is_file()
        for folder in ("pairs", "answers"):
            assert (data / folder / "train.jsonl").stat().st_size > 0

    def test_its_candidates_show_where_the_new_version_is_worse_more_often_than_chance(
        self, done: subprocess.CompletedProcess[str]
    ) -> None:
        said = re.search(
            r"Of the 40 candidates (\d+) are its answers .* had about (\d+)\.", flat(done.stdout)
        )
        assert said
        assert int(said[1]) > 2 * int(said[2]) > 0

    @pytest.mark.slow
    def test_the_lines_of_the_readme_lead_from_its_folder_to_a_version_that_covers_more(
        self, done: subprocess.CompletedProcess[str], data: Path, tmp_path: Path
    ) -> None:
        assert done.returncode == 0
        work = tmp_path / "data"
        shutil.copytree(data, work)
        (block,) = re.findall(
            r"^```sh\n(sayso mine.*?)^```$", README.read_text(), flags=re.MULTILINE | re.DOTALL
        )
        # The demo itself has typed the first three, as the README says.
        for line in [*block.splitlines()[3:], "sayso coverage --set helpdesk"]:
            _type(line, data=work, cwd=tmp_path)
        first, *_, last = [
            one for one in read_measurements(coverage_file(work / "default", "helpdesk")) if one.version
        ]
        assert (first.version, last.version) == (1, 2)
        assert last.levels[0].share > first.levels[0].share

    def test_it_does_not_touch_a_folder_that_holds_something(
        self, done: subprocess.CompletedProcess[str], data: Path
    ) -> None:
        again = run_demo("--data", str(data))
        assert again.returncode == 2
        assert "not an empty folder" in again.stderr
        assert again.stdout == ""


class TestCheck:
    """What is said about a copy of the published warehouse in which something was changed."""

    @pytest.fixture(scope="class")
    @staticmethod
    def delivered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ledger]:
        data, now = tmp_path_factory.mktemp("delivered"), datetime.now(UTC)
        with running_service(data) as url:
            planned = plan(2, interactions=100, until=now)
            ledger = Ledger()
            deliver(planned, data, Heard(), url=url, seed=2, now=now, ledger=ledger)
            return data, ledger

    @pytest.fixture
    def check_after(
        self, delivered: tuple[Path, Ledger], tmp_path: Path
    ) -> Callable[[str], tuple[Comparison, list[str]]]:
        """Run SQL on a copy of the published file, and check the copy."""
        data, ledger = delivered

        def change_and_check(sql: str) -> tuple[Comparison, list[str]]:
            copy = tmp_path / "default" / "warehouse.duckdb"
            copy.parent.mkdir()
            shutil.copyfile(data / "default" / "warehouse.duckdb", copy)
            with duckdb.connect(copy) as connection:
                connection.sql(sql)
            heard = Heard()
            return check(tmp_path, ledger, heard), heard.lines

        return change_and_check

    def test_nothing_is_missing_where_nothing_was_changed(
        self, check_after: Callable[[str], tuple[Comparison, list[str]]]
    ) -> None:
        comparison, lines = check_after("SELECT 1")
        assert comparison.agrees, comparison.differences
        assert sum(bool(LEDGER.fullmatch(line)) for line in lines) == 1

    def test_one_event_that_is_missing_is_found_and_named(
        self, delivered: tuple[Path, Ledger], check_after: Callable[[str], tuple[Comparison, list[str]]]
    ) -> None:
        dropped = next(id for id, sent in delivered[1].events.items() if sent.action.kind == "exposure")
        comparison, lines = check_after(f"DELETE FROM events WHERE event_id = '{dropped}'")
        assert not comparison.agrees
        assert (comparison.missing, comparison.doubled) == (1, 0)
        assert any("1 missing, 0 doubled" in line for line in lines)
        assert any(line.startswith(f"- missing: exposure {dropped}") for line in lines)

    def test_one_event_that_is_doubled_is_found_and_named(
        self, delivered: tuple[Path, Ledger], check_after: Callable[[str], tuple[Comparison, list[str]]]
    ) -> None:
        doubled = next(id for id, sent in delivered[1].events.items() if sent.action.kind == "signal")
        comparison, lines = check_after(
            f"INSERT INTO events SELECT * FROM events WHERE event_id = '{doubled}'"
        )
        assert not comparison.agrees
        assert (comparison.missing, comparison.doubled) == (0, 1)
        assert any(line.startswith(f"- doubled: signal {doubled}") for line in lines)

    def test_a_reject_that_is_missing_is_found(
        self, check_after: Callable[[str], tuple[Comparison, list[str]]]
    ) -> None:
        comparison, _ = check_after("DELETE FROM rejects WHERE reason = 'lone_surrogate'")
        assert comparison.differences == [
            "rejects differ: 0 with reason lone_surrogate, should be 1",
        ]
