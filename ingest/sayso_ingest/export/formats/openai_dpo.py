"""OpenAI's format for preference fine-tuning, which others take too: an input and two outputs.

https://platform.openai.com/docs/guides/direct-preference-optimization
"""

from __future__ import annotations

from sayso_ingest.event import JSON
from sayso_ingest.export.formats import trl_dpo
from sayso_ingest.export.formats.format import TrainingFormat, answer, fault_of_fields, prompt
from sayso_ingest.export.formats.openai_sft import FEWEST
from sayso_ingest.export.selection import Kept
from sayso_ingest.mining import Purpose

FIELDS = ("input", "preferred_output", "non_preferred_output")


def row(kept: Kept) -> dict[str, JSON]:
    """A prompt with the preferred answer and the other one."""
    return {
        "input": {"messages": prompt(kept)},
        "preferred_output": answer(kept.example.chosen),
        "non_preferred_output": answer(kept.example.rejected),
    }


def fault(value: JSON) -> str:
    """What is wrong with a row; an empty text if nothing is."""
    wrong = fault_of_fields(value, FIELDS) or fault_of_fields(value["input"], ("messages",))
    if wrong:
        return wrong
    texts = (value["input"]["messages"], value["preferred_output"], value["non_preferred_output"])
    return trl_dpo.fault(dict(zip(trl_dpo.FIELDS, texts, strict=True)))


FORMAT = TrainingFormat(
    "openai-dpo",
    "preference pairs for OpenAI's fine-tuning and those that take its format",
    Purpose.PREFERENCES,
    row=row,
    fault=fault,
    fewest=FEWEST,
)
