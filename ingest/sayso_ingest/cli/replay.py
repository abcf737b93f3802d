"""rejects replay: send again what was refused, mended."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.choosing import find, say_skipped, selecting, whole_ids
from sayso_ingest.cli.options import Command, say, with_settings
from sayso_ingest.cli.output import write_rows
from sayso_ingest.cli.sending import delivering, pairs, url_option
from sayso_ingest.cli.terminal import escape
from sayso_ingest.errors import UsageError
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.backfill import Selection


@click.command(
    cls=Command,
    short_help="Send rejects again, mended.",
    examples="""
    sayso rejects replay --reason invalid_value --set body.value=up --dry-run
    sayso rejects replay --id 5f0c5b6e
    sayso rejects replay refused.jsonl
    """,
)
@with_settings("host", "port")
@selecting
@click.option(
    "--id",
    "ids",
    multiple=True,
    metavar="ID",
    help="This one; the beginning of its id is enough. Can be given several times.",
)
@click.option("--all", "everything", is_flag=True, help="All of them.")
@click.option(
    "--set", "changes", multiple=True, metavar="FIELD=VALUE", help="Change a field first: body.value=up."
)
@click.option(
    "--as-backend",
    is_flag=True,
    help="Send also what a publishable key sent, and what had no good token: it counts as said by a back end.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@url_option
@click.argument("file", required=False, type=click.Path(path_type=Path))
def replay(
    settings: Settings,
    selection: Selection,
    ids: tuple[str, ...],
    everything: bool,
    changes: tuple[str, ...],
    as_backend: bool,
    dry_run: bool,
    url: str | None,
    file: Path | None,
) -> int:
    """Send rejects again through the collector: chosen by reason, key, time or id, or from an exported FILE.

    An event keeps its id, and one without gets that of the reject: replayed twice it lands once, and what is refused
    twice is sent once from then on. What a publishable key sent, or what was refused for its token, is skipped, unless
    --as-backend is given: the service key sends it, and it counts as said by a back end.
    """
    from dataclasses import replace

    from sayso_ingest.backfill import LANDED, REFUSED_AGAIN, mended, read_mended, secret_keys, send, value_of

    chosen = selection.reason or selection.key or selection.since or ids
    if bool(chosen) + everything + bool(file) != 1:
        raise UsageError(
            "Say which: --reason, --key, --since or --id; or --all; or a FILE of `sayso rejects export`."
        )
    if ids:
        selection = replace(selection, ids=whole_ids(settings, ids))
    found = read_mended(file) if file else find(settings, selection)
    fixes = {name: value_of(text) for name, text in pairs(changes, "--set").items()}
    skipped: Counter[str] = Counter()
    trusted = None if as_backend else secret_keys(settings.data)
    events = mended(found, fixes, trusted=trusted, skipped=skipped)
    if dry_run:
        for event in events:
            click.echo(escape(json.dumps(event, ensure_ascii=False)))
        say_skipped(skipped)
        return 0
    with delivering(settings, url) as deliverer:
        results = send(events, deliverer)
    say_skipped(skipped)
    if not (results or skipped):
        say("Nothing was sent: no reject fits.")
        return 1
    if results:
        write_rows(["result", "events"], sorted(results.items()))
    return int(
        any(result != "accepted" for result in results) or bool(skipped.keys() - {LANDED, REFUSED_AGAIN})
    )
