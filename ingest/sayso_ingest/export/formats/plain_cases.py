"""Cases with everything that is known of them: lines of JSON as in a version, or Parquet."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sayso_ingest.event import JSON
from sayso_ingest.export.formats.item import CaseFormat, Item, fault_of_text, lines, metadata

if TYPE_CHECKING:
    import pyarrow as pa

LINES = "cases.jsonl"
TABLE = "data/test-00000-of-00001.parquet"
FIELDS = (
    *("input", "input_messages", "variables", "output", "expected", "contexts", "inclusion_probability"),
    *("reason", "case_id", "split", "stratum", "topic", "reference_kind", "tags", "target", "event_ids"),
)


def row(item: Item) -> dict[str, JSON]:
    """A case flat: what is nested is JSON in a text, for the columns of a table have one type each."""
    case = item.case
    return {
        "input": case.input,
        "input_messages": json.dumps(case.input_messages) if case.input_messages else None,
        "variables": json.dumps(case.variables) if case.variables is not None else None,
        "output": case.output,
        "expected": case.expected,
        "contexts": list(item.contexts),
        "inclusion_probability": case.inclusion_probability,
        "reason": case.provenance.reason,
        **metadata(case),
    }


def fault(value: JSON) -> str:
    """What is wrong with a row; an empty text if nothing is."""
    return fault_of_text("input", value.get("input") if isinstance(value, dict) else None)


def schema() -> pa.Schema:
    """The types of a row's columns."""
    import pyarrow as pa

    text = pa.string()
    types = dict.fromkeys(("contexts", "tags", "event_ids"), pa.list_(text)) | {
        "inclusion_probability": pa.float64()
    }
    return pa.schema([(name, types.get(name, text)) for name in FIELDS])


def _lines(items: Sequence[Item]) -> Mapping[str, bytes]:
    return {LINES: lines([row(item) for item in items])}


def _table(items: Sequence[Item]) -> Mapping[str, bytes]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    # Through JSON, so that half of a surrogate pair, which no column can hold, is a question mark.
    rows = json.loads(
        json.dumps([row(item) for item in items], ensure_ascii=False).encode("utf-8", "replace")
    )
    pq.write_table(pa.Table.from_pylist(rows, schema=schema()), out, compression="zstd")
    return {TABLE: out.getvalue()}


JSONL = CaseFormat(
    "jsonl",
    "cases with all that is known of them, as lines of JSON",
    files=_lines,
    rows_in=LINES,
    fault=fault,
    schema=schema,
)
PARQUET = dataclasses.replace(
    JSONL, name="parquet", summary="the same as Parquet", files=_table, rows_in=TABLE
)
