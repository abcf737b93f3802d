"""Rows of the warehouse's views, as frozen values: what mining reads, and the only place that asks for it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import TypeAlias, TypeVar

from sayso_ingest.event import JSON
from sayso_ingest.mining.question import Messages

Row: TypeAlias = Mapping[str, JSON]
Query: TypeAlias = Callable[[str, Sequence[JSON]], list[dict[str, JSON]]]
"""Runs one read-only statement with its parameters and returns its rows; handed in from outside."""

Dimension: TypeAlias = tuple[str, str, str, str]
"""What scores can be compared within: a kind, a name, a rubric, and the judge where it is one's."""
Scale: TypeAlias = tuple[float, float]
"""The lowest and the highest of some scores."""

TRAFFIC = 20_000
"""Interactions that one mining run looks at, drawn at random; feedback beyond it is added, newest first."""
JUDGED = 50_000
"""Interactions with feedback that a run looks at which is after what people dislike."""
WINDOW = 5_000
"""Interactions of each of two windows that are held against each other."""
COMMENTS = 50_000
"""Comments that themes are made from, the newest."""


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
class Asked:
    """A question of one of two windows of traffic: `present` in the later one, which has `total` in all."""

    target: str
    who: str
    occurred_at: datetime
    input: str
    tags: tuple[str, ...]
    until: datetime
    """The end of the later window, which is the newest interaction."""
    present: bool
    total: int


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
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """Something done with an interaction without a word, or how it turned out, and the events that say so."""

    target: str
    act: str
    event_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """What a person wrote, and what their click says of the same thing: up, down, accepted and so on."""

    event_id: str
    who: str
    target: str
    text: str
    occurred_at: datetime
    value: str | None = None
    prompt_name: str | None = None
    prompt_version: str | None = None

    @property
    def disliked(self) -> bool | None:
        """Whether the click is against it; None where there is none, or it says neither."""
        return _AGAINST.get(self.value or "")

    @property
    def version(self) -> str | None:
        """The prompt and its version, as people name it."""
        return " ".join(filter(None, (self.prompt_name, self.prompt_version))) or None


_AGAINST = {"down": True, "rejected": True, "undone": True, "up": False, "accepted": False}

Value = TypeVar("Value", Interaction, Asked, Verdict, Comment)


def read_interactions(
    query: Query, *, seed: int = 0, limit: int = TRAFFIC, judged: int = TRAFFIC
) -> list[Interaction]:
    """A random sample of traffic, at most `limit`, and the newest interactions with feedback, at most `judged`."""
    return [_build(Interaction, row) for row in query(_sql("interactions"), [seed, limit, judged])]


def read_verdicts(query: Query, *, targets: Sequence[str] | None = None) -> list[Verdict]:
    """Every present verdict about a single interaction; with `targets`, about one of these."""
    sql = _sql("verdicts")
    if targets is None:
        return [_build(Verdict, row) for row in query(sql, [])]
    some = f"FROM (\n{sql}) WHERE target IN (SELECT unnest(?::VARCHAR[]))"
    return [_build(Verdict, row) for row in query(some, [list(targets)])]


def read_documents(query: Query, targets: Sequence[str]) -> dict[str, Sequence[str]]:
    """The ids of the texts that were retrieved for each of these interactions, those without any left out."""
    return {row["target"]: row["documents"] for row in query(_sql("documents"), [list(targets)])}


def read_acts(query: Query, targets: Sequence[str]) -> list[Done]:
    """What was done with these interactions without a word, and how they turned out."""
    found = query(_sql("acts"), [list(targets)])
    return [Done(row["target"], row["act"], tuple(row["event_ids"])) for row in found]


def read_ranges(query: Query) -> dict[Dimension, Scale]:
    """The range of all scores that were given, by what they can be compared within."""
    return {
        (row["kind"], row["name"], row["rubric"], row["judge"]): (row["lowest"], row["highest"])
        for row in query(_sql("ranges"), [])
    }


def read_windows(
    query: Query, *, until: datetime, days: int, before: int, seed: int = 0, limit: int = WINDOW
) -> list[Asked]:
    """The last so many days of traffic up to a time, and those before: a random sample of each, at most `limit`."""
    return [_build(Asked, row) for row in query(_sql("windows"), [until, days, before, seed, limit])]


def read_gone(query: Query, *, salt: str, keys: Sequence[str]) -> list[str]:
    """Of keys of texts (hexadecimal, the salt hashed before the text), those that no question has any more."""
    return [row["key"] for row in query(_sql("gone"), [salt, list(keys)])]


def read_comments(query: Query, *, limit: int = COMMENTS) -> list[Comment]:
    """The newest comments, at most `limit`."""
    return [_build(Comment, row) for row in query(_sql("comments"), [limit])]


def _build(kind: type[Value], row: Row) -> Value:
    """A value from the columns of the same names."""
    return kind(
        **{one.name: _CONVERSIONS.get(one.name, _as_it_is)(row[one.name]) for one in dataclasses.fields(kind)}
    )


def _as_it_is(value: JSON) -> JSON:
    return value


def _as_tuple(value: Sequence[JSON] | None) -> tuple[JSON, ...]:
    return tuple(value or ())


def _decoded(value: JSON) -> JSON:
    """A JSON column as a value; drivers hand it over as text."""
    return json.loads(value) if isinstance(value, str) else value


# Columns that drivers hand over as something else than the field of the same name.
_CONVERSIONS: Mapping[str, Callable[[JSON], JSON]] = {
    "event_id": str,
    "input_messages": _decoded,
    "variables": _decoded,
    "tags": _as_tuple,
    "reasons": _as_tuple,
}


def _sql(name: str) -> str:
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
