"""Every failure mode of an event SDK has a test named after it, and the manual says where."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
SDK = TESTS / "integration" / "sdk"
FOLDER = SDK / "failure_modes"
BROWSER = TESTS / "browser"
MODES = range(1, 37)


def named(name: str) -> Path:
    """A file as the table names it."""
    return ((TESTS if name.startswith("browser/") else FOLDER) / name).resolve()


def listed() -> dict[int, set[Path]]:
    """The table of the manual: mode -> files."""
    rows = re.findall(r"^\| (\d+) \|[^|]+\|([^|]+)\|", (TESTS / "README.md").read_text(), re.M)
    return {int(mode): {named(name) for name in re.findall(r"`([^`]+\.py)`", files)} for mode, files in rows}


def found() -> dict[int, set[Path]]:
    """The names of tests: mode -> files."""
    modes: dict[int, set[Path]] = {}
    for file in (*SDK.rglob("test_*.py"), *BROWSER.glob("test_*.py")):
        for mode in re.findall(r"^def test_mode_(\d\d)_", file.read_text(), re.M):
            modes.setdefault(int(mode), set()).add(file)
    return modes


def test_every_mode_has_a_test_and_the_table_says_where() -> None:
    assert sorted(found()) == list(MODES)
    assert listed() == found()
