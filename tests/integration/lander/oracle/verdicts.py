"""Verdicts: what each person says at present about each thing."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from integration.lander.oracle.facts import Arrival, Facts

KINDS = ("thumb", "suggestion", "rating", "comment", "preference", "annotation", "judgement")


class Verdict(NamedTuple):
    """What a row of `verdicts` says of itself, before what it is joined with."""

    target: str
    part: str
    who: str
    kind: str
    name: str
    rubric: str
    value: str | None
    score: float | None
    retracted: bool
    event_id: str
    occurred_at: datetime
    verified: bool
    key_id: str


def verdicts(facts: Facts) -> list[Verdict]:
    """The highest event of each key; retracted, it says nothing."""
    spoken = (a for a in facts.of_kind(*KINDS) if "survival" not in a.body)

    def key(a: Arrival) -> tuple[str, ...]:
        name, rubric = a.body.get("name", ""), a.body.get("rubric", "")
        return (a.event["target"], a.part, facts.who(a), a.event["kind"], name, rubric)

    rows = []
    for a in facts.latest(spoken, key).values():
        retracted = facts.taken_back(a)
        rows.append(Verdict(
            *key(a), None if retracted else said(a.event), None if retracted else number(a.event), retracted,
            a.id, facts.when(a), a.event["verified"], f"key_{a.key_kind}",
        ))  # fmt: skip
    return rows


def said(event: dict[str, Any]) -> str | None:
    """What an event says, as a text; nothing, where it is of a kind that says nothing."""
    body = event["body"]
    match event["kind"]:
        case "thumb":
            return body["value"]
        case "rating":
            return None if body["value"] is None else str(body["value"])
        case "suggestion":
            return body.get("outcome")
        case "comment":
            return body["text"]
        case "preference":
            return body["chosen"]
        case "annotation" | "judgement":
            return body["label"] if "label" in body else str(body["score"])
    return None


def number(event: dict[str, Any]) -> float | None:
    """What an event says, where it is a number."""
    return event["body"].get("value" if event["kind"] == "rating" else "score")
