"""The metrics and labels that an expression of Prometheus names, as far as the files of deploy/monitoring need it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

MONITORING = Path(__file__).resolve().parents[3] / "deploy" / "monitoring"
_SELECTED = re.compile(r"\b(sayso_[a-z_]+|up)\b(?:\{([^}]*)\})?")
_MATCHED = re.compile(r'(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"')
_GROUPED = re.compile(r"\b(?:by|on|without)\s*\(([^)]*)\)")
PROMETHEUS_OWN = {"instance", "job"}
"""Labels that it adds to everything."""


def rules() -> list[dict[str, object]]:
    """The alert rules."""
    loaded = yaml.safe_load((MONITORING / "alerts.yml").read_text())
    return [rule for group in loaded["groups"] for rule in group["rules"]]


def expressions() -> Iterator[str]:
    """Every expression of the rules and of the dashboard."""
    yield from (str(rule["expr"]) for rule in rules())
    dashboard = json.loads((MONITORING / "dashboard.json").read_text())
    for panel in dashboard["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))


def metrics(expression: str) -> set[str]:
    """The metrics that an expression selects."""
    return {name for name, _ in _SELECTED.findall(expression)} - {"up"}


def labels(expression: str) -> set[str]:
    """The labels by which it selects and groups."""
    grouped = {word.strip() for group in _GROUPED.findall(expression) for word in group.split(",")}
    return grouped | {name for name, _ in values(expression)}


def values(expression: str) -> list[tuple[str, str]]:
    """What it asks of labels: name and value, each alternative of its own."""
    matched = [pair for _, inside in _SELECTED.findall(expression) for pair in _MATCHED.findall(inside)]
    return [(name, value) for name, given in matched for value in given.split("|")]
