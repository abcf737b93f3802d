"""Training data, and whether there is enough of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sayso_ingest.cli.embedding import attached_for, chosen_embedder
from sayso_ingest.cli.export.account import say_written, write_account
from sayso_ingest.cli.options import say
from sayso_ingest.cli.waiting import shown
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.export import Reading, TrainingFormat, Wanted
    from sayso_ingest.mining import Guard
    from sayso_ingest.warehouse import Published

MEMORY = "400MB"
"""What DuckDB may hold while rows are sorted; the rest waits on disk."""


def export_training(
    settings: Settings, format: TrainingFormat, wanted: Wanted, out: Path | None, alike: float | None
) -> None:
    """Write training data; without `out` only count."""
    from sayso_ingest import evalsets
    from sayso_ingest import export as room

    versions = evalsets.all_versions(settings.project_folder)
    with _opened(settings, out) as (published, reading), shown() as watch:
        guard = _guard(settings, published, room.questions_of(versions), alike)
        job = room.Job(format, wanted, guard, versions)
        manifest = room.export(reading, job, out=out, watch=watch)
    write_account(manifest.rows())
    for warning in manifest.warnings:
        say(f"Note: {warning}")
    say_written(out, manifest.files)


def advise_on_training(settings: Settings, alike: float | None) -> None:
    """Say whether fine-tuning is worth it yet."""
    from sayso_ingest import evalsets
    from sayso_ingest import export as room

    versions = evalsets.all_versions(settings.project_folder)
    with _opened(settings, None) as (published, reading), shown() as watch:
        guard = _guard(settings, published, room.questions_of(versions), alike)
        advice = room.advise(reading, guard, versions, watch=watch)
    for sentence in advice.sentences:
        say(sentence)  # topics and models are called what applications call them
    if rows := advice.rows():
        write_account(rows)


@contextmanager
def _opened(settings: Settings, out: Path | None) -> Iterator[tuple[Published, Reading]]:
    """Open the published copy, and a folder for what does not fit in memory: beside what is written, for its room."""
    from sayso_ingest.export import Reading, aside
    from sayso_ingest.warehouse import Published, home_of

    with (
        aside(out) as folder,
        Published.open(
            home_of(settings), memory=MEMORY, spill=folder, attached=attached_for(settings)
        ) as published,
    ):
        yield published, Reading(published.stream, published.query, folder)


def _guard(settings: Settings, published: Published, questions: list[str], alike: float | None) -> Guard:
    """Make what keeps the questions of tests out, with the embedder that was named; without tests none is needed."""
    from sayso_ingest.mining import Guard

    if not questions or settings.embedder in ("auto", "hash"):
        return Guard(questions, alike=alike)
    return Guard(questions, chosen_embedder(settings, published)(questions), alike=alike)
