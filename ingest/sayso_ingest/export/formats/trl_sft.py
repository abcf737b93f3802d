"""TRL's conversational prompt and completion: {"prompt": [messages], "completion": [message]}.

Loss is then taken on the completion alone. https://huggingface.co/docs/trl/dataset_formats#prompt-completion
"""

from __future__ import annotations

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

FIELDS = ("prompt", "completion")


def row(kept: Kept) -> dict[str, JSON]:
    """An answer that is good, under its prompt."""
    return {"prompt": prompt(kept), "completion": answer(kept.example.chosen)}


def fault(value: JSON) -> str:
    """What is wrong with a row; an empty text if nothing is."""
    return (
        fault_of_fields(value, FIELDS)
        or fault_of_messages("prompt", value["prompt"])
        or fault_of_answer("completion", value["completion"])
    )


FORMAT = TrainingFormat(
    "trl-sft", "answers that are good, for TRL's SFT trainer", Purpose.DEMONSTRATIONS, row=row, fault=fault
)
