"""The pages of the console, in the order of the navigation."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint

from sayso_ingest.console.pages import (
    annotate,
    candidates,
    coverage,
    evalsets,
    health,
    inbox,
    judges,
    overview,
    problems,
    prompts,
    questions,
    record,
    rejects,
    runs,
    sql,
    suggestions,
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its name in the navigation, and its blueprint, whose `show` is where the name leads.

    `made_ahead`: whether it may be shown of the copy before, while what it asks of a new one is asked.
    """

    title: str
    blueprint: Blueprint
    made_ahead: bool = True

    @property
    def endpoint(self) -> str:
        """What `url_for` takes."""
        return f"{self.blueprint.name}.show"


PAGES = (
    Page("Overview", overview.blueprint),
    Page("What goes wrong", problems.blueprint),
    Page("Inbox", inbox.blueprint),
    Page("Prompts", prompts.blueprint),
    Page("Suggestions", suggestions.blueprint),
    Page("Annotate", annotate.blueprint),
    Page("Judges", judges.blueprint),
    Page("Candidates", candidates.blueprint, made_ahead=False),
    Page("Eval sets", evalsets.blueprint, made_ahead=False),
    Page("Coverage", coverage.blueprint, made_ahead=False),
    Page("Runs", runs.blueprint, made_ahead=False),
    Page("Questions", questions.blueprint),
    Page("SQL", sql.blueprint, made_ahead=False),
    Page("Rejects", rejects.blueprint),
    Page("Health", health.blueprint),
    Page("Record", record.blueprint),
)
