"""One export: what people said in, a folder with training files, their lineage, a card and a manifest out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sayso_ingest import __version__
from sayso_ingest.evalsets import Version
from sayso_ingest.event import JSON
from sayso_ingest.export.again import check
from sayso_ingest.export.card import card
from sayso_ingest.export.formats.format import TrainingFormat
from sayso_ingest.export.manifest import File, Manifest
from sayso_ingest.export.place import CARD, placing
from sayso_ingest.export.selection import Kept, Reading, Selection, select
from sayso_ingest.export.shape import Tally, warnings
from sayso_ingest.export.split import TRAIN, VALIDATION
from sayso_ingest.export.wanted import Wanted
from sayso_ingest.export.writing import Columns, Draft, Lines, Sink
from sayso_ingest.mining import THRESHOLDS, Guard, Purpose, Watch, question_key, telling_turns, unwatched

LINEAGE = "lineage.jsonl"


@dataclass(frozen=True, slots=True)
class Job:
    """What is exported, how, and what it is kept apart from."""

    format: TrainingFormat
    wanted: Wanted
    guard: Guard
    eval_versions: Sequence[Version]


def export(reading: Reading, job: Job, *, out: Path | None, watch: Watch = unwatched) -> Manifest:
    """Write a file a split, lineage.jsonl (row by row the events behind it), a card and manifest.json to `out`.

    No question of any of `eval_versions` gets into a file, nor one that is nearly the same, or the same in other words.
    Without `out` all is counted and nothing is written. The same rows give the same bytes.

    Raises:
        UsageError: what is wanted does not fit the format, or something is in the folder that no export wrote.
        SaysoError: the folder cannot be written.
    """
    names = [*(_file_of(split, job.format) for split in _splits(job)), LINEAGE]
    with placing(out, [*names, CARD]) as place, reading.aside() as spool:
        selection = select(reading, job.wanted, job.guard, spool, watch)
        tally = Tally(job.wanted.purpose)
        drafts = [place.draft(name) for name in names]
        files = _write(tally.passing(iter(selection)), job, drafts, selection.kept, watch)
        _check(drafts[:-1], job.format, files, watch)
        manifest = _manifest(job, selection, tally, files)
        manifest = dataclasses.replace(manifest, files=[*files, place.write(CARD, _card(manifest, job))])
        place.take(manifest.encode())
    return manifest


def questions_of(versions: Sequence[Version]) -> list[str]:
    """The normalised questions of every case of every version; of a conversation also what is asked on the way."""
    cases = [case for one in versions for case in one.cases]
    whole = {question_key(case.input, case.input_messages) for case in cases}
    return sorted(whole.union(*(telling_turns(case.input_messages) for case in cases)))


def _splits(job: Job) -> tuple[str, ...]:
    return (TRAIN, VALIDATION) if job.wanted.validation else (TRAIN,)


def _write(examples: Iterator[Kept], job: Job, drafts: Sequence[Draft], of: int, watch: Watch) -> list[File]:
    sinks = {split: _sink(draft, job.format) for split, draft in zip(_splits(job), drafts, strict=False)}
    lineage = Lines(drafts[-1])
    rows = dict.fromkeys(sinks, 0)
    for done, kept in enumerate(examples):
        sinks[kept.split].write(job.format.row(kept))
        lineage.write(_lineage(kept, rows[kept.split]))
        rows[kept.split] += 1
        if not done % 1000:
            watch("Writing", done, of)
    return [sink.finish() for sink in (*sinks.values(), lineage)]


def _file_of(split: str, format: TrainingFormat) -> str:
    return f"data/{split}-00000-of-00001.parquet" if format.table else f"{split}.jsonl"


def _sink(draft: Draft, format: TrainingFormat) -> Sink:
    return Columns(draft, format.schema()) if format.table and format.schema else Lines(draft)


def _card(manifest: Manifest, job: Job) -> bytes:
    """Describe what is there; a split of no rows is none: `datasets` reads no empty one."""
    splits = {split: _file_of(split, job.format) for split in _splits(job) if manifest.splits.get(split)}
    return card(manifest, splits, job.format.schema() if job.format.schema else None)


def _lineage(kept: Kept, row: int) -> dict[str, JSON]:
    example = kept.example
    return {
        "split": kept.split,
        "row": row,
        "source": str(example.source),
        "confidence": kept.confidence,
        "voices": kept.voices,
        "event_ids": list(kept.event_ids),
        "target": example.target,
        "similarity": example.similarity,
        "topic": example.topic,
        "prompt_name": example.prompt_name,
        "prompt_version": example.prompt_version,
        "model": example.model,
    }


def _manifest(job: Job, selection: Selection, tally: Tally, files: list[File]) -> Manifest:
    shape = tally.shape(selection)
    versions = job.eval_versions
    return Manifest(
        format=job.format.name,
        purpose=str(job.wanted.purpose),
        sayso=__version__,
        asked={**dataclasses.asdict(job.wanted), "sources": [str(one) for one in job.wanted.trained_on]},
        considered=selection.considered,
        kept=selection.kept,
        dropped=dict(sorted((str(why), n) for why, n in selection.dropped.items())),
        sources=dict(sorted(tally.sources.items())),
        splits=dict(sorted(tally.splits.items())),
        prompts=dict(sorted(tally.prompts.items())),
        shape=shape,
        warnings=warnings(shape, tally.splits, job.format, share=job.wanted.validation),
        thresholds=dict(THRESHOLDS) if job.wanted.purpose is Purpose.PREFERENCES else {},
        guard=job.guard.account,
        eval_sets=[{"name": one.name, "version": one.number, "sha256": one.sha256} for one in versions],
        files=files,
    )


def _check(drafts: Sequence[Draft], format: TrainingFormat, files: Sequence[File], watch: Watch) -> None:
    for draft, file in zip(drafts, files, strict=False):
        watch(f"Reading {file.name} again", 0, 0)
        if draft.path:
            check(draft.path, format, file.rows)
