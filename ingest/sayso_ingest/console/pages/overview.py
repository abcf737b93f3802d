"""Overview: the last day against the usual, how the days went, and what needs attention."""

from __future__ import annotations

from importlib.resources import files
from math import copysign
from typing import Any

from flask import Blueprint
from markupsafe import Markup

from sayso_ingest.console import charts, wording
from sayso_ingest.console.answer import Answer, answer
from sayso_ingest.console.columns import SHARE
from sayso_ingest.console.copy import copy
from sayso_ingest.console.table import Table
from sayso_ingest.warehouse import read_statements

SQL = read_statements(files(__package__) / "overview.sql")
WORSE = {"thumbs": (-1,), "suggestions": (-1,), "responses": (-1,), "comments": (-1, 1), "rejects": (1,)}
"""In which direction each signal is worth a look: fewer likes, fewer who say anything, more refused. Of comments both:
more may be complaints, fewer may be a widget that is gone."""

blueprint = Blueprint("overview", __name__)


@blueprint.get("/")
def show() -> Answer:
    """Show how today compares, and what to look at."""
    published = copy().one(SQL["published"])
    if not published["events"]:
        return answer("overview.html", published=published)
    signals = Table(
        "signals",
        SQL["signals"],
        against_usual(published, days=1, before=14),
        caption="The last 24 hours against the usual",
    )
    return answer(
        "overview.html",
        signals,
        days_table(),
        published=published,
        chart=day_chart(),
        attention=_attention(signals),
    )


def against_usual(published: dict[str, Any], *, days: int, before: int) -> dict[str, Any]:
    """Return what the statement `signals` asks for."""
    times = {"until": published["until"], "received": published["last_received_at"]}
    return {**times, "days": days, "before": before}


def days_table() -> Table:
    """The days, of which there are at most thirty."""
    return Table("days", SQL["days"], caption="Day by day", about={"up_rate": SHARE, "response_rate": SHARE})


def day_chart() -> Markup | None:
    """Draw the days, once there are two."""
    days = days_table().read(copy()).dicts  # the same question as the table's, which is therefore asked once
    if len(days) < 2:
        return None
    first, last = days[0], days[-1]
    says = (
        f"Thumbs up by day, {first['day']} to {last['day']}: from {wording.share(first['up_rate'])} to "
        f"{wording.share(last['up_rate'])}, each with its 95 % interval. The table below has every day."
    )
    chart = charts.trend(days, at="day", value="up_rate", low="up_low", high="up_high", title="thumbs up")
    return charts.draw("overview", chart, says=says)


def notable(signals: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that clearly differ from the usual, and to the side that is worth a look."""
    return [
        signal
        for signal in signals
        if (signal["change_low"] or 0) * (signal["change_high"] or 0) > 0
        and copysign(1, signal["change"]) in WORSE[signal["signal"]]
    ]


def _attention(signals: Table) -> dict[str, Any]:
    return {
        "signals": notable(signals.read(copy()).dicts),
        "problems": copy().rows(SQL["problems"]),
        "orphans": copy().one(SQL["orphans"]),
        "losses": copy().one(SQL["losses"]),
    }
