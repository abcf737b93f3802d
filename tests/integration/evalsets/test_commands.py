"""`sayso evalset`, as a process: it keeps sets without the packages that mining needs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sayso_ingest import evalsets
from service import environment
from unit.evalsets.test_case import case

ONE, TWO = case("Where is my parcel?"), case("I lost my password")
HEAVY = "numpy scipy sklearn pyarrow"
PROGRAM = """
import sys
sys.modules.update(dict.fromkeys(sys.argv.pop(1).split()))
from sayso_ingest.cli import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    evalsets.propose(tmp_path / "default", "help", [ONE, TWO])
    return tmp_path


def without(packages: str, data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, packages, *words, "--data", str(data)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(),
    )


def test_sets_are_reviewed_promoted_and_looked_at_without_the_extra(data: Path) -> None:
    for words in (
        ["evalset", "review", "help", ONE.case_id[:12], "--note", "a real one"],
        ["evalset", "candidates", "help"],
        ["evalset", "promote", "help", ONE.case_id[:12]],
        ["evalset", "promote", "help", "--all", "--note", "the rest"],
        ["evalset", "show", "help"],
        ["evalset", "diff", "help", "1", "2"],
    ):
        ended = without(HEAVY, data, *words)
        assert ended.returncode == 0, ended.stderr
    ended = without(HEAVY, data, "evalset", "list", "--format", "json")
    assert [(row["version"], row["cases"]) for row in json.loads(ended.stdout)] == [("v1", 1), ("v2", 2)]


def test_a_promotion_says_how_many_have_an_expected_answer(data: Path) -> None:
    evalsets.propose(data / "default", "help", [case("Send the invoice", expected="Here it is.")])
    ended = without(HEAVY, data, "evalset", "promote", "help", "--all")
    assert "1 of 3 have an expected answer." in ended.stderr


def test_a_strategy_is_one_of_the_list_even_without_the_extra(data: Path) -> None:
    ended = without(HEAVY, data, "mine", "--set", "help", "--strategy", "best")
    assert ended.returncode == 2
    assert "'hard', 'different', 'represent', 'rare'" in ended.stderr


def test_what_a_reviewer_said_is_shown(data: Path) -> None:
    without(HEAVY, data, "evalset", "review", "help", ONE.case_id[:12], "--note", "a real one")
    rows = json.loads(without(HEAVY, data, "evalset", "candidates", "help", "--format", "json").stdout)
    assert [(row["state"], row["note"]) for row in rows] == [("reviewed", "a real one"), ("candidate", "")]


@pytest.mark.parametrize("command", ["mine", "coverage"])
def test_what_needs_the_extra_says_first_how_to_install_it(command: str, data: Path) -> None:
    ended = without("numpy", data, command, "--set", "help")
    assert ended.returncode == 1
    assert ended.stderr == (
        "Error: numpy is not installed. Install it with: pip install 'sayso[mining]' (in a clone of the repository: "
        "pip install '.[mining]')\n"
    )


@pytest.mark.parametrize(
    "words",
    [["promote", "help"], ["promote", "help", "--all", "abc"], ["review", "help"], ["review", "help", ""]],
)
def test_a_case_that_is_not_named_rightly_is_wrong_usage(words: list[str], data: Path) -> None:
    assert without(HEAVY, data, "evalset", *words).returncode == 2


def test_a_case_that_is_not_there_is_a_failure(data: Path) -> None:
    ended = without(HEAVY, data, "evalset", "promote", "help", "zz")
    assert (ended.returncode, ended.stderr.count("zz is not the id of a candidate")) == (1, 1)
