"""Budgets that no linter here counts."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("bench", "deploy", "ingest", "sdk", "tests", "widgets/scripts", "widgets/src", "widgets/test")
CODE = {".css", ".html", ".js", ".py", ".sql"}
HARD_STOP = 400


def test_no_code_file_is_longer_than_400_lines() -> None:
    files = [file for top in SOURCES for file in (ROOT / top).rglob("*") if file.suffix in CODE]
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in files}
    assert {name: length for name, length in lengths.items() if length > HARD_STOP} == {}
