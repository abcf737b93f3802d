"""Examples with everything that is known of them, for what reads no format of its own: lines of JSON, or Parquet."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from sayso_ingest.event import JSON
from sayso_ingest.export.formats.format import (
    TrainingFormat,
    fault_of_fields,
    fault_of_messages,
    prompt,
)
from sayso_ingest.export.selection import Kept

if TYPE_CHECKING:
    import pyarrow as pa

FIELDS = (
    "prompt",
    "chosen",
    "rejected",
    "source",
    "confidence",
    "voices",
    "topic",
    "target",
    "event_ids",
    "prompt_name",
    "prompt_version",
    "model",
)


def row(kept: Kept) -> dict[str, JSON]:
    """An example; `chosen` or `rejected` is null where it has one answer alone."""
    example = kept.example
    return {
        "prompt": prompt(kept),
        "chosen": example.chosen,
        "rejected": example.rejected,
        "source": str(example.source),
        "confidence": kept.confidence,
        "voices": kept.voices,
        "topic": example.topic,
        "target": example.target,
        "event_ids": list(kept.event_ids),
        "prompt_name": example.prompt_name,
        "prompt_version": example.prompt_version,
        "model": example.model,
    }


def fault(value: JSON) -> str:
    """What is wrong with a row; an empty text if nothing is."""
    wrong = fault_of_fields(value, FIELDS) or fault_of_messages("prompt", value["prompt"])
    if wrong:
        return wrong
    answers = [text for text in (value["chosen"], value["rejected"]) if text is not None]
    if not answers or not all(isinstance(text, str) and text.strip() for text in answers):
        return "it has no answer"
    return "" if value["event_ids"] else "it has no events"


def schema() -> pa.Schema:
    """The types of a row's columns."""
    import pyarrow as pa

    text = pa.string()
    message = pa.struct([("role", text), ("content", text)])
    types = {
        "prompt": pa.list_(message),
        "confidence": pa.float64(),
        "voices": pa.int64(),
        "event_ids": pa.list_(text),
    }
    return pa.schema([(name, types.get(name, text)) for name in FIELDS])


JSONL = TrainingFormat(
    "jsonl",
    "examples with their lineage, as lines of JSON",
    purpose=None,
    row=row,
    fault=fault,
    schema=schema,
)
PARQUET = dataclasses.replace(JSONL, name="parquet", summary="the same as Parquet", table=True)
