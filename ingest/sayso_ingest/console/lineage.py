"""Where a case comes from: the answer that was given, and every click and comment about it, of the published copy."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from sayso_ingest.console.copy import copy
from sayso_ingest.warehouse import read_statements

SQL = read_statements(files(__package__) / "lineage.sql")

Row = dict[str, Any]


def said_of(target: str) -> list[Row]:
    """What was said of an answer, oldest first; what was taken back is there without its words.

    A case that was written by hand comes from no answer: its target is empty.
    """
    return [] if not target else copy().lookup(SQL["said"], {"target": target})


def answer_of(target: str) -> Row | None:
    """The answer itself, with what it was asked; None where no interaction of it has landed."""
    return next(iter(copy().lookup(SQL["interaction"], {"target": target})), None)


def asked_in(targets: Sequence[str]) -> dict[str, Row]:
    """What was asked in each of these answers, of those that have landed."""
    if not targets:
        return {}
    found = copy().lookup(SQL["asked"], {"targets": sorted(set(targets))})
    return {row["target"]: row for row in found}
