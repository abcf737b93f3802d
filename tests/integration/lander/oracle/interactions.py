"""Interactions: the latest of each target, whole, whoever sent it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from integration.lander.oracle.facts import Arrival, Facts


class Interaction(NamedTuple):
    """A row of `interactions`, of its columns those that differ in the histories."""

    event_id: str
    target: str
    occurred_at: datetime
    who: str
    session: str | None
    input: str | None
    output: str
    prompt_name: str | None
    prompt_version: str | None
    model: str | None


def of_targets(facts: Facts) -> dict[str, Arrival]:
    """Target -> its interaction. No retraction has an effect on it."""
    latest = facts.latest(facts.of_kind("interaction"), lambda a: a.event["target"])
    return {a.event["target"]: a for a in latest.values()}


def sessions(facts: Facts) -> set[str]:
    """The sessions that these are in."""
    return {a.event["session"] for a in of_targets(facts).values() if "session" in a.event}


def prompt(interaction: Arrival | None) -> tuple[str | None, str | None, str | None]:
    """Name and version of its prompt, and its model; nothing of none."""
    if interaction is None:
        return None, None, None
    body = interaction.body
    return body.get("prompt", {}).get("name"), body.get("prompt", {}).get("version"), body.get("model")


def interactions(facts: Facts) -> list[Interaction]:
    """One row per target."""
    return [
        Interaction(
            a.id, target, facts.when(a), facts.who(a), a.event.get("session"),
            a.body.get("input"), a.body["output"], *prompt(a),
        )
        for target, a in of_targets(facts).items()
    ]  # fmt: skip
