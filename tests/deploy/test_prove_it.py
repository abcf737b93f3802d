"""deploy/README.md's "Prove it works", typed line by line at a running service."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from processes import wait_until
from service import Service, environment

pytestmark = pytest.mark.slow

README = Path(__file__).resolve().parents[2] / "deploy" / "README.md"
Lines = list[tuple[str, str]]


@pytest.fixture
def service(tmp_path: Path, require: Callable[[str, object, str], None]) -> Iterator[Service]:
    require("curl", shutil.which("curl"), "apt-get install curl")
    started = Service(tmp_path / "sayso-data")
    yield started
    started.stop()


def what_to_type(service: Service) -> Lines:
    """Every command below the heading, with what it is said to print (`...` is anything)."""
    section = README.read_text().split("## Prove it works")[1].replace("http://127.0.0.1:8710", service.url)
    block = "\n".join(re.findall(r"(?m)^ {4}(.*)$", section))
    return re.findall(r"(?m)^\$ (.+)\n((?:(?!\$ ).*\n?)*)", block)


def typed(script: str, folder: Path) -> str:
    """What a shell in `folder` prints for the script, messages too, with the `sayso` of this environment."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    outcome = subprocess.run(
        ["bash", "-c", script],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env=environment(PATH=path),
        timeout=60,
    )
    return outcome.stdout


def matches(printed: str, expected: str) -> bool:
    pattern = re.escape(expected.strip()).replace(re.escape("..."), ".*")
    return re.fullmatch(pattern, printed.strip()) is not None


def test_the_lines_that_prove_it_print_what_the_manual_says(service: Service, tmp_path: Path) -> None:
    *lines, (question, answer) = what_to_type(service)
    assert len(lines) == 3
    printed = typed("\n".join(command for command, _ in lines), tmp_path)
    assert matches(printed, "".join(said for _, said in lines)), printed
    wait_until(lambda: matches(typed(question, tmp_path), answer), pause=0.5, what="the answer")
