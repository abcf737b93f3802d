"""Inspect's samples, for `json_dataset("samples.jsonl")`: {"input", "target", "id", "metadata"}.

https://inspect.aisi.org.uk/datasets.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sayso_ingest.event import JSON
from sayso_ingest.export.formats.format import fault_of_fields
from sayso_ingest.export.formats.item import (
    CaseFormat,
    Item,
    fault_of_text,
    fault_of_turns,
    lines,
    messages,
    metadata,
)

FILE = "samples.jsonl"
FIELDS = ("id", "input", "target", "metadata")


def row(item: Item) -> dict[str, JSON]:
    """A sample; its target is empty where nobody said what the answer should be."""
    case = item.case
    more = {"contexts": list(item.contexts)} if item.contexts else {}
    return {
        "id": case.case_id,
        "input": messages(case) if case.input_messages else case.input,
        "target": case.expected or "",
        "metadata": metadata(case) | more,
    }


def files(items: Sequence[Item]) -> Mapping[str, bytes]:
    """One file."""
    return {FILE: lines([row(item) for item in items])}


def fault(value: JSON) -> str:
    """What is wrong with a row; an empty text if nothing is."""
    wrong = fault_of_fields(value, FIELDS) or fault_of_text("id", value["id"])
    if wrong:
        return wrong
    if isinstance(value["input"], str):
        return fault_of_text("input", value["input"])
    return fault_of_turns("input", value["input"])


FORMAT = CaseFormat("inspect", "samples for Inspect", files=files, rows_in=FILE, fault=fault)
