"""The dataset card: README.md, whose head tells the Hugging Face Hub which file is which split."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sayso_ingest.export.manifest import Manifest
from sayso_ingest.mining import Dropped

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def card(manifest: Manifest, splits: Mapping[str, str]) -> bytes:
    """Describe an export; `splits` are the files by the name of their split.

    The head is written as JSON values, which YAML is a superset of.
    https://huggingface.co/docs/hub/datasets-cards
    """
    head = {
        "pretty_name": f"{manifest.purpose} from feedback",
        "task_categories": ["text-generation"],
        "tags": ["sayso", manifest.format],
        "size_categories": [next((name for most, name in _SIZES if manifest.kept < most), "n>1M")],
        "annotations_creators": ["crowdsourced"],
        "configs": [
            {
                "config_name": "default",
                "data_files": [{"split": split, "path": path} for split, path in splits.items()],
            }
        ],
    }
    lines = ["---", *(f"{name}: {json.dumps(value)}" for name, value in head.items()), "---", ""]
    return "\n".join([*lines, *_body(manifest), ""]).encode()


def _body(manifest: Manifest) -> list[str]:
    shape, guard = manifest.shape, manifest.guard
    sets = ", ".join(f"{one['name']} v{one['version']}" for one in manifest.eval_sets) or "none"
    return [
        f"# {manifest.purpose.capitalize()} from feedback, as {manifest.format}",
        "",
        f"{manifest.kept:,} examples of {manifest.considered:,} that feedback gives, by {shape.people:,} people. "
        "Where each comes from is in `lineage.jsonl`, a line for each row; all figures are in `manifest.json`.",
        "",
        *_table("What it comes from", "source", manifest.sources),
        *_table("Splits", "split", manifest.splits),
        *_table("What was left out", "why", {Dropped.of(w).words: n for w, n in manifest.dropped.items()}),
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


def _table(title: str, of: str, counts: Mapping[str, int]) -> list[str]:
    if not counts:
        return []
    rows = [f"| {name} | {count:,} |" for name, count in counts.items()]
    return [f"## {title}", "", f"| {of} | examples |", "|---|---:|", *rows, ""]
