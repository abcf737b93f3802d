"""One HTML file that needs nothing beside it: about a week, a prompt, or two that are compared."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import render_template
from markupsafe import Markup

from sayso_ingest.analysis.dose import OBSERVED, doses
from sayso_ingest.console import charts
from sayso_ingest.console.app import drawing_app
from sayso_ingest.console.copy import copy
from sayso_ingest.console.meanings import meanings
from sayso_ingest.console.pages import overview
from sayso_ingest.console.plot import Plot
from sayso_ingest.console.table import Shown, Table
from sayso_ingest.errors import NotFound
from sayso_ingest.warehouse import Home, read_statements

if TYPE_CHECKING:
    from sayso_ingest.analysis import Contrast

SQL = read_statements(files(__package__) / "report.sql")
SHEETS = ("console", "tables", "pages", "report")
WEEK = 7
USUAL = 28
"""Days that a week is measured against."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report is about: two that are compared, else a prompt, else the last week."""

    prompt: str | None = None
    contrast: Contrast | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A table of a report, with a chart where its columns allow one."""

    shown: Shown
    chart: Markup | None = None


def write_report(
    project_folder: Path,
    subject: Subject,
    *,
    home: Home | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> str:
    """Return the page as text.

    Raises:
        NotFound: nothing has been published yet, or what it is to be about is not there.
        UsageError: what is to be compared cannot be.
        QueryError: a question does not run within the limits of a page.
    """
    app = drawing_app(project_folder, now=now, home=home)
    with app.app_context():
        published = copy().one(overview.SQL["published"])
        if subject.contrast:
            page, parts = "report_comparison.html", _comparison(subject.contrast)
        elif subject.prompt is not None:
            page, parts = "report_prompt.html", _prompt(subject.prompt)
        else:
            page, parts = "report_week.html", _week(published)
        return render_template(page, style=_style(), published=published, made_at=now(), **parts)


def _week(published: dict[str, Any]) -> dict[str, Any]:
    if not published["events"]:
        return {"signals": None}
    params = overview.against_usual(published, days=WEEK, before=USUAL)
    since = published["until"] - timedelta(days=WEEK)
    return {
        "signals": Table("signals", overview.SQL["signals"], params).read(copy()),
        "days": overview.day_chart(),
        "problems": _part("problems", {}, "what_goes_wrong"),
        "worst": copy().rows(SQL["worst"], {"prompt": None, "since": since}),
        **_liked(None),
    }


def _prompt(name: str) -> dict[str, Any]:
    known = [row["prompt_name"] for row in copy().rows(SQL["prompts"])]
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else f" There are: {', '.join(known)}." if known else ""
        raise NotFound(f"No interaction names the prompt {name!r}.{hint}")
    used = [row["prompt_version"] for row in copy().rows(SQL["used"], {"prompt": name})]
    compared = None
    if len(used) > 1:
        from sayso_ingest.console.pages.comparing import side_by_side

        compared = side_by_side(name, used[1], used[0])
    worst = copy().rows(SQL["worst"], {"prompt": name, "since": None})
    preferred = doses(copy().rows(SQL["preferred"], {"prompt": name}))
    return {
        "name": name,
        "compared": compared,
        "worst": worst,
        "preferred": preferred,
        "observed": OBSERVED,
        **_liked(name),
    }


def _liked(prompt: str | None) -> dict[str, Any]:
    params = {"prompt": prompt}
    return {
        "versions": _part("versions", params, "prompt_versions"),
        "outcomes": _part("outcomes", params, "suggestion_outcomes"),
    }


def _comparison(contrast: Contrast) -> dict[str, Any]:
    from sayso_ingest.analysis import compare, details, sentence

    found = compare(copy().open(), contrast)
    return {"found": found, "sentence": sentence(found), "details": details(found), "contrast": contrast}


def _part(name: str, params: dict[str, Any], view: str) -> Part:
    shown = Table(name, SQL[name], params, about=meanings(view)).read(copy())
    plot = Plot.of(shown)
    return Part(shown, charts.draw(("report", name), plot.chart, says=plot.says) if plot else None)


def _style() -> Markup:
    """The style sheets as one: they are ours, and nothing else becomes part of the page as it is."""
    folder = files(__package__) / "static"
    return Markup("\n").join(
        Markup((folder / f"{sheet}.css").read_text("utf-8"))  # noqa: S704
        for sheet in SHEETS
    )
