"""Rows of the warehouse as raw examples, some in memory at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, TypeAlias

from sayso_ingest.event import JSON
from sayso_ingest.mining.question import Messages
from sayso_ingest.mining.training.example import Purpose, Source

Stream: TypeAlias = Callable[[str, Sequence[JSON]], tuple[list[str], Iterator[tuple[Any, ...]]]]
"""Runs one read-only statement with its parameters; returns the names of its columns and its rows as they are made."""


@dataclass(frozen=True, slots=True)
class Raw:
    """What somebody said of one or two answers, with the prompt that these belong to, before anything is checked."""

    source: Source
    target: str
    part: str
    who: str
    event_ids: tuple[str, ...]
    chosen: str | None
    rejected: str | None
    input: str | None
    input_messages: Messages | None = None
    prompt_name: str | None = None
    prompt_version: str | None = None
    model: str | None = None
    topic: str | None = None


def read_raw(
    stream: Stream, purpose: Purpose, sources: Sequence[Source], *, verified: bool = False
) -> Iterator[Raw]:
    """Everything said that serves a purpose, from these sources, by target; `verified`: of known senders only."""
    statement = "preferences" if purpose is Purpose.PREFERENCES else "answers"
    columns, rows = stream(
        f"{_sql(statement)}{_sql('with_prompts')}", [verified, [str(one) for one in sources]]
    )
    for row in rows:
        fields = dict(zip(columns, row, strict=True))
        messages = fields["input_messages"]
        yield Raw(
            **{
                **fields,
                "source": Source(fields["source"]),
                "event_ids": tuple(fields["event_ids"]),
                "input_messages": json.loads(messages) if messages else None,
            }
        )


def _sql(name: str) -> str:
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
