"""Charts of pages: Altair describes them, vl-convert draws them as SVG, which becomes part of the page.

Colours are names of console.css, so that one drawing fits light and dark. Each is drawn twice, for wide and for
narrow windows, and console.css shows the one that fits. The page says in words what a chart shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from sayso_ingest.console.copy import copy

if TYPE_CHECKING:
    import altair

Chart = Callable[[], "altair.TopLevelMixin"]
"""Makes a chart, when it is to be drawn."""

MOST_ROWS = 40
"""More are a smear; the table has them all."""
FEW_DAYS = timedelta(days=5)
LARGEST = 1e300
"""Beyond it the span of an axis is no number any more, and what is infinite or none has no place on it at all."""
WIDTHS = {"wide": 720, "narrow": 300}
"""In pixels, with all that belongs to it."""
STEP = 30
"""Pixels from a row to the next."""
LABEL_ABOVE = 13
"""Pixels from a mark to the middle of a label that stands above it."""
LETTER = 6.6
"""Pixels of a letter of a label, as most have; what is wider is cut by Vega."""
_COLOURS = ["var(--mark-1)", "var(--mark-2)", "var(--mark-3)", "var(--mark-4)"]
_CONFIG = {
    "background": None,
    "font": "sans-serif",
    "view": {"stroke": None},
    "range": {"category": _COLOURS},
    "title": {
        "color": "var(--soft)",
        "fontSize": 12,
        "fontWeight": "normal",
        "anchor": "start",
        "frame": "bounds",
        "offset": 8,
    },
    "axis": {
        "labelColor": "var(--soft)",
        "titleColor": "var(--soft)",
        "gridColor": "var(--line)",
        "domainColor": "var(--line)",
        "tickColor": "var(--line)",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelOverlap": "greedy",
        "labelSeparation": 12,
        "labelPadding": 6,
        "titlePadding": 10,
        "ticks": False,
    },
    "legend": {
        "labelColor": "var(--soft)",
        "titleColor": "var(--soft)",
        "labelFontSize": 12,
        "orient": "top",
    },
}
_UNDRAWABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML has no place for: vl-convert ends the whole process over one such character in a label."""
_ROOT = re.compile(r"<svg [^>]*?viewBox=\"([\d. ]+)\"[^>]*>")


def draw(key: Hashable, chart: Chart, *, says: str) -> Markup:
    """Draw a chart, or return what was drawn of this copy under the same key; `says` is its text for those who
    cannot see it.
    """
    return copy().keep(("chart", key), lambda: figure(chart, says))


def draw_nothing() -> None:
    """Start what draws: it takes a second and 100 MB."""
    row = {"label": "", "value": 0, "low": 0, "high": 0}
    figure(intervals([row], label="label", value="value", low="low", high="high"), "")


def intervals(
    rows: Sequence[dict[str, Any]],
    *,
    label: str,
    value: str,
    low: str,
    high: str,
    title: str = "",
    over: str = "",
) -> Chart:
    """Shares by label, each as a dot with its interval, in the order of the rows; `over` says what the labels are."""

    def make() -> altair.TopLevelMixin:
        import altair as alt

        points = _plain(rows, label, value, low, high)
        base = alt.Chart({"values": points}).encode(y=alt.Y(f"{label}:N", sort=None, title=None))
        scale = alt.Scale(zero=False, nice=True)
        x = alt.X(f"{low}:Q", scale=scale, title=title or None, axis=alt.Axis(format=".0%", tickCount=5))
        reach = base.mark_rule(strokeWidth=5, strokeCap="round", opacity=0.4, color=_COLOURS[0])
        dot = base.mark_circle(size=70, opacity=1, color=_COLOURS[0])
        layers = reach.encode(x=x, x2=f"{high}:Q") + dot.encode(x=alt.X(f"{value}:Q", scale=scale))
        drawn = _rows_of(layers, points, label)
        # Above the labels: beside them, it would need room that a narrow window does not have.
        return drawn.properties(title=over) if over else drawn

    return make


def trend(
    rows: Sequence[dict[str, Any]], *, at: str, value: str, low: str, high: str, title: str = ""
) -> Chart:
    """A share over time (datetimes or dates), with the band of its interval."""

    def make() -> altair.TopLevelMixin:
        import altair as alt

        span = max(row[at] for row in rows) - min(row[at] for row in rows)
        # Within a few days the day alone would stand there more than once.
        days = "%b %d" if span >= FEW_DAYS else alt.Undefined
        base = alt.Chart({"values": _plain(rows, at, value, low, high)}).encode(
            x=alt.X(f"{at}:T", title=None, axis=alt.Axis(format=days, tickCount=5, grid=False))
        )
        scale = alt.Scale(zero=False, nice=True)
        y = alt.Y(f"{low}:Q", scale=scale, title=title or None, axis=alt.Axis(format=".0%", tickCount=5))
        band = base.mark_area(opacity=0.22, color=_COLOURS[0]).encode(y=y, y2=f"{high}:Q")
        line = base.mark_line(strokeWidth=2, color=_COLOURS[0], point={"size": 28, "color": _COLOURS[0]})
        layers = band + line.encode(y=alt.Y(f"{value}:Q", scale=scale))
        drawn: altair.TopLevelMixin = layers.properties(height=200)
        return drawn

    return make


