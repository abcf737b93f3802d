"""One export: what people said in, a folder with training files, their lineage, a card and a manifest out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sayso_ingest import __version__
from sayso_ingest.errors import SaysoError
from sayso_ingest.evalsets import Version, reachable, replace_durably
from sayso_ingest.event import JSON
from sayso_ingest.export.card import card
from sayso_ingest.export.formats.format import TrainingFormat
from sayso_ingest.export.formats.item import read_lines
from sayso_ingest.export.manifest import File, Manifest
from sayso_ingest.export.selection import Kept, Reading, Selection, select
from sayso_ingest.export.shape import Tally, warnings
from sayso_ingest.export.split import TRAIN, VALIDATION
from sayso_ingest.export.wanted import Wanted
from sayso_ingest.export.writing import MANIFEST, Columns, Draft, Lines, Sink, check_place, drafts
from sayso_ingest.mining import THRESHOLDS, Guard, Purpose, Watch, question_key, telling_turns, unwatched

LINEAGE = "lineage.jsonl"
CARD = "README.md"


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
        UsageError: what is wanted does not fit the format.
        SaysoError: the folder cannot be written.
    """
    with _writable(out), reading.aside() as spool:
        selection = select(reading, job.wanted, job.guard, spool, watch)
        tally = Tally(job.wanted.purpose)
        with drafts(out, _names(job)) as opened:
            files = _write(tally.passing(iter(selection)), job, opened, selection.kept, watch)
            manifest = _manifest(job, selection, tally, files)
            if out is not None:
                _check(opened[:-1], job.format, files, watch)
                _clear(out, files)
                for draft in opened:
                    draft.place()
        if out is not None:
            replace_durably(out / CARD, card(manifest, _by_split(files)))
            replace_durably(out / MANIFEST, manifest.encode())
    return manifest


def questions_of(versions: Sequence[Version]) -> list[str]:
    """The normalised questions of every case of every version; of a conversation also what is asked on the way."""
    cases = [case for one in versions for case in one.cases]
    whole = {question_key(case.input, case.input_messages) for case in cases}
    return sorted(whole.union(*(telling_turns(case.input_messages) for case in cases)))


@contextmanager
def _writable(out: Path | None) -> Iterator[None]:
    if out is None:
        yield
        return
    check_place(out)
    with reachable(out, doing="written"):
        out.mkdir(parents=True, exist_ok=True)
        yield


def _splits(job: Job) -> tuple[str, ...]:
    return (TRAIN, VALIDATION) if job.wanted.validation else (TRAIN,)


def _names(job: Job) -> list[str]:
    return [*(_file_of(split, job.format) for split in _splits(job)), LINEAGE]


def _write(examples: Iterator[Kept], job: Job, opened: Sequence[Draft], of: int, watch: Watch) -> list[File]:
    splits = _splits(job)
    sinks = {split: _sink(draft, job.format) for split, draft in zip(splits, opened, strict=False)}
    lineage = Lines(opened[-1])
    rows = dict.fromkeys(splits, 0)
    for done, kept in enumerate(examples):
        sinks[kept.split].write(job.format.row(kept))
        lineage.write(_lineage(kept, rows[kept.split]))
        rows[kept.split] += 1
        if not done % 1000:
            watch("Writing", done, of)
    return [sink.finish() for sink in (*sinks.values(), lineage)]


def _file_of(split: str, format: TrainingFormat) -> str:
    return f"data/{split}-00000-of-00001.parquet" if format.schema else f"{split}.jsonl"


def _sink(draft: Draft, format: TrainingFormat) -> Sink:
    return Columns(draft, format.schema()) if format.schema else Lines(draft)


def _by_split(files: Sequence[File]) -> dict[str, str]:
    return {Path(file.name).name.partition(".")[0].partition("-")[0]: file.name for file in files[:-1]}


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
        asked={**dataclasses.asdict(job.wanted), "sources": [str(one) for one in job.wanted.heard]},
        considered=selection.considered,
        kept=selection.kept,
        dropped=dict(sorted((str(why), n) for why, n in selection.dropped.items())),
        sources=dict(sorted(tally.sources.items())),
        splits=dict(sorted(tally.splits.items())),
        prompts=dict(sorted(tally.prompts.items())),
        shape=shape,
        warnings=warnings(shape, selection.kept, job.format),
        thresholds=dict(THRESHOLDS) if job.wanted.purpose is Purpose.PREFERENCES else {},
        guard=job.guard.account,
        eval_sets=[{"name": one.name, "version": one.number, "sha256": one.sha256} for one in versions],
        files=files,
    )


def _check(written: Sequence[Draft], format: TrainingFormat, files: Sequence[File], watch: Watch) -> None:
    """Read again what was written, row by row, before it takes the place of an earlier export.

    Raises:
        SaysoError: a row is not what the format is, or one is missing.
    """
    for draft, file in zip(written, files, strict=False):
        watch(f"Reading {file.name} again", 0, 0)
        if draft.path is not None and (rows := validate(draft.path, format)) != file.rows:
            raise SaysoError(f"{draft.path} has {rows} rows, and {file.rows} were written. Export it again.")


def validate(path: Path, format: TrainingFormat) -> int:
    """Read a file again, say how many rows it has.

    Raises:
        SaysoError: a row is not one of this format; says which and why.
    """
    number = 0
    for number, row in enumerate(_rows_of(path, format), start=1):
        wrong = format.fault(row)
        if wrong:
            raise SaysoError(f"Row {number} of {path} is not {format.name}: {wrong}. Export it again.")
    return number


def _rows_of(path: Path, format: TrainingFormat) -> Iterator[JSON]:
    if format.schema:
        import pyarrow.parquet as pq

        for batch in pq.ParquetFile(path).iter_batches(1000):
            yield from batch.to_pylist()
        return
    yield from read_lines(path)


def _clear(out: Path, files: Sequence[File]) -> None:
    """Remove what an earlier export wrote here and this one did not: it would be taken for a part of it."""
    try:
        before = Manifest.decode((out / MANIFEST).read_bytes()).files
    except (OSError, ValueError, TypeError, KeyError):
        return
    (out / MANIFEST).unlink()
    for name in {file.name for file in before} - {file.name for file in files}:
        path = (out / name).resolve()
        if path.is_relative_to(out.resolve()):
            path.unlink(missing_ok=True)
