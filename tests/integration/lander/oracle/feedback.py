"""Feedback and suggestions: verdicts with what they are about and what was said beside them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from integration.lander.oracle.facts import Arrival, Facts
from integration.lander.oracle.interactions import of_targets, prompt, sessions
from integration.lander.oracle.remarks import that_count
from integration.lander.oracle.verdicts import Verdict, verdicts


class Feedback(NamedTuple):
    """A row of `feedback`."""

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
    reasons: list[str] | None
    comment: str | None
    original: str | None
    proposed: str | None
    final: str | None
    expected: str | None
    scope: str | None
    interaction_id: str | None
    interaction_at: datetime | None
    session: str | None
    input: str | None
    output: str | None
    prompt_name: str | None
    prompt_version: str | None
    model: str | None
    release: str | None
    tags: list[str] | None
    latency_ms: float | None
    variant_experiment: str | None
    variant_arm: str | None


IN_SHORT = (
    *Verdict._fields, "reasons", "scope", "interaction_id", "prompt_name", "prompt_version", "model",
)  # fmt: skip
"""The columns of it that `verdicts` has as well."""


class Suggestion(NamedTuple):
    """A row of `suggestions`."""

    target: str
    part: str
    who: str
    name: str
    outcome: str | None
    original: str | None
    proposed: str | None
    final: str | None
    decided_in_ms: float | None
    survival_after_s: float | None
    survival_kept: float | None
    event_id: str
    occurred_at: datetime
    prompt_name: str | None
    prompt_version: str | None
    model: str | None
    input: str | None


def feedback(facts: Facts) -> list[Feedback]:
    """One row per verdict, with the detail that counts for its event, and its interaction."""
    explained = that_count(facts)
    rows = []
    for v in verdicts(facts):
        detail = explained[v.event_id].body if v.event_id in explained else {}
        winner = facts.held[v.event_id].body
        about = _about(facts, v.target)
        said = (winner.get(name) for name in ("original", "proposed", "final", "expected"))
        rows.append(Feedback(*v, detail.get("reasons"), detail.get("comment"), *said, *about))
    return rows


def in_short(facts: Facts) -> list[tuple[Any, ...]]:
    """The rows of `verdicts`."""
    return [tuple(getattr(row, column) for column in IN_SHORT) for row in feedback(facts)]


def _about(facts: Facts, target: str) -> tuple[Any, ...]:
    """The scope and the interaction's columns: by the target first, else by a session of that name, without them."""
    found = of_targets(facts).get(target)
    if found is None:
        return ("session" if target in sessions(facts) else None, *[None] * 13)
    body = found.body
    variant = body.get("variant", {})
    return (
        "target", found.id, facts.when(found), found.event.get("session"), body.get("input"), body.get("output"),
        *prompt(found), body.get("release"), body.get("tags"), body.get("latency_ms"),
        variant.get("experiment"), variant.get("arm"),
    )  # fmt: skip


def suggestions(facts: Facts) -> list[Suggestion]:
    """One row per verdict on a suggestion, with the survival that was measured longest after it."""
    survivals = _survivals(facts)
    rows = []
    for f in feedback(facts):
        if f.kind == "suggestion":
            kept = survivals.get((f.target, f.part, f.who, f.name), {})
            rows.append(Suggestion(
                f.target, f.part, f.who, f.name, f.value, f.original, f.proposed, f.final,
                facts.held[f.event_id].body.get("decided_in_ms"), kept.get("after_s"), kept.get("kept"),
                f.event_id, f.occurred_at, f.prompt_name, f.prompt_version, f.model, f.input,
            ))  # fmt: skip
    return rows


def _survivals(facts: Facts) -> dict[tuple[str, ...], dict[str, float]]:
    """(target, part, who, name) -> the report that came longest after the decision; outside the order of verdicts."""
    longest: dict[tuple[str, ...], Arrival] = {}
    for a in facts.of_kind("suggestion"):
        if "survival" in a.body and not facts.taken_back(a):
            key = (a.event["target"], a.part, facts.who(a), a.body.get("name", ""))
            if key not in longest or _age(facts, a) > _age(facts, longest[key]):
                longest[key] = a
    return {key: a.body["survival"] for key, a in longest.items()}


def _age(facts: Facts, report: Arrival) -> tuple[Any, ...]:
    return (report.body["survival"]["after_s"], *facts.order(report))
