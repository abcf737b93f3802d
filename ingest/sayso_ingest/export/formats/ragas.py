"""Ragas' samples of one turn, for `EvaluationDataset.from_jsonl("dataset.jsonl")`.

https://docs.ragas.io/en/stable/concepts/components/eval_dataset/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sayso_ingest.event import JSON
from sayso_ingest.export.formats.format import fault_of_fields
from sayso_ingest.export.formats.item import CaseFormat, Item, as_text, fault_of_text, lines, metadata

FILE = "dataset.jsonl"
LINEAGE = "lineage.jsonl"
FIELDS = ("user_input", "reference", "reference_contexts")


def row(item: Item) -> dict[str, JSON]:
    """A sample to be answered: what was retrieved in production is what an answer can refer to."""
    return {
        "user_input": as_text(item.case),
        "reference": item.case.expected,
        "reference_contexts": list(item.contexts) or None,
    }


def files(items: Sequence[Item]) -> Mapping[str, bytes]:
    """The samples, and row by row where each comes from, for a sample has no room for it."""
    return {
        FILE: lines([row(item) for item in items]),
        LINEAGE: lines([metadata(item.case) for item in items]),
    }


def fault(value: JSON) -> str:
    """What is wrong with a row; an empty text if nothing is."""
    return fault_of_fields(value, FIELDS) or fault_of_text("user_input", value["user_input"])


FORMAT = CaseFormat("ragas", "samples for Ragas", files=files, rows_in=FILE, fault=fault)
