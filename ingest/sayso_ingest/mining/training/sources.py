"""Rows of the warehouse as raw examples, some in memory at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import islice
from typing import IO, Any, NamedTuple, TypeAlias

from sayso_ingest.event import JSON
from sayso_ingest.mining.question import Messages
from sayso_ingest.mining.rows import Query
from sayso_ingest.mining.training.example import Purpose, Source

Stream: TypeAlias = Callable[[str, Sequence[JSON]], tuple[list[str], Iterator[tuple[Any, ...]]]]
"""Runs one read-only statement with its parameters; returns the names of its columns and its rows as they are made."""

AT_ONCE = 10_000
"""Rows whose texts are in memory."""
_SAY_IT_THEMSELVES = (Source.EDIT, Source.CORRECTION, Source.ACCEPTED, Source.REJECTED)
"""Sources whose events hold an answer."""


@dataclass(frozen=True, slots=True)
class Raw:
    """What somebody said of one or two answers, with the prompt that these belong to, before anything is checked."""

    source: Source
    target: str
    part: str
    who: tuple[str, ...]
    event_ids: tuple[str, ...]
    chosen: str | None
    rejected: str | None
    input: str | None
    who_against: tuple[str, ...] = ()
    input_messages: Messages | None = None
    prompt_name: str | None = None
    prompt_version: str | None = None
    model: str | None = None
    topic: str | None = None


def read_raw(
    stream: Stream,
    query: Query,
    purpose: Purpose,
    *,
    aside: IO[bytes],
    verified: bool = False,
) -> Iterator[Raw]:
    """Everything said that serves a purpose, by target; `verified`: of known senders only.

    Who said what of which answer is ordered first, and waits in the empty file `aside`; the texts are looked up some
    at a time, so that neither needs memory for all of it.
    """
    of_purpose = "preferences" if purpose is Purpose.PREFERENCES else "answers"
    _, rows = stream("".join(map(_sql, ("corrections", of_purpose, "ordered"))), [verified])
    for row in rows:
        aside.write(json.dumps(row).encode() + b"\n")
    aside.seek(0)
    while some := [_Told(*json.loads(line)) for line in islice(aside, AT_ONCE)]:
        yield from _with_texts(query, some, purpose)


class _Told(NamedTuple):
    """A row of `ordered`."""

    source: str
    target: str
    part: str
    who: list[str]
    who_against: list[str] | None
    event_ids: list[str]
    chosen: str | None
    rejected: str | None
    missing: str
    other: str | None


def _with_texts(query: Query, some: Sequence[_Told], purpose: Purpose) -> Iterator[Raw]:
    targets = {target for one in some for target in (one.target, one.other) if target}
    asked = {row["target"]: row for row in query(_sql("asked"), [sorted(targets)])}
    events = [one.event_ids[0] for one in some if one.source in _SAY_IT_THEMSELVES]
    said = {row["event_id"]: row for row in query(_sql("said"), [events])} if events else {}
    for one in some:
        interaction = asked.get(one.target, {})
        # Not of an annotation that is read as a label: what it expects is another row, with the same event.
        of_event = said.get(one.event_ids[0], {}) if one.source in _SAY_IT_THEMSELVES else {}
        output = interaction.get("output")
        chosen = one.chosen or of_event.get("chosen") or (output if one.missing == "chosen" else None)
        rejected = one.rejected or of_event.get("rejected") or (output if one.missing == "rejected" else None)
        if one.other:
            rejected = asked.get(one.other, {}).get("output")
        if purpose is not Purpose.PREFERENCES and chosen is not None:
            rejected = None  # of an edit, what it was before
        messages = interaction.get("input_messages")
        yield Raw(
            source=Source(one.source),
            target=one.target,
            part=one.part,
            who=tuple(one.who),
            who_against=tuple(one.who_against or ()),
            event_ids=tuple(one.event_ids),
            chosen=chosen,
            rejected=rejected,
            input=interaction.get("input"),
            input_messages=json.loads(messages) if messages else None,
            **{name: interaction.get(name) for name in ("prompt_name", "prompt_version", "model", "topic")},
        )


def _sql(name: str) -> str:
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
