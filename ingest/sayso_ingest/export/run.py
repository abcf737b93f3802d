"""One export: edits in, a folder with the training file, its lineage and a manifest out."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from sayso_ingest import __version__
from sayso_ingest.errors import UsageError
from sayso_ingest.evalsets import Version, reachable, replace_durably
from sayso_ingest.export.formats import Format, find_format
from sayso_ingest.export.manifest import File, Manifest
from sayso_ingest.mining import THRESHOLDS, Edit, Pair, Query, make_pairs, question_key, read_edits

TRAIN = "train.jsonl"
LINEAGE = "lineage.jsonl"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Plan:
    """What an export would write: the lines of each file, and the account of it."""

    contents: Mapping[str, Sequence[bytes]]
    manifest: Manifest


def export(
    query: Query,
    *,
    format: str,
    out: Path | None,
    eval_versions: Sequence[Version],
    dry_run: bool = False,
) -> Manifest:
    """Write `out`/train.jsonl, lineage.jsonl (line by line the events behind it) and manifest.json.

    No question of any of `eval_versions` gets into the training file, nor one that is nearly the same. A dry run
    counts and writes nothing. The same rows give the same bytes.

    Raises:
        UsageError: there is no such format, or no folder to write to.
        SaysoError: the folder cannot be written.
    """
    chosen = find_format(format)
    if out is None and not dry_run:
        raise UsageError("Say where to write with --out DIR, or only count with --dry-run.")
    planned = plan(read_edits(query), chosen, eval_versions)
    if out is not None and not dry_run:
        write(planned, chosen, out)
    return planned.manifest


def plan(edits: Sequence[Edit], format: Format, eval_versions: Sequence[Version]) -> Plan:
    """Make the pairs and their account, without writing anything."""
    pairs, dropped = make_pairs(edits, eval_questions=questions_of(eval_versions))
    contents = {TRAIN: format.encode(pairs), LINEAGE: [_lineage(pair) for pair in pairs]}
    manifest = Manifest(
        format=format.name,
        sayso=__version__,
        considered=len(edits),
        kept=len(pairs),
        dropped=dict(sorted(dropped.items())),
        thresholds=dict(THRESHOLDS),
        eval_sets=[{"name": one.name, "version": one.number, "sha256": one.sha256} for one in eval_versions],
        prompts=dict(sorted(Counter(_prompt_of(pair) for pair in pairs).items())),
        chosen_longer=mean(len(pair.chosen) > len(pair.rejected) for pair in pairs) if pairs else None,
        length_ratio=mean(len(pair.chosen) / len(pair.rejected) for pair in pairs) if pairs else None,
        files=[_describe(name, lines) for name, lines in contents.items()],
    )
    return Plan(contents, manifest)


def write(planned: Plan, format: Format, out: Path) -> None:
    """Write what was planned; the manifest comes last, when the files beside it have been read again."""
    with reachable(out, doing="written"):
        out.mkdir(parents=True, exist_ok=True)
    for name, lines in planned.contents.items():
        replace_durably(out / name, b"".join(lines))
    format.validate(out / TRAIN)
    replace_durably(out / MANIFEST, planned.manifest.encode())


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
