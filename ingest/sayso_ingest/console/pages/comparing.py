"""Two versions of a prompt side by side: which is liked better, how sure that is, and what changed in the text."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from sayso_ingest.analysis import Comparison, Contrast, compare, details, sentence
from sayso_ingest.console.copy import copy
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.warehouse import read_statements

SQL = read_statements(files(__package__) / "prompts.sql")


@dataclass(frozen=True, slots=True)
class SideBySide:
    """What a comparison comes to, in a sentence and in figures, and the texts of both, where they are known."""

    found: Comparison
    sentence: str
    details: list[str]
    before: str | None
    after: str | None


def side_by_side(prompt: str, a: str, b: str) -> SideBySide | str:
    """Compare version `b` of a prompt with version `a`; where that cannot be done, say why."""
    contrast = Contrast(a, b, prompt=prompt or None)
    try:
        found = copy().keep(("compare", contrast), lambda: compare(copy().open(), contrast))
    except (NotFound, UsageError) as error:
        return str(error)
    before, after = (_text(prompt, version) for version in (a, b))
    return SideBySide(found, sentence(found), details(found), before, after)


def _text(prompt: str, version: str) -> str | None:
    rows = copy().rows(SQL["text"], {"prompt": prompt or None, "version": version})
    return rows[0]["text"] if rows else None
