"""DeepEval's goldens, for `EvaluationDataset().add_goldens_from_json_file("goldens.json")`.

https://deepeval.com/docs/evaluation-datasets
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sayso_ingest.event import JSON
from sayso_ingest.export.formats.format import fault_of_fields
from sayso_ingest.export.formats.item import CaseFormat, Item, as_text, fault_of_text, metadata

FILE = "goldens.json"
FIELDS = ("name", "input", "expected_output", "retrieval_context", "additional_metadata")


def row(item: Item) -> dict[str, JSON]:
    """A golden; what is expected is null where nobody said it."""
    return {
        "name": item.case.case_id,
        "input": as_text(item.case),
        "expected_output": item.case.expected,
        "retrieval_context": list(item.contexts) or None,
        "additional_metadata": metadata(item.case),
    }


def files(items: Sequence[Item]) -> Mapping[str, bytes]:
    """One file with a list."""
    text = json.dumps([row(item) for item in items], ensure_ascii=False, indent=1, allow_nan=False)
    return {FILE: text.encode("utf-8", "backslashreplace") + b"\n"}


def fault(value: JSON) -> str:
    """What is wrong with a row; an empty text if nothing is."""
    return fault_of_fields(value, FIELDS) or fault_of_text("input", value["input"])


FORMAT = CaseFormat("deepeval", "goldens for DeepEval", files=files, rows_in=FILE, fault=fault)
