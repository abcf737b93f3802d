"""Charts as they are drawn, for wide and for narrow windows."""

from __future__ import annotations

import re

import pytest
from sayso_ingest.console import charts

LONG = [f"helpdesk · v1 · lengthened {n}" for n in range(3)]
SHORT = ["v1", "v2", "v3"]


def drawn(labels: list[str], kind: str) -> dict[str, str]:
    """A chart of these labels in each width."""
    rows = [{"label": label, "value": 0.5, "low": 0.4, "high": 0.6} for label in labels]
    chart = (
        charts.bars(rows, title="n")
        if kind == "bars"
        else charts.intervals(rows, label="label", value="value", low="low", high="high")
    )
    wide, narrow = charts.figure(chart, "words").split('<div class="narrow">')
    return {"wide": wide, "narrow": narrow}


def anchor(svg: str, label: str) -> str:
    """Which end of a label stands at its place."""
    [attributes] = re.findall(f"<text ([^>]*)>{label}</text>", svg)
    found = re.search('text-anchor="([a-z]+)"', attributes)
    return found[1] if found else "start"


@pytest.mark.parametrize("kind", ["bars", "intervals"])
def test_in_a_narrow_window_labels_stand_whole_above_their_marks_where_beside_them_they_would_be_cut(
    kind: str,
) -> None:
    assert [anchor(drawn(LONG, kind)["narrow"], label) for label in LONG] == ["start"] * 3
    assert anchor(drawn(SHORT, kind)["narrow"], "v1") == "end"
    assert anchor(drawn(SHORT, kind)["wide"], "v1") == "end"
