"""TRL's unpaired preference format: {"prompt": [messages], "completion": [message], "label": true or false}.

https://huggingface.co/docs/trl/dataset_formats#unpaired-preference
"""

from __future__ import annotations

from sayso_ingest.event import JSON
from sayso_ingest.export.formats import trl_sft
from sayso_ingest.export.formats.format import TrainingFormat, answer, fault_of_fields, prompt
from sayso_ingest.export.selection import Kept
from sayso_ingest.mining import Purpose

FIELDS = ("prompt", "completion", "label")


def row(kept: Kept) -> dict[str, JSON]:
    """An answer and whether it is good."""
    good = kept.example.chosen is not None
    text = kept.example.chosen if good else kept.example.rejected
    return {"prompt": prompt(kept), "completion": answer(text), "label": good}


def fault(value: JSON) -> str:
    """What is wrong with a row; an empty text if nothing is."""
    wrong = fault_of_fields(value, FIELDS)
    if wrong:
        return wrong
    if not isinstance(value["label"], bool):
        return "label is neither true nor false"
    return trl_sft.fault({name: value[name] for name in trl_sft.FIELDS})


FORMAT = TrainingFormat(
    "trl-kto",
    "answers that are good or bad, for TRL's KTO trainer",
    Purpose.RATINGS,
    row=row,
    fault=fault,
)