def bars(rows: Sequence[dict[str, Any]], *, title: str) -> Chart:
    """A figure by name: rows with `label` and `value`, in their order."""

    def make() -> altair.TopLevelMixin:
        import altair as alt

        points = _plain(rows, "label", "value")
        layers = (
            alt.Chart({"values": points})
            .mark_bar(color=_COLOURS[0], cornerRadiusEnd=3, height={"band": 0.7})
            .encode(
                y=alt.Y("label:N", sort=None, title=None),
                x=alt.X("value:Q", title=title, axis=alt.Axis(tickCount=5)),
            )
        )
        return _rows_of(layers, points, "label")

    return make


def lines(rows: Sequence[dict[str, Any]], *, over: str, title: str, time: bool) -> Chart:
    """Figures over time or another figure: rows with `at`, `value` and `series`, a line each."""

    def make() -> altair.TopLevelMixin:
        import altair as alt

        values = _plain(rows, "at", "value", "series")
        if len({row["series"] for row in values}) == 1:
            colour: Any = alt.value(_COLOURS[0])
        else:
            colour = alt.Color("series:N", sort=None, title=None)
        kind, name = ("T", None) if time else ("Q", over)
        scale = alt.Scale(zero=False, nice=not time)
        drawn: altair.TopLevelMixin = (
            alt.Chart({"values": values})
            .mark_line(strokeWidth=2, point={"size": 28})
            .encode(
                x=alt.X(f"at:{kind}", title=name, scale=scale, axis=alt.Axis(tickCount=5, grid=False)),
                y=alt.Y("value:Q", title=title, axis=alt.Axis(tickCount=5)),
                color=colour,
            )
            .properties(height=220)
        )
        return drawn

    return make


def _rows_of(chart: Any, points: Sequence[dict[str, Any]], label: str) -> altair.TopLevelMixin:
    """Give a chart a row for each label, and say how long the longest is."""
    longest = max((len(str(point[label])) for point in points), default=0)
    drawn: altair.TopLevelMixin = chart.properties(height={"step": STEP}, usermeta={"letters": longest})
    return drawn


def _plain(rows: Sequence[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    """Take the named values of rows, as JSON can say them."""
    return [{name: _json(row[name]) for name in names} for row in rows]


def _json(value: Any) -> Any:
    if isinstance(value, float) and not abs(value) <= LARGEST:
        return None
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def figure(chart: Chart, says: str) -> Markup:
    """Draw a chart in every width; what it says is for those who cannot see it."""
    spec = _drawable(chart().to_dict(validate=False))
    drawn = (
        Markup('<div class="{}">{}</div>').format(name, _svg(spec, width)) for name, width in WIDTHS.items()
    )
    return Markup('<div class="chart" role="img" aria-label="{}">{}</div>').format(says, Markup().join(drawn))


def _drawable(value: Any) -> Any:
    """The same, with a sign in the place of each character that cannot be drawn."""
    if isinstance(value, str):
        return _UNDRAWABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_drawable(name): _drawable(inside) for name, inside in value.items()}
    return [_drawable(inside) for inside in value] if isinstance(value, list | tuple) else value


def _svg(spec: dict[str, Any], width: int) -> Markup:
    """Draw a chart; it carries no style that the policy of a page forbids, and none but its own colours."""
    import vl_convert

    fit = {"type": "fit-x", "contains": "padding"}
    # A reader's font may be wider than the one it was measured with.
    room = {"left": 0.04 * width, "right": 8, "top": 5, "bottom": 5}
    beside, letters = 0.38 * width, spec.get("usermeta", {}).get("letters", 0)
    config = {**_CONFIG, "axisY": _cut(beside)}
    fitted = {**spec, "width": width, "autosize": fit, "padding": room, "config": config}
    if letters * LETTER > beside and width == WIDTHS["narrow"]:
        # Cut so short, labels would be alike: each has the whole width, above its mark.
        config["axisYDiscrete"] = {
            **_cut(0.92 * width),
            "labelAlign": "left",
            "labelPadding": 0,
            "labelOffset": -LABEL_ABOVE,
        }
        fitted["height"] = {"step": STEP + LABEL_ABOVE // 2}
        if "mark" in spec:  # a bar leaves it the room
            fitted["mark"] = {**spec["mark"], "height": {"band": 0.25}}
    svg = vl_convert.vegalite_to_svg(fitted)
    return Markup(_ROOT.sub(r'<svg viewBox="\1" aria-hidden="true" focusable="false">', svg, count=1))  # noqa: S704


def _cut(limit: float) -> dict[str, Any]:
    """Labels cut in their middle to as many letters as fit into `limit` pixels.

    Vega would measure a long one again and again to cut it, and take five times as long for the whole chart.
    """
    most = int(limit / LETTER)
    first, last = f"slice(datum.label, 0, {most // 3})", f"slice(datum.label, {1 + most // 3 - most})"
    short = f"length(datum.label) > {most} ? {first} + '…' + {last} : datum.label"
    return {"labelLimit": limit, "labelExpr": short}
