"""The dataset card: README.md, whose head tells the Hugging Face Hub and `datasets` which file is which split.

https://huggingface.co/docs/hub/datasets-cards
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sayso_ingest.event import JSON
from sayso_ingest.export.manifest import CasesManifest, Manifest
from sayso_ingest.mining import Dropped

if TYPE_CHECKING:
    import pyarrow as pa

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def card(manifest: Manifest, splits: Mapping[str, str], schema: pa.Schema | None) -> bytes:
    """Describe an export of training data; `splits` are the files by the name of their split."""
    named = {"pretty_name": f"{manifest.purpose} from feedback", "annotations_creators": ["crowdsourced"]}
    head = named | _head(manifest.format, manifest.kept, splits, schema)
    return _text(head, _body(manifest))


def card_of_cases(manifest: CasesManifest, path: str, schema: pa.Schema) -> bytes:
    """Describe an export of an eval set, of which one file has the cases."""
    head = {"pretty_name": f"the eval set {manifest.set}"} | _head(
        manifest.format, manifest.cases, {"test": path}, schema
    )
    side = f", its side {manifest.side} alone" if manifest.side else ""
    return _text(
        head,
        [
            f"# The eval set {manifest.set}, version {manifest.version}",
            "",
            f"{manifest.cases:,} cases{side}. Each names the events that it was made of; the account is in "
            "`manifest.json`.",
            "",
            *_table("What they are for", "stratum", "cases", manifest.strata),
            *_table("Whose the expected answers are", "kind", "cases", manifest.references),
            "These are for tests: a model that was trained on them cannot be measured by them.",
            "",
            f"Made with sayso {manifest.sayso}.",
        ],
    )


def _head(format: str, rows: int, splits: Mapping[str, str], schema: pa.Schema | None) -> dict[str, JSON]:
    data_files = [{"split": split, "path": path} for split, path in splits.items()]
    features = [_feature(field.name, field.type) for field in schema or ()]
    return {
        "task_categories": ["text-generation"],
        "tags": ["sayso", format],
        "size_categories": [next((name for most, name in _SIZES if rows < most), "n>1M")],
        "configs": [{"config_name": "default", "data_files": data_files}],
        **({"dataset_info": {"features": features}} if features else {}),
    }


def _feature(name: str, type: pa.DataType) -> dict[str, JSON]:
    """A column as `datasets` has its types written."""
    import pyarrow as pa

    if not pa.types.is_list(type):
        return {"name": name, "dtype": "float64" if pa.types.is_float64(type) else str(type)}
    inner = type.value_type
    if pa.types.is_struct(inner):
        return {"name": name, "list": [_feature(field.name, field.type) for field in inner]}
    return {"name": name, "list": str(inner)}


def _text(head: Mapping[str, JSON], body: Sequence[str]) -> bytes:
    """A head of JSON values, which YAML is a superset of, and what people read."""
    return "\n".join(
        ["---", *(f"{name}: {json.dumps(value)}" for name, value in head.items()), "---", "", *body, ""]
    ).encode()


def _body(manifest: Manifest) -> list[str]:
    shape, guard = manifest.shape, manifest.guard
    sets = ", ".join(f"{one['name']} v{one['version']}" for one in manifest.eval_sets) or "none"
    return [
        f"# {manifest.purpose.capitalize()} from feedback, as {manifest.format}",
        "",
        f"{manifest.kept:,} examples of {manifest.considered:,} that feedback gives, by {shape.people:,} people. "
        "Where each comes from is in `lineage.jsonl`, a line for each row; all figures are in `manifest.json`.",
        "",
        *_table("What it comes from", "source", "examples", manifest.sources),
        *_table("Splits", "split", "examples", manifest.splits),
        *_table(
            "What was left out",
            "why",
            "examples",
            {Dropped.of(why).words: count for why, count in manifest.dropped.items()},
        ),
        "## Kept apart from tests",
        "",
        f"No question of these eval sets is in it: {sets}. Compared as they are, by runs of three words, and in other "
        f"words by {', '.join(f'{name} (from {least} on)' for name, least in guard.items())}.",
        "",
        "## Limits",
        "",
        "What people say is evidence, not truth: they choose what they speak of. Confidence in the lineage is the "
        "chance that the next person would say the same.",
        "",
        *(f"- {warning}" for warning in manifest.warnings),
        "",
        f"Made with sayso {manifest.sayso}.",
    ]


def _table(title: str, of: str, what: str, counts: Mapping[str, int]) -> list[str]:
    if not counts:
        return []
    rows = [f"| {name} | {count:,} |" for name, count in counts.items()]
    return [f"## {title}", "", f"| {of} | {what} |", "|---|---:|", *rows, ""]
