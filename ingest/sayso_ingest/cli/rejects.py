"""rejects: look at what was refused."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.answer import Limits, answer_options, limit_options, write_answer
from sayso_ingest.cli.choosing import find, say_skipped, selecting, whole_ids
from sayso_ingest.cli.options import Command, Group, say, with_settings
from sayso_ingest.cli.output import write_json
from sayso_ingest.cli.replay import replay
from sayso_ingest.cli.terminal import clean, escape
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.backfill import Selection


@click.group(
    cls=Group,
    examples="""
    sayso rejects counts
    sayso rejects list --reason wrong_type
    sayso rejects replay --reason invalid_value --set body.value=up
    """,
)
def rejects() -> None:
    """Look at what was refused, mend it, and send it again."""


@rejects.command(
    "list",
    cls=Command,
    short_help="List rejects, the newest first.",
    examples="""
    sayso rejects list --since 2h
    sayso rejects list --reason wrong_type --limit 1000 --format csv
    """,
)
@with_settings()
@selecting
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="So many at most."
)
@answer_options
@limit_options
def list_(
    settings: Settings, selection: Selection, limit: int, format: str, out: str | None, limits: Limits
) -> None:
    """List rejects, the newest first; `replayed` says whether their id has landed since."""
    _answer("list", settings, selection, limit=limit, limits=limits, format=format, out=out)


@rejects.command(
    cls=Command,
    short_help="Count rejects by reason.",
    examples="""
    sayso rejects counts
    sayso rejects counts --since 7d --format json
    """,
)
@with_settings()
@selecting
@answer_options
@limit_options
def counts(settings: Settings, selection: Selection, format: str, out: str | None, limits: Limits) -> None:
    """Count rejects by reason, and how many of them have landed since."""
    _answer("counts", settings, selection, limits=limits, format=format, out=out)


@rejects.command(
    cls=Command,
    short_help="Show one reject: why, and what was kept of it.",
    examples="""
    sayso rejects show 5f0c5b6e
    """,
)
@with_settings()
@click.argument("reject_id", metavar="ID")
def show(settings: Settings, reject_id: str) -> None:
    """Show one reject: why, what exactly was wrong, and what was kept of it. The beginning of its ID is enough."""
    from sayso_ingest.backfill import Selection, statement
    from sayso_ingest.warehouse import Published, home_of

    [whole] = whole_ids(settings, [reject_id])
    with Published.open(home_of(settings)) as copy:
        [row] = copy.query(*statement("raw", Selection(ids=[whole])))
    raw = bytes(row.pop("raw") or b"")
    row["detail"] = json.loads(row["detail"]) if row["detail"] else None
    write_json(row)
    try:
        click.echo(escape(json.dumps(json.loads(raw), ensure_ascii=False, indent=2)))
    except (ValueError, RecursionError):
        click.echo(clean(raw.decode("utf-8", errors="replace")))
    if row["length"] > len(raw):
        say(f"Only the first {len(raw)} of its {row['length']} bytes were kept.")


@rejects.command(
    cls=Command,
    short_help="Write rejects as JSON lines, to be changed by hand.",
    examples="""
    sayso rejects export --reason invalid_value > refused.jsonl
    """,
)
@with_settings()
@selecting
def export(settings: Settings, selection: Selection) -> None:
    """Write rejects as JSON lines, each with its event: change those, then `sayso rejects replay FILE`."""
    skipped: Counter[str] = Counter()
    for found in find(settings, selection):
        if found.event is None:
            skipped[found.problem] += 1
            continue
        line = {
            "reject_id": found.reject_id,
            "reason": found.reason,
            "key_id": found.key_id,
            "detail": found.detail,
            "event": found.event,
        }
        click.echo(escape(json.dumps(line, ensure_ascii=False)))
    say_skipped(skipped)


def _answer(name: str, settings: Settings, selection: Selection, *, limit: int = 0, **how: Any) -> None:
    """Answer a named question about the rejects that were chosen; `how` goes to `write_answer`."""
    from sayso_ingest.backfill import statement

    sql, params = statement(name, selection, limit=limit)
    write_answer(settings, sql, params=params, nothing=_nothing(selection), **how)


def _nothing(selection: Selection) -> str:
    chosen = selection.reason or selection.key or selection.since
    return (
        "No reject fits, as far as is published."
        if chosen
        else "Nothing was refused, as far as is published."
    )


rejects.add_command(replay)
COMMANDS = [rejects]
