"""Rows of the warehouse's views, as frozen values: what mining reads, and the only place that asks for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import TypeAlias

from sayso_ingest.event import JSON
from sayso_ingest.mining.question import Messages

Row: TypeAlias = Mapping[str, JSON]
Query: TypeAlias = Callable[[str, Sequence[JSON]], list[dict[str, JSON]]]
"""Runs one read-only statement with its parameters and returns its rows; handed in from outside."""

TRAFFIC = 20_000
"""Interactions that one mining run looks at, drawn at random; feedback beyond it is added, newest first."""


@dataclass(frozen=True, slots=True)
class Interaction:
    """One thing the model was asked and answered. `sampled`: it belongs to the random sample of traffic."""

    event_id: str
    target: str
    occurred_at: datetime
    who: str
    input: str
    input_messages: Messages | None = None
    variables: JSON = None
    output: str | None = None
    prompt_name: str | None = None
    prompt_version: str | None = None
    model: str | None = None
    tags: tuple[str, ...] = ()
    sampled: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one person (or judge) now says about one interaction."""

    target: str
    who: str
    kind: str
    event_id: str
    part: str = ""
    name: str = ""
    rubric: str = ""
    value: str | None = None
    score: float | None = None
    label: str | None = None
    min: float | None = None
    max: float | None = None
    reasons: tuple[str, ...] = ()
    comment: str | None = None
    original: str | None = None
    proposed: str | None = None
    final: str | None = None
    expected: str | None = None
    output: str | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A suggestion that a person changed before taking it, with the interaction it belongs to."""

    event_id: str
    target: str
    part: str
    who: str
    proposed: str | None
    final: str | None
    input: str | None
    input_messages: Messages | None
    output: str | None
    prompt_name: str | None
    prompt_version: str | None
    model: str | None


def interactions(query: Query, *, seed: int = 0, limit: int = TRAFFIC) -> list[Interaction]:
    """A random sample of traffic and the interactions with feedback, at most `limit` of each."""
    rows = query(_sql("interactions"), [seed, limit])
    return [
        Interaction(
            event_id=str(row["event_id"]),
            target=row["target"],
            occurred_at=row["occurred_at"],
            who=row["who"],
            input=row["input"],
            input_messages=decode(row["input_messages"]),
            variables=decode(row["variables"]),
            output=row["output"],
            prompt_name=row["prompt_name"],
            prompt_version=row["prompt_version"],
            model=row["model"],
            tags=tuple(row["tags"] or ()),
            sampled=row["sampled"],
        )
        for row in rows
    ]


def verdicts(query: Query) -> list[Verdict]:
    """Every present verdict about a single interaction."""
    rows = query(_sql("verdicts"), [])
    return [
        Verdict(
            target=row["target"],
            who=row["who"],
            kind=row["kind"],
            event_id=str(row["event_id"]),
            part=row["part"] or "",
            name=row["name"] or "",
            rubric=row["rubric"] or "",
            value=row["value"],
            score=row["score"],
            label=row["label"],
            min=row["min"],
            max=row["max"],
            reasons=tuple(row["reasons"] or ()),
            comment=row["comment"],
            original=row["original"],
            proposed=row["proposed"],
            final=row["final"],
            expected=row["expected"],
            output=row["output"],
        )
        for row in rows
    ]


def edits(query: Query) -> list[Edit]:
    """Every suggestion whose present verdict is `edited`."""
    rows = query(_sql("edits"), [])
    return [
        Edit(
            event_id=str(row["event_id"]),
            target=row["target"],
            part=row["part"] or "",
            who=row["who"],
            proposed=row["proposed"],
            final=row["final"],
            input=row["input"],
            input_messages=decode(row["input_messages"]),
            output=row["output"],
            prompt_name=row["prompt_name"],
            prompt_version=row["prompt_version"],
            model=row["model"],
        )
        for row in rows
    ]


def decode(value: JSON) -> JSON:
    """A JSON column as a value; drivers hand it over as text."""
    return json.loads(value) if isinstance(value, str) else value


def _sql(name: str) -> str:
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
