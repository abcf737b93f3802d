"""What a message says: sentences for people, and what goes to Slack and to programs."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from sayso_ingest.alerts.firing import Judged
from sayso_ingest.alerts.reading import is_share, meaning
from sayso_ingest.excerpt import cut

LONGEST = 80
"""Characters of a value of a group: whoever sends events chooses them."""
LINES = 20
"""Sentences of a message; what is more is counted."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
_SLACK = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def sentence(judged: Judged) -> str:
    """What a reading comes to, in one line."""
    one, rule = judged.reading, judged.reading.rule
    group = ", ".join(f"{column} {one_line(value)}" for column, value in one.group.items())
    share = is_share(rule)
    people = f", {one.people:,} people" if one.people is not None else ""
    past = rule.side if not judged.over else f"no longer {rule.side}"
    return (
        f"{rule.name}: {group}: {meaning(rule)} is {_spell(one.value, share)} (95 % interval "
        f"{_spell(one.low, share)} to {_spell(one.high, share)}{people}), {past} {_spell(rule.threshold, share)}."
    )


def figures(judged: Judged) -> dict[str, Any]:
    """The same for programs."""
    one, rule = judged.reading, judged.reading.rule
    return {
        "rule": rule.name,
        "view": rule.view,
        "figure": rule.figure,
        rule.side: rule.threshold,
        "group": one.group,
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "people": one.people,
        "near_end": judged.near_end,
    }


def link(console: str, view: str) -> str:
    """Where the console answers a question."""
    return f"{console.rstrip('/')}/questions/{quote(view)}"


def message(title: str, lines: Sequence[str], *, to: str) -> str:
    """A title and its lines as one text, as long as a message may be."""
    shown = list(lines[:LINES])
    if len(lines) > LINES:
        shown.append(f"And {len(lines) - LINES:,} more: sayso alerts check")
    return "\n".join([title, *(f"• {line}" for line in shown), to])


def for_slack(text: str) -> bytes:
    """What an incoming webhook of Slack takes: nothing in it calls a channel or hides a link."""
    return json.dumps({"text": text.translate(_SLACK), "unfurl_links": False}).encode()


def for_programs(kind: str, project: str, text: str, **more: Any) -> bytes:
    """The plain JSON."""
    return json.dumps({"kind": kind, "project": project, "text": text, **more}).encode()


def one_line(text: str) -> str:
    """A stranger's text without line breaks and control characters, and not too long."""
    return cut(_CONTROL.sub(" ", text), LONGEST)


def _spell(value: float, share: bool) -> str:
    return f"{value:.1%}" if share else f"{value:.4g}"
