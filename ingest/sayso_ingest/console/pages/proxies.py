"""Do people prefer short, fast or cheap answers? A sentence and a chart for each measure of the question `proxies`."""

from __future__ import annotations

from typing import Any

from flask import request
from markupsafe import Markup

from sayso_ingest.analysis.dose import OBSERVED, Dose, doses
from sayso_ingest.console import charts
from sayso_ingest.console.copy import copy
from sayso_ingest.console.table import Table

NAME = "proxies"
TEMPLATE = "proxies.html"


def told(table: Table) -> dict[str, Any]:
    """What is said above the table: of the prompt in the query string, else of the one that most people met."""
    by_prompt: dict[str, list[Dose]] = {}
    for dose in doses(table.read(copy()).dicts):
        by_prompt.setdefault(dose.prompt or "", []).append(dose)
    most = max(by_prompt, key=lambda name: max(dose.people for dose in by_prompt[name]), default="")
    prompt = request.args.get("prompt", most)
    shown = [(dose, chart(dose)) for dose in by_prompt.get(prompt, [])]
    return {"prompts": list(by_prompt), "prompt": prompt, "doses": shown, "observed": OBSERVED}


def chart(dose: Dose) -> Markup | None:
    """Draw the parts of a measure, once there are two."""
    if dose.change is None:
        return None
    points = [
        {
            "label": dose.label(part).replace(" to ", "–"),
            "value": part.rate,
            "low": part.low,
            "high": part.high,
        }
        for part in dose.parts
    ]
    drawn = charts.intervals(
        points,
        label="label",
        value="value",
        low="low",
        high="high",
        title="thumbs up",
        over=dose.measure.axis,
    )
    return charts.draw(("dose", dose.prompt, dose.metric), drawn, says=dose.sentence)
