"""Details and comments: what was written."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from integration.lander.oracle.facts import Arrival, Facts
from integration.lander.oracle.interactions import of_targets, prompt
from integration.lander.oracle.verdicts import said


class Detail(NamedTuple):
    """A row of `details`."""

    about: str
    who: str
    reasons: list[str] | None
    comment: str | None
    event_id: str
    occurred_at: datetime


class Comment(NamedTuple):
    """A row of `comments`."""

    target: str | None
    part: str
    who: str
    kind: str
    text: str
    category: str | None
    expected: str | None
    reasons: list[str] | None
    value: str | None
    event_id: str
    occurred_at: datetime
    prompt_name: str | None
    prompt_version: str | None
    model: str | None
    input: str | None
    output: str | None


def that_count(facts: Facts) -> dict[str, Arrival]:
    """Event id -> the detail that counts for it: the latest that is not taken back, from the same who or an `sk_`."""
    may_count = [
        detail
        for detail in facts.of_kind("detail")
        if (about := facts.held.get(detail.body["about"])) is not None
        and facts.may_speak_of(detail, about)
        and not facts.taken_back(detail)
    ]
    latest = facts.latest(may_count, lambda a: a.body["about"])
    return {a.body["about"]: a for a in latest.values()}


def details(facts: Facts) -> list[Detail]:
    """One row per event that is explained."""
    return [
        Detail(about, facts.who(a), a.body.get("reasons"), a.body.get("comment"), a.id, facts.when(a))
        for about, a in that_count(facts).items()
    ]


def comments(facts: Facts) -> list[Comment]:
    """Every comment that is not taken back, and the details that count and say something in words."""
    written = [(a, a, a.body["text"]) for a in facts.of_kind("comment") if not facts.taken_back(a)]
    clicked = [(a, facts.held[about], a.body.get("comment")) for about, a in that_count(facts).items()]
    return [_comment(facts, a, about, text) for a, about, text in [*written, *clicked] if text is not None]


def _comment(facts: Facts, a: Arrival, about: Arrival, text: str) -> Comment:
    target = about.event.get("target")
    interaction = of_targets(facts).get(str(target))
    answer = {} if interaction is None else interaction.body
    return Comment(
        target, about.part, facts.who(a), a.event["kind"], text, a.body.get("category"), a.body.get("expected"),
        a.body.get("reasons"), None if about is a else said(about.event), a.id, facts.when(a),
        *prompt(interaction), answer.get("input"), answer.get("output"),
    )  # fmt: skip
