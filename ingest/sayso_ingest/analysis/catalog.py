"""The questions that can be asked by name."""

from __future__ import annotations

import difflib
from importlib.resources import files

from sayso_ingest.errors import NotFound
from sayso_ingest.warehouse import Definition, read_definitions

View = Definition
"""A question: its name, the question in words, what its columns mean, and its SELECT."""


def catalog() -> list[View]:
    """Every question, in the order of their names. The lander makes them views of the warehouse."""
    return read_definitions(files("sayso_ingest.analysis") / "views")


def question(name: str, *, limit: int | None = None) -> str:
    """Return the SQL that asks one question of a published copy.

    Raises:
        NotFound: there is no such question.
    """
    views = {view.name: view for view in catalog()}
    if name not in views:
        near = difflib.get_close_matches(name, views, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise NotFound(f"There is no question named {name!r}.{hint} `sayso views` lists them all.")
    if limit is not None and (first := views[name].first):
        return f"SELECT * FROM {first}({int(limit)})"  # noqa: S608 - the name is from the catalog
    tail = f" LIMIT {int(limit)}" if limit is not None else ""
    return f"SELECT * FROM {name}{tail}"  # noqa: S608 - the name is from the catalog
