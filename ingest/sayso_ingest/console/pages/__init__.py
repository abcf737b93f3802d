"""The pages of the console, in the order of the navigation."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint

from sayso_ingest.console.pages import overview, sql


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its name in the navigation, and its blueprint, whose `show` is where the name leads."""

    title: str
    blueprint: Blueprint

    @property
    def endpoint(self) -> str:
        """What `url_for` takes."""
        return f"{self.blueprint.name}.show"


PAGES = (
    Page("Overview", overview.blueprint),
    Page("SQL", sql.blueprint),
)
