"""What a format is: how one thing is written for a tool, and what is wrong with what was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sayso_ingest.event import JSON
from sayso_ingest.export.selection import Kept
from sayso_ingest.mining import Purpose

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class TrainingFormat:
    """How examples are written for a trainer, a row each. Without a purpose of its own it takes any."""

    name: str
    summary: str
    purpose: Purpose | None
    row: Callable[[Kept], Mapping[str, JSON]] = field(repr=False)
    fault: Callable[[JSON], str] = field(repr=False)
    """What is wrong with a row that was read again; an empty text if nothing is."""
    schema: Callable[[], pa.Schema] | None = None
    """The types of the columns, where not every row shows them: one may be empty for long, or all along."""
    table: bool = False
    """Whether it is written as Parquet, and not as lines of JSON."""
    fewest: int = 1
    """Rows below which the tool refuses the file."""


def prompt(kept: Kept) -> list[dict[str, JSON]]:
    """The prompt as messages of a role and a text."""
    return [{"role": m["role"], "content": m["content"]} for m in kept.example.prompt]


def answer(text: str | None) -> list[dict[str, JSON]]:
    """An answer as the one message of the assistant that trainers want."""
    return [{"role": "assistant", "content": text}]


def fault_of_fields(row: JSON, fields: Sequence[str]) -> str:
    """What is wrong if a row does not have exactly these fields."""
    if isinstance(row, dict) and row.keys() == set(fields):
        return ""
    return f"it does not have exactly the fields {', '.join(fields)}"


def fault_of_messages(name: str, value: JSON) -> str:
    """What is wrong if a field is not a list of messages of a role and a text."""
    if isinstance(value, list) and value and all(map(_is_message, value)):
        return ""
    return f"{name} is not a list of messages with a role and a text"


def fault_of_answer(name: str, value: JSON) -> str:
    """What is wrong if a field is not one message of the assistant."""
    wrong = fault_of_messages(name, value)
    if wrong or [message["role"] for message in value] == ["assistant"]:
        return wrong
    return f"{name} is not one message of the assistant"


def _is_message(value: JSON) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"role", "content"}
        and all(isinstance(text, str) and text.strip() for text in value.values())
    )
