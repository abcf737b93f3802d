"""deploy/README.md's "Prove it works", typed line by line at a running service."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "deploy" / "README.md"
WITHIN = 60.0
Lines = list[tuple[str, str]]


def what_to_type(port: str) -> Lines:
    """Every command below the heading, with what it is said to print (`...` is anything)."""
    section = README.read_text().split("## Prove it works")[1].replace("8710", port)
    block = "\n".join(re.findall(r"(?m)^ {4}(.*)$", section))
    return [
        (command, printed) for command, printed in re.findall(r"(?m)^\$ (.+)\n((?:(?!\$ ).*\n?)*)", block)
    ]


@pytest.fixture
def service(tmp_path: Path, require: Callable[[str, object, str], None]) -> Iterator[str]:
    """The port of a `sayso serve` that has a project and is ready."""
    require("curl", shutil.which("curl"), "apt-get install curl")
    command = [sys.executable, "-m", "sayso_ingest", "serve", "--port", "0", "--console-port", "0"]
    log = tmp_path / "serve.log"
    with log.open("w") as messages:
        process = subprocess.Popen(command, cwd=tmp_path, stdout=messages, stderr=messages)
    try:
        deadline = time.monotonic() + WITHIN
        while not (ready := re.search(r"ready: http://127\.0\.0\.1:(\d+)", log.read_text())):
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        yield ready[1]
    finally:
        process.terminate()
        process.wait(WITHIN)


def typed(script: str, folder: Path) -> str:
    """What bash prints for the script, messages too, with the `sayso` of this environment."""
    environ = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    outcome = subprocess.run(
        ["bash", "-c", f"exec 2>&1; {script}"],
        check=False,
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=environ,
        timeout=WITHIN,
    )
    return outcome.stdout


def matches(printed: str, expected: str) -> bool:
    pattern = re.escape(expected.strip()).replace(re.escape("..."), ".*")
    return re.fullmatch(pattern, printed.strip()) is not None


def test_the_lines_that_prove_it_print_what_the_manual_says(service: str, tmp_path: Path) -> None:
    *lines, (question, answer) = what_to_type(service)
    assert len(lines) == 3
    printed = typed("\n".join(command for command, _ in lines), tmp_path)
    assert matches(printed, "".join(said for _, said in lines)), printed

    deadline = time.monotonic() + WITHIN
    while not matches(printed := typed(question, tmp_path), answer):
        assert time.monotonic() < deadline, printed
        time.sleep(0.2)
