"""Budgets that no linter here counts, and what must be the same wherever it stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("bench", "deploy", "ingest", "sdk", "tests", "widgets/scripts", "widgets/src", "widgets/test")
CODE = {".css", ".html", ".js", ".py", ".sql"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 50
DRAWN_IN = ("README.md", "CONTRIBUTING.md", "ingest/README.md")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines_of_code(function: Function) -> int:
    """The lines from `def` to the end, without the docstring."""
    first = function.body[0]
    said = first.end_lineno if ast.get_docstring(function) is not None else None
    docstring = said - first.lineno + 1 if said else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


def functions(source: str) -> Iterator[Function]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, Function))


def flow_line(page: str) -> str:
    """The way of an event as a page draws it; `event log` and `eventlog` are the same."""
    [line] = [line for line in page.splitlines() if "collector ->" in line]
    return "".join(line.split())


def test_no_code_file_is_longer_than_400_lines() -> None:
    files = [file for top in SOURCES for file in (ROOT / top).rglob("*") if file.suffix in CODE]
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in files}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_50_lines() -> None:
    lengths = {
        f"{file.relative_to(ROOT)}:{function.lineno} {function.name}": lines_of_code(function)
        for top in ("sdk", "ingest")
        for file in (ROOT / top).rglob("*.py")
        for function in functions(file.read_text())
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_the_docstring_of_a_function_is_not_counted_and_the_rest_of_it_is() -> None:
    [function] = functions(
        'def f(\n    x: int,\n) -> int:\n    """Add.\n\n    One.\n    """\n\n    return x + 1\n'
    )
    assert lines_of_code(function) == 5


def test_the_way_of_an_event_is_the_same_wherever_it_is_drawn() -> None:
    assert len({flow_line((ROOT / page).read_text()) for page in DRAWN_IN}) == 1
