"""The questions that can be asked by name, and asking them."""

from __future__ import annotations

import difflib
from importlib.resources import files
from typing import Any

from sayso_ingest.errors import NotFound
from sayso_ingest.warehouse import Definition, Published, read_definitions

View = Definition
"""A question: its name, the question in words, what its columns mean, and its SELECT."""

Table = tuple[list[str], list[tuple[Any, ...]]]


def catalog() -> list[View]:
    """Every question, in the order of their names. The lander makes them views of the warehouse."""
    return read_definitions(files("sayso_ingest.analysis") / "views")


def ask(published: Published, name: str, *, limit: int | None = None) -> Table:
    """Ask one question of the published copy; return column names and rows.

    Raises:
        NotFound: there is no such question.
        QueryError: the copy was published by a version that does not know it.
    """
    names = [view.name for view in catalog()]
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise NotFound(f"There is no question named {name!r}.{hint} `sayso views` lists them all.")
    tail = f" LIMIT {int(limit)}" if limit is not None else ""
    return published.table(f"SELECT * FROM {name}{tail}")  # noqa: S608 - the name is from the catalog
