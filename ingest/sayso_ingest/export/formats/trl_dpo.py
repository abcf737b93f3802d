"""TRL's conversational preference format: {"prompt": [messages], "chosen": [message], "rejected": [message]}.

https://huggingface.co/docs/trl/dataset_formats#preference
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

FIELDS = ("prompt", "chosen", "rejected")


def row(kept: Kept) -> dict[str, JSON]:
    """A pair as the trainer reads it; what is not for the trainer is in the lineage file."""
    return {
        "prompt": prompt(kept),
        "chosen": answer(kept.example.chosen),
        "rejected": answer(kept.example.rejected),
    }


def fault(value: JSON) -> str:
    """What is wrong with a row; an empty text if nothing is."""
    wrong = (
        fault_of_fields(value, FIELDS)
        or fault_of_messages("prompt", value["prompt"])
        or fault_of_answer("chosen", value["chosen"])
        or fault_of_answer("rejected", value["rejected"])
    )
    return wrong or ("both answers are the same" if value["chosen"] == value["rejected"] else "")


FORMAT = TrainingFormat(
    "trl-dpo",
    "preference pairs for TRL's DPO, ORPO and reward trainers",
    Purpose.PREFERENCES,
    row=row,
    fault=fault,
)
