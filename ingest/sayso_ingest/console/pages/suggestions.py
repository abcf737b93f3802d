"""Suggestions: what becomes of them, and word by word what people change."""

from __future__ import annotations

from importlib.resources import files

from flask import Blueprint, request, url_for

from sayso_ingest.console.answer import Answer, answer
from sayso_ingest.console.meanings import meanings
from sayso_ingest.console.table import Table
from sayso_ingest.warehouse import read_statements

SQL = read_statements(files(__package__) / "suggestions.sql")
NEWEST = 20
blueprint = Blueprint("suggestions", __name__)


@blueprint.get("/suggestions")
def show() -> Answer:
    """Show outcomes, the sorts of edits, and the newest edits with their changes marked."""
    version = request.args.get("version", "")
    outcomes = Table(
        "outcomes",
        SQL["outcomes"],
        caption="What becomes of them",
        about=meanings("suggestion_outcomes"),
        links={
            "prompt_version": lambda row: (
                url_for("suggestions.show", version=row["prompt_version"]) + "#newest"
            )
        },
        empty="No suggestion has been decided yet. Put <sayso-suggestion> where your application proposes a text, or "
        "send its outcome with client.suggestion(...).",
    )
    edits = Table("edits", SQL["edits"], caption="How people change them", about=meanings("suggestion_edits"))
    words = Table(
        "words", SQL["words"], caption="Which words", about=meanings("suggestion_words"), rows_shown=15
    )
    newest = Table("newest", SQL["newest"], {"version": version}, caption="Newest edits", rows_shown=NEWEST)
    return answer("suggestions.html", outcomes, edits, words, newest, version=version)
