"""export: files for training tools."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.embedding import EMBEDDING, attached_for, chosen_embedder
from sayso_ingest.cli.options import Command, say, with_settings
from sayso_ingest.cli.output import write_rows
from sayso_ingest.cli.waiting import shown
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.event import JSON
from sayso_ingest.mining import Purpose, Source
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.evalsets import Split, Version
    from sayso_ingest.export import File, Manifest, TrainingFormat
    from sayso_ingest.mining import Guard
    from sayso_ingest.warehouse import Published

MEMORY = "400MB"
"""What DuckDB may hold while rows are sorted; the rest waits on disk."""


@click.command(
    cls=Command,
    short_help="Write training data from what people said and did.",
    examples="""
    sayso export --format trl-dpo --out pairs
    sayso export --format trl-sft --out good --validation 0.1 --split-by topic
    sayso export --format trl-kto --from liked --from disliked --dry-run
    sayso export --format parquet --purpose preferences --out pairs
    sayso export --format promptfoo --set helpdesk --out tests
    sayso export --advice
    """,
)
@with_settings(*EMBEDDING)
@click.option(
    "--format",
    "kind",
    metavar="FORMAT",
    help="One of those that --formats lists, such as trl-dpo.",
)
@click.option(
    "--formats",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, given: _list_formats(context) if given else None,
    help="List the formats, and end.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder to write to; not needed for a --dry-run.",
)
@click.option("--dry-run", is_flag=True, help="Count what would be kept and left out; write nothing.")
@click.option(
    "--from",
    "sources",
    multiple=True,
    type=click.Choice([str(source) for source in Source]),
    metavar="SOURCE",
    help="Only what comes from here; give it again for more.  [default: all that fit the format]",
)
@click.option(
    "--purpose",
    type=click.Choice([str(purpose) for purpose in Purpose]),
    help="What jsonl and parquet hold; other formats have one each.  [default: preferences]",
)
@click.option("--verified", is_flag=True, help="Only what was sent with a secret key or a feedback token.")
@click.option(
    "--personal", is_flag=True, help="Also what has an address, a number or a key of somebody in it."
)
@click.option(
    "--confidence",
    "least",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    metavar="SHARE",
    help="Leave out what the next person would less likely agree with; one voice alone is 0.67, two are 0.75.",
)
@click.option(
    "--validation",
    type=click.FloatRange(0, 0.9),
    default=0.0,
    show_default=True,
    metavar="SHARE",
    help="Hold so much back in a file of its own.",
)
@click.option(
    "--split-by",
    type=click.Choice(["actor", "topic", "question"]),
    default="actor",
    show_default=True,
    help="What is held back together.",
)
@click.option(
    "--alike",
    type=click.FloatRange(0, 1),
    metavar="COSINE",
    help="From which on a question is taken for one of an eval set in other words.  [default: by embedder; hash 0.65]",
)
@click.option(
    "--advice", is_flag=True, help="Say whether fine-tuning is worth it yet, by topic; write nothing."
)
@click.option("--set", "name", metavar="NAME", help="Export the cases of this eval set, for a test tool.")
@click.option(
    "--version", "number", type=click.IntRange(min=1), metavar="N", help="Its version.  [default: the newest]"
)
@click.option(
    "--side", type=click.Choice(["dev", "held_out"]), help="Only this side of it.  [default: all of it]"
)
def export(
    settings: Settings,
    kind: str | None,
    out: Path | None,
    dry_run: bool,
    sources: tuple[str, ...],
    purpose: str | None,
    verified: bool,
    personal: bool,
    least: float,
    validation: float,
    split_by: str,
    alike: float | None,
    advice: bool,
    name: str | None,
    number: int | None,
    side: Split | None,
) -> None:
    """Write training data from what people said and did, without a question of any eval set in it, or nearly one.

    With --set: the cases of an eval set, for the tool that runs them.
    """
    from sayso_ingest import evalsets
    from sayso_ingest import export as room

    if advice:
        _advise(settings, alike)
        return
    if kind is None:
        raise UsageError("Say which with --format FORMAT; --formats lists them. Or ask first: --advice")
    if out is None and not dry_run:
        raise UsageError("Say where to write with --out DIR, or only count with --dry-run.")
    into = None if dry_run else out
    if name is not None:
        _export_set(settings, kind, _version(settings, name, number), into, side)
        return
    format = room.find_format(kind)
    wanted = room.Wanted(
        purpose=_purpose(format, purpose),
        sources=tuple(map(Source, sources)),
        verified=verified,
        personal=personal,
        least=least,
        validation=validation,
        split_by=room.SplitBy(split_by),
    )
    versions = evalsets.all_versions(settings.project_folder)
    with _opened(settings, into) as (published, spill), shown() as watch:
        guard = _guard(settings, published, room.questions_of(versions), alike)
        job = room.Job(format, wanted, guard, versions)
        manifest = room.export(published.stream, job, out=into, spool_in=spill, watch=watch)
    _tell(manifest, into)


COMMANDS = [export]


def _advise(settings: Settings, alike: float | None) -> None:
    from sayso_ingest import evalsets
    from sayso_ingest import export as room

    versions = evalsets.all_versions(settings.project_folder)
    with _opened(settings, None) as (published, spill), shown() as watch:
        guard = _guard(settings, published, room.questions_of(versions), alike)
        advice = room.advise(published.stream, published.query, guard, versions, spool_in=spill, watch=watch)
    for sentence in advice.sentences:
        say(sentence)
    if rows := advice.rows():
        _write_account(rows)


def _version(settings: Settings, name: str, number: int | None) -> Version:
    from sayso_ingest import evalsets

    if number is not None:
        return evalsets.read(settings.project_folder, name, number)
    newest = evalsets.latest(settings.project_folder, name)
    if newest is None:
        known = ", ".join(evalsets.set_names(settings.project_folder)) or "none yet"
        raise NotFound(f"There is no eval set {name!r}. There are: {known}. Promote candidates to make one.")
    return newest


def _export_set(
    settings: Settings, kind: str, version: Version, out: Path | None, side: Split | None
) -> None:
    from sayso_ingest import export as room
    from sayso_ingest.warehouse import Published

    format = room.find_case_format(kind)
    with Published.open(settings.project_folder) as published:
        manifest = room.export_cases(version, format, published.query, out=out, side=side)
    say(f"{manifest.set} v{manifest.version}{f', {side}' if side else ''}, as {manifest.format}")
    _write_account(manifest.rows())
    _say_written(out, manifest.files, "manifest.json")


def _purpose(format: TrainingFormat, asked: str | None) -> Purpose:
    if format.purpose and asked and asked != format.purpose:
        raise UsageError(
            f"{format.name} holds {format.purpose}. Leave --purpose away, or take jsonl or parquet."
        )
    return format.purpose or Purpose(asked or Purpose.PREFERENCES)


@contextmanager
def _opened(settings: Settings, out: Path | None) -> Iterator[tuple[Published, Path]]:
    """Open the published copy, and a folder for what does not fit in memory: beside what is written, for its room."""
    from sayso_ingest.evalsets import reachable
    from sayso_ingest.warehouse import Published

    with reachable(out or Path(tempfile.gettempdir()), doing="written"):
        if out:
            out.mkdir(parents=True, exist_ok=True)
        spill = tempfile.TemporaryDirectory(prefix=".sayso-export-", dir=out, ignore_cleanup_errors=True)
    with (
        spill as folder,
        Published.open(
            settings.project_folder, memory=MEMORY, spill=Path(folder), attached=attached_for(settings)
        ) as published,
    ):
        yield published, Path(folder)


def _guard(settings: Settings, published: Published, questions: list[str], alike: float | None) -> Guard:
    """Make what keeps the questions of tests out, with the embedder that was named; without tests none is needed."""
    from sayso_ingest.mining import Guard

    if not questions or settings.embedder in ("auto", "hash"):
        return Guard(questions, alike=alike)
    return Guard(questions, chosen_embedder(settings, published)(questions), alike=alike)


def _tell(manifest: Manifest, out: Path | None) -> None:
    _write_account(manifest.rows())
    for warning in manifest.warnings:
        say(f"Note: {warning}")
    _say_written(out, manifest.files, "README.md and manifest.json")


def _write_account(rows: Sequence[Mapping[str, JSON]]) -> None:
    write_rows(list(rows[0]), [list(row.values()) for row in rows])


def _say_written(out: Path | None, files: Sequence[File], more: str) -> None:
    if out is None:
        say("Nothing was written (--dry-run).")
    else:
        say(f"Written in {out}: {', '.join(map(_named, files))}, with {more}")


def _named(file: File) -> str:
    return f"{file.name} ({file.rows:,})" if file.rows else file.name


def _list_formats(context: click.Context) -> None:
    from sayso_ingest.export import CASES, TRAINING

    write_rows(
        ["format", "holds", "for"],
        [
            *([one.name, one.purpose or "any (--purpose)", one.summary] for one in TRAINING),
            *([one.name, "an eval set (--set)", one.summary] for one in CASES),
        ],
    )
    context.exit()
