"""Exposures: what was seen, and whether those who saw it say anything."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from integration.lander.oracle.facts import Arrival, Facts
from integration.lander.oracle.interactions import of_targets, prompt
from integration.lander.oracle.verdicts import verdicts


class Exposure(NamedTuple):
    """A row of `exposures`."""

    target: str
    part: str
    who: str
    surface: str
    first_seen_at: datetime
    times: int
    visible_ms: float | None


class Exposed(NamedTuple):
    """A row of `exposed`."""

    target: str
    part: str
    who: str
    answered: bool
    interaction_id: str | None
    prompt_name: str | None
    prompt_version: str | None
    model: str | None


def exposures(facts: Facts) -> list[Exposure]:
    """One row per target, part, who and surface."""
    seen: dict[tuple[str, ...], list[Arrival]] = {}
    for a in facts.of_kind("exposure"):
        key = (a.event["target"], a.part, facts.who(a), a.body["surface"])
        seen.setdefault(key, []).append(a)
    return [
        Exposure(
            *key, min(map(facts.when, reports)), len(reports),
            max((a.body["visible_ms"] for a in reports if "visible_ms" in a.body), default=None),
        )
        for key, reports in seen.items()
    ]  # fmt: skip


def exposed(facts: Facts) -> list[Exposed]:
    """One row per target, part and who; answered by a verdict of whatever kind that is not NULL."""
    answers = {(v.target, v.part, v.who) for v in verdicts(facts) if v.value is not None}
    rows = []
    for key in {(x.target, x.part, x.who) for x in exposures(facts)}:
        interaction = of_targets(facts).get(key[0])
        rows.append(
            Exposed(*key, key in answers, interaction.id if interaction else None, *prompt(interaction))
        )
    return rows
