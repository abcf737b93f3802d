"""What columns mean, as the questions that pages build on say."""

from __future__ import annotations

from functools import cache

from sayso_ingest.analysis import catalog


@cache
def meanings(*names: str) -> dict[str, str]:
    """Return the meanings of the columns of these questions; of the first, where several have a column."""
    views = {view.name: view for view in catalog()}
    return {column: text for name in reversed(names) for column, text in views[name].columns.items()}
