"""Coverage: the share of traffic that an eval set represents, as it was measured, on a map and with its gaps."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from sayso_ingest import evalsets
from sayso_ingest.console import charts, mapped, wording
from sayso_ingest.console.answer import answer
from sayso_ingest.console.columns import SHARE
from sayso_ingest.console.lineage import Row, asked_in
from sayso_ingest.console.sets import chosen_set, folder
from sayso_ingest.console.table import Table
from sayso_ingest.mining import Measured, MeasuredAxis, MeasuredGap, opened, read_measurements
from sayso_ingest.places import coverage_file

TOPICS_SHOWN = 20
VALUES_SHOWN = 10
TOPICS = """
    SELECT unnest(from_json($topics::JSON, '[{"topic": "VARCHAR", "interactions": "BIGINT", "share": "DOUBLE",
        "cases": "BIGINT", "disliked": "DOUBLE"}]'), recursive := true)
"""
VALUES = """
    SELECT unnest(from_json($values::JSON, '[{"value": "VARCHAR", "interactions": "BIGINT", "share": "DOUBLE",
        "cases": "BIGINT"}]'), recursive := true)
"""
TIMES = """
    SELECT unnest(from_json($times::JSON, '[{"measured_at": "TIMESTAMP", "version": "BIGINT", "coverage": "DOUBLE",
        "coverage_low": "DOUBLE", "coverage_high": "DOUBLE", "cases": "BIGINT", "interactions": "BIGINT",
        "topics": "BIGINT", "embedder": "VARCHAR"}]'), recursive := true)
"""

blueprint = Blueprint("coverage", __name__)


@blueprint.get("/coverage")
def show() -> ResponseReturnValue:
    """Show what was measured last of a set, and how that went."""
    name, names = chosen_set()
    versions = evalsets.summaries(folder(), name) if name else []
    measurements = read_measurements(coverage_file(folder(), name)) if name else []
    if not measurements:
        return render_template("coverage.html", name=name, names=names, last=None, versions=versions)
    last = measurements[-1]
    asked = asked_in([target for gap in last.gaps for target in gap.examples])
    return answer(
        "coverage.html",
        _topics(last),
        _times(measurements),
        *(_values(axis, number) for number, axis in enumerate(last.axes)),
        name=name,
        names=names,
        versions=versions,
        last=last,
        circles=mapped.circles(last),
        full=mapped.enough(last),
        width=mapped.WIDTH,
        height=mapped.HEIGHT,
        says=map_says(last),
        examples=[_examples(gap, asked) for gap in last.gaps],
        chart=_trend(name, measurements),
        opened=opened(last.gaps),
    )


def _examples(gap: MeasuredGap, asked: Mapping[str, Row]) -> dict[str, str]:
    """Targets with what was asked in each, the same question once; a target that is not there any more is its own."""
    said = {
        target: str(asked[target]["input"] or target) if target in asked else target
        for target in gap.examples
    }
    first = {text: target for target, text in reversed(said.items())}
    return {target: text for target, text in said.items() if first[text] == target}


def comparable(measurements: Sequence[Measured]) -> list[Measured]:
    """Those that were measured as the last one: by its embedder. Other vectors make other topics, and another level."""
    last = measurements[-1]
    return [one for one in measurements if one.embedder_kind == last.embedder_kind and one.levels]


def map_says(measured: Measured) -> str:
    """The map in a sentence."""
    full = mapped.enough(measured)
    traffic = sum(topic.interactions for topic in measured.map) or 1
    topics: Counter[str] = Counter()
    shares: Counter[str] = Counter()
    for topic in measured.map:
        look = mapped.look_of(topic, full)
        topics[look] += 1
        shares[look] += topic.interactions
    names = {
        "none": "no case",
        "some": "1 case" if full == 2 else f"1 to {full - 1} cases",
        "full": f"{full} or more",
    }
    told = [
        f"{topics[look]} with {name} ({wording.share(shares[look] / traffic, 0)} of traffic)"
        for look, name in names.items()
        if topics[look]
    ]
    return f"Of {len(measured.map)} topics: {', '.join(told)}."


def _topics(measured: Measured) -> Table:
    rows = [
        {
            "topic": one.topic,
            "interactions": one.interactions,
            "share": one.interactions / max(1, measured.interactions),
            "cases": one.cases,
            "disliked": one.disliked,
        }
        for one in sorted(measured.map, key=lambda one: (one.cases, -one.interactions))
    ]
    about = {"share": f"of traffic, {SHARE}", "disliked": f"of those that somebody spoke of, {SHARE}"}
    return Table(
        "topics",
        TOPICS,
        {"topics": json.dumps(rows)},
        caption="Every topic: those with fewest cases first",
        about=about,
        rows_shown=TOPICS_SHOWN,
        empty="No topic was found in the traffic.",
    )


def _values(axis: MeasuredAxis, number: int) -> Table:
    return Table(
        f"axis{number}",
        VALUES,
        {"values": json.dumps([asdict(value) for value in axis.values])},
        caption="What waits for cases the most first",
        about={"share": f"of what has any, {SHARE}"},
        rows_shown=VALUES_SHOWN,
    )


def _times(measurements: Sequence[Measured]) -> Table:
    rows = [
        {
            "measured_at": one.at.replace(tzinfo=None).isoformat(),
            "version": one.version,
            **_level(one),
            "cases": one.cases,
            "interactions": one.interactions,
            "topics": one.topics,
            "embedder": one.embedder,
        }
        for one in reversed(measurements)
    ]
    return Table(
        "times", TIMES, {"times": json.dumps(rows)}, caption="Every measurement", about={"coverage": SHARE}
    )


def _level(measured: Measured) -> dict[str, float | None]:
    """The first level by the names of columns, none where there is no level."""
    if not measured.levels:
        return dict.fromkeys(("coverage", "coverage_low", "coverage_high"))
    level = measured.levels[0]
    return {"coverage": level.share, "coverage_low": level.low, "coverage_high": level.high}


def _trend(name: str, measurements: Sequence[Measured]) -> Markup | None:
    """Draw how coverage went, once it was measured twice by the same embedder."""
    known = comparable(measurements)
    if len(known) < 2:
        return None
    levels = [(one.at, one.levels[0]) for one in known]
    rows = [{"at": at, "value": level.share, "low": level.low, "high": level.high} for at, level in levels]
    says = (
        f"Coverage from {wording.share(levels[0][1].share)} to {wording.share(levels[-1][1].share)} over "
        f"{len(rows)} measurements, each with its 95 % interval. The table below has every one."
    )
    chart = charts.trend(rows, at="at", value="value", low="low", high="high", title="traffic covered")
    return charts.draw(("coverage", name, len(rows), known[-1].at), chart, says=says)
