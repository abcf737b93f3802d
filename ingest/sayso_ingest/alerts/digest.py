"""The weekly digest: what was said in the last whole week, against the week before."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

from sayso_ingest.alerts.wording import one_line
from sayso_ingest.warehouse import Published, read_statements


def last_monday(now: datetime) -> date:
    """The first day of the last week that is over."""
    return now.date() - timedelta(days=now.weekday() + 7)


def digest(copy: Published, monday: date) -> list[str]:
    """What there is to say about the week, a line each; nothing where nobody said anything."""
    ask = {
        name: copy.query(sql, {"monday": monday})
        for name, sql in read_statements(files("sayso_ingest.alerts") / "digest.sql").items()
    }
    lines = [_liked(row) for row in ask["liked"]]
    [comments] = ask["comments"]
    if comments["comments"]:
        lines.append(f"{comments['comments']:,} comments by {comments['people']:,} people.")
    if ask["reasons"]:
        picked = ", ".join(f"{one_line(row['reason'])} ({row['people']:,} people)" for row in ask["reasons"])
        lines.append(f"Picked most by those who did not like an answer: {picked}.")
    return lines


def _liked(row: dict[str, Any]) -> str:
    said = (
        f"{row['thumbs']:,} thumbs by {row['people']:,} people, {row['up_rate']:.1%} of them up "
        f"(95 % interval {row['up_low']:.1%} to {row['up_high']:.1%})"
    )
    if row["before_rate"] is None:
        return f"{said}. Nobody gave one in the week before."
    if row["change_low"] > 0 or row["change_high"] < 0:
        change = "more" if row["change_low"] > 0 else "less"
        return f"{said}: {change} than in the week before ({row['before_rate']:.1%})."
    return f"{said}: no clear change from the week before ({row['before_rate']:.1%})."
