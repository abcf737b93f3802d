"""OpenAI's format for supervised fine-tuning, which others take too: {"messages": [messages, the answer last]}.

https://platform.openai.com/docs/guides/supervised-fine-tuning
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso_ingest.event import JSON
from sayso_ingest.export.formats.format import (
    TrainingFormat,
    answer,
    fault_of_answer,
    fault_of_fields,
    fault_of_messages,
    prompt,
)
from sayso_ingest.export.selection import Kept
from sayso_ingest.mining import Purpose

if TYPE_CHECKING:
    import pyarrow as pa

FEWEST = 10
"""Rows that a job has to have."""


def row(kept: Kept) -> dict[str, JSON]:
    """A conversation that ends in an answer that is good; of earlier answers nothing is learnt."""
    asked = [message | _unlearnt(message) for message in prompt(kept)]
    return {"messages": [*asked, *answer(kept.example.chosen)]}


def fault(value: JSON) -> str:
    """What is wrong with a row; an empty text if nothing is."""
    wrong = fault_of_fields(value, ("messages",))
    if wrong:
        return wrong
    if not isinstance(value["messages"], list) or not all(isinstance(one, dict) for one in value["messages"]):
        return "messages is not a list of messages"
    if any(one.get("weight", 0) != 0 for one in value["messages"]):
        return "a weight is not 0"
    messages = [{name: one[name] for name in one if name != "weight"} for one in value["messages"]]
    return fault_of_messages("messages", messages) or fault_of_answer("the last message", messages[-1:])


def schema() -> pa.Schema:
    """The types of a row's columns: only some messages have a weight."""
    import pyarrow as pa

    message = pa.struct([("role", pa.string()), ("content", pa.string()), ("weight", pa.int64())])
    return pa.schema([("messages", pa.list_(message))])


def _unlearnt(message: dict[str, JSON]) -> dict[str, JSON]:
    return {"weight": 0} if message["role"] == "assistant" else {}


FORMAT = TrainingFormat(
    "openai-sft",
    "answers that are good, for OpenAI's fine-tuning and those that take its format",
    Purpose.DEMONSTRATIONS,
    row=row,
    fault=fault,
    schema=schema,
    fewest=FEWEST,
)
