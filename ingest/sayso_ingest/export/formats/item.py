"""An eval case on its way into a file, and what all formats of eval sets have in common."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sayso_ingest.evalsets import EvalCase
from sayso_ingest.event import JSON

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Item:
    """A case, and the texts that were retrieved when it was asked; none where none were."""

    case: EvalCase
    contexts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseFormat:
    """How an eval set is written for a tool that runs it, and how what was written is checked."""

    name: str
    summary: str
    files: Callable[[Sequence[Item]], Mapping[str, bytes]] = field(repr=False)
    """The bytes of each file, by its name; the same cases give the same bytes."""
    rows_in: str
    """The file that has a row for each case."""
    fault: Callable[[JSON], str] = field(repr=False)
    """What is wrong with a row that was read again; an empty text if nothing is."""
    schema: Callable[[], pa.Schema] | None = None
    """The types of the columns, of a format for no tool of its own: it gets a card, by which `datasets` reads it."""


def messages(case: EvalCase) -> list[dict[str, JSON]]:
    """What is asked, as messages."""
    if case.input_messages:
        return [
            {"role": str(m.get("role", "user")), "content": m.get("content")} for m in case.input_messages
        ]
    return [{"role": "user", "content": case.input}]


def as_text(case: EvalCase) -> str:
    """What is asked as one text: of a conversation all its turns, each after who says it."""
    turns = messages(case)
    if len(turns) == 1 and turns[0]["role"] == "user" and isinstance(turns[0]["content"], str):
        return turns[0]["content"]
    said = ((turn["role"], turn["content"]) for turn in turns)
    return "\n\n".join(
        f"{role}: {text if isinstance(text, str) else json.dumps(text)}" for role, text in said
    )


def metadata(case: EvalCase) -> dict[str, JSON]:
    """Where a case comes from and how far its expected answer goes; flat, for not every tool takes nested values."""
    return {
        "case_id": case.case_id,
        "split": case.split,
        "stratum": case.stratum,
        "topic": case.topic,
        "reference_kind": case.reference_kind,
        "tags": list(case.tags),
        "target": case.provenance.target,
        "event_ids": list(case.provenance.event_ids),
    }


def lines(rows: Sequence[Mapping[str, JSON]]) -> bytes:
    """Rows as lines of JSON; half of a surrogate pair is escaped."""
    texts = (json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)
    return b"".join(text.encode("utf-8", "backslashreplace") + b"\n" for text in texts)


def fault_of_turns(name: str, value: JSON) -> str:
    """What is wrong if a field is not a list of messages; what they hold may be more than text."""
    if isinstance(value, list) and value and all(isinstance(one, dict) and "role" in one for one in value):
        return ""
    return f"{name} is not a list of messages"


def fault_of_text(name: str, value: JSON) -> str:
    """What is wrong if a field is not a text with something in it."""
    return "" if isinstance(value, str) and value.strip() else f"{name} is not a text"
