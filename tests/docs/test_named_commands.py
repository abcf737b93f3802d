"""Every `sayso WORD` that a manual, a page, a message or a help text names is a command that exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from docs.checkout import ROOT, files
from sayso_ingest.cli import sayso

NAMED = re.compile(r"(?<![\w\[.'/@-])sayso ([a-z]+)(?: ([a-z]+))?")
# What follows the name in a sentence about sayso, and in `from sayso import`.
PROSE = {
    "does",
    "from",
    "import",
    "is",
    "keeps",
    "on",
    "reads",
    "sayso",
    "sends",
    "sets",
    "that",
    "treats",
    "with",
}


def texts() -> Iterator[tuple[Path, str]]:
    """Every manual and page, and every string in the code: docstrings are help texts."""
    for file in files():
        if file.suffix in {".md", ".html", ".example", ".service"}:
            yield file, file.read_text()
        elif file.suffix == ".py" and file.relative_to(ROOT).parts[0] in {"sdk", "ingest"}:
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield file, node.value


def unknown(text: str) -> list[str]:
    """What a text names as a command and nobody can type."""
    context = click.Context(sayso)
    found = []
    for word, below in NAMED.findall(text):
        command = sayso.get_command(context, word)
        if command is None and word not in PROSE:
            found.append(f"sayso {word}")
        if isinstance(command, click.Group) and below and not command.get_command(context, below):
            found.append(f"sayso {word} {below}")
    return found


def test_every_command_that_is_named_exists() -> None:
    wrong = [f"{file.relative_to(ROOT)}: {name}" for file, text in texts() for name in unknown(text)]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Look at them with: sayso refusals", ["sayso refusals"]),
        ("`sayso keys make --kind sk`", ["sayso keys make"]),
        ("`sayso keys create --kind sk`, then sayso serve; sayso keeps it", []),
        ("pip install 'sayso[ingest]'", []),
    ],
)
def test_a_command_that_nobody_can_type_is_found(text: str, names: list[str]) -> None:
    assert unknown(text) == names


def test_every_manual_installs_from_a_clone_until_an_index_has_a_release() -> None:
    """What a message prints is for those who have sayso and lack an extra; a manual is for those who have nothing."""
    manuals = [file for file in files() if file.suffix == ".md"]
    wrong = [
        str(file.relative_to(ROOT))
        for file in manuals
        if re.search(r"pip install .*\bsayso\b", file.read_text())
    ]
    assert wrong == []
