"""The dashboard and the rules name metrics, labels and words that there are, and the manual says what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sayso_ingest.collector.answers
from integration.metrics.promql import MONITORING, PROMETHEUS_OWN, expressions, labels, metrics, rules, values
from sayso_ingest.event import Reason
from sayso_ingest.metrics.table import TABLE, Row

ROWS = {row.name: row for row in TABLE}
SUFFIX = re.compile(r"_(bucket|sum|count)$")


def row_of(name: str) -> Row:
    return ROWS.get(name) or ROWS[SUFFIX.sub("", name)]


@pytest.mark.parametrize("expression", list(expressions()))
def test_an_expression_names_metrics_and_labels_that_there_are(expression: str) -> None:
    rows = [row_of(name) for name in metrics(expression)]
    known = {label for row in rows for label in row.labels} | PROMETHEUS_OWN
    histogram = any(row.kind == "histogram" for row in rows)
    assert rows or expression.startswith("up{")
    assert labels(expression) <= known | ({"le"} if histogram else set())
    for row in rows:
        counted = re.search(rf"(rate|increase)\({row.name}", expression) is not None
        assert counted == (row.kind != "gauge")


def test_the_codes_and_reasons_that_they_ask_for_are_of_the_closed_lists() -> None:
    answers = Path(sayso_ingest.collector.answers.__file__).read_text()
    codes = {*re.findall(r'"([a-z_]+)",', answers), "internal"}
    asked = {pair for expression in expressions() for pair in values(expression)}
    assert {value for name, value in asked if name == "code"} <= codes
    assert {value for name, value in asked if name == "reason"} <= set(Reason)


def test_every_metric_is_on_the_dashboard_or_in_a_rule() -> None:
    assert {row_of(name) for expression in expressions() for name in metrics(expression)} == set(TABLE)


def test_every_rule_has_a_line_in_the_manual_and_says_how_urgent_it_is() -> None:
    manual = (MONITORING / "README.md").read_text()
    named = {str(rule["alert"]) for rule in rules()}
    assert set(re.findall(r"^\| `(Sayso\w+)`", manual, re.M)) == named
    assert f"{len(named)} rules" in manual
    for rule in rules():
        assert rule["labels"] in ({"severity": "page"}, {"severity": "ticket"})
