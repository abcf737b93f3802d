"""What the code offers is in the manual of its folder: as a heading, or as the first cell of a table's row."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import sayso.errors
import sayso_ingest.errors
from sayso_ingest import cli
from sayso_ingest.cli import sayso as commands
from sayso_ingest.event import Kind, Reason
from sayso_ingest.metrics.table import TABLE as METRICS
from sayso_ingest.operate.doctor import FOLDER_CHECKS, PROJECT_CHECKS
from sayso_ingest.settings import table

ROOT = Path(__file__).resolve().parents[2]
INGEST = ROOT / "ingest" / "README.md"
SDK = ROOT / "sdk" / "README.md"
WIDGETS = ROOT / "widgets"


def entries(manual: Path) -> set[str]:
    """The names that a manual explains: what stands in its headings and in first cells, without options."""
    places = re.findall(r"^#+ +(.+)$|^\|([^|]+)\|", manual.read_text(), flags=re.MULTILINE)
    texts = [heading or cell for heading, cell in places]
    names = [name for text in texts for name in (text.strip(), *re.findall(r"`([^`]+)`", text))]
    return {re.split(r" (?=[-<\[A-Z\"'])", name)[0] for name in names}


def missing(names: Iterator[str] | list[str], manual: Path) -> list[str]:
    return sorted(set(names) - entries(manual))


def error_classes(module: ModuleType) -> list[str]:
    classes = inspect.getmembers(module, inspect.isclass)
    return [name for name, of in classes if of.__module__ == module.__name__ and issubclass(of, Exception)]


def leaves(command: click.Command, name: str = "sayso") -> Iterator[str]:
    """`sayso serve`, `sayso keys create`, ...: every command that does something."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for word in command.list_commands(context):
            below = command.get_command(context, word)
            assert below is not None, f"{name} lists {word} and does not have it"
            yield from leaves(below, f"{name} {word}")
    else:
        yield name


def reasons_of_the_widgets() -> set[str]:
    """Every reason that stands in their code, however it gets into what is told; a status is `http_` and a number."""
    code = "".join(file.read_text() for file in (WIDGETS / "src").glob("*/*.js"))
    ways = r"reason: '(\w+)'|\bdrop\(.*'(\w+)'\)|\? '(\w+)'$|`(http_)\$"
    return {word for words in re.findall(ways, code, flags=re.MULTILINE) for word in words if word}


def test_every_setting_is_documented() -> None:
    assert missing([row.env for row in table()], INGEST) == []


def test_every_command_is_documented() -> None:
    assert missing(leaves(commands), INGEST) == []


def test_every_exit_code_is_documented() -> None:
    codes = [cli.OK, cli.FAILURE, cli.WRONG_USAGE, cli.INTERRUPTED, cli.READER_GONE]
    assert missing([str(code) for code in codes], INGEST) == []
    said = commands.help or ""
    assert all(f"{code} " in said for code in codes)


def test_every_reason_is_documented() -> None:
    assert missing(list(Reason), INGEST) == []


def test_the_reasons_that_the_widgets_give_are_those_of_their_table() -> None:
    section = (WIDGETS / "README.md").read_text().split("### Why something did not arrive\n")[1]
    table = re.findall(r"^\| `(\w+)(?:\.\.\.)?` \|", section.split("\n## ")[0], flags=re.MULTILINE)
    assert sorted(table) == sorted(reasons_of_the_widgets())


def test_every_kind_is_documented() -> None:
    assert missing(list(Kind), INGEST) == []


def test_every_error_of_the_pipeline_is_documented() -> None:
    assert missing(error_classes(sayso_ingest.errors), INGEST) == []


def test_every_error_of_the_sdk_is_documented() -> None:
    assert missing(error_classes(sayso.errors), SDK) == []


def test_every_check_of_the_doctor_is_documented() -> None:
    assert missing([*FOLDER_CHECKS, *PROJECT_CHECKS], INGEST) == []


def test_every_metric_is_documented() -> None:
    assert missing([row.name for row in METRICS], INGEST) == []


def test_every_table_and_view_that_analysts_rely_on_is_documented() -> None:
    views = json.loads((ROOT / "tests" / "contract" / "views.json").read_text())
    assert missing(list(views), INGEST) == []


def test_every_question_is_documented() -> None:
    questions = (ROOT / "ingest" / "sayso_ingest" / "analysis" / "views").glob("*.sql")
    assert missing([file.stem for file in questions], INGEST) == []


def test_the_example_of_an_environment_file_lists_the_settings_as_they_are() -> None:
    example = ROOT / "deploy" / "systemd" / "sayso.env.example"
    cog = [sys.executable, "-m", "cogapp", "--check", str(example)]
    outcome = subprocess.run(cog, check=False, capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert outcome.returncode == 0, f"Refresh it with: cog -r {example}\n{outcome.stdout}{outcome.stderr}"
