"""One export: edits in, a folder with the training file, its lineage and a manifest out."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

from sayso_ingest import __version__
from sayso_ingest.errors import UsageError
from sayso_ingest.evalsets import Version
from sayso_ingest.export.formats import find_format
from sayso_ingest.export.manifest import File, Manifest
from sayso_ingest.mining import Pair, Query, make_pairs, question_key
from sayso_ingest.mining.pairs import COSMETIC_ABOVE, LENGTH_RATIO, REWRITE_BELOW
from sayso_ingest.mining.rows import edits

TRAIN = "train.jsonl"
LINEAGE = "lineage.jsonl"
MANIFEST = "manifest.json"


def export(
    query: Query,
    *,
    format: str,
    out: Path | None,
    eval_versions: Sequence[Version],
    dry_run: bool = False,
) -> Manifest:
    """Write `out`/train.jsonl, lineage.jsonl (line by line the events behind it) and manifest.json.

    No question of any of `eval_versions` gets into the training file. A dry run counts and writes nothing. The
    same rows give the same bytes.

    Raises:
        UsageError: there is no such format, or no folder to write to.
    """
    chosen = find_format(format)
    if out is None and not dry_run:
        raise UsageError("Say where to write with --out DIR, or only count with --dry-run.")
    considered = edits(query)
    pairs, dropped = make_pairs(considered, eval_questions=questions_of(eval_versions))
    contents = {TRAIN: chosen.encode(pairs), LINEAGE: [_lineage(pair) for pair in pairs]}
    manifest = Manifest(
        format=chosen.name,
        sayso=__version__,
        considered=len(considered),
        kept=len(pairs),
        dropped=dict(sorted(dropped.items())),
        thresholds={
            "cosmetic_above": COSMETIC_ABOVE,
            "rewrite_below": REWRITE_BELOW,
            "length_ratio": list(LENGTH_RATIO),
        },
        eval_sets=[{"name": one.name, "version": one.number, "sha256": one.sha256} for one in eval_versions],
        prompts=dict(sorted(Counter(_prompt_of(pair) for pair in pairs).items())),
        chosen_longer=mean(len(pair.chosen) > len(pair.rejected) for pair in pairs) if pairs else None,
        length_ratio=mean(len(pair.chosen) / len(pair.rejected) for pair in pairs) if pairs else None,
        files=[_describe(name, lines) for name, lines in contents.items()],
    )
    if out is not None and not dry_run:
        out.mkdir(parents=True, exist_ok=True)
        for name, lines in contents.items():
            _replace(out / name, b"".join(lines))
        chosen.validate(out / TRAIN)
        _replace(out / MANIFEST, manifest.encode())
    return manifest


def questions_of(versions: Sequence[Version]) -> frozenset[str]:
    """The normalised questions of every case of every version."""
    return frozenset(question_key(case.input, case.input_messages) for one in versions for case in one.cases)


def _lineage(pair: Pair) -> bytes:
    fields = {
        "event_id": pair.event_id,
        "target": pair.target,
        "similarity": round(pair.similarity, 4),
        "prompt_name": pair.prompt_name,
        "prompt_version": pair.prompt_version,
        "model": pair.model,
    }
    return json.dumps(fields, ensure_ascii=False).encode() + b"\n"


def _prompt_of(pair: Pair) -> str:
    return f"{pair.prompt_name or '(no prompt)'} {pair.prompt_version or ''}".strip()


def _describe(name: str, lines: Sequence[bytes]) -> File:
    data = b"".join(lines)
    return File(name, rows=len(lines), bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_suffix(".draft")
    draft.write_bytes(data)
    draft.replace(path)
