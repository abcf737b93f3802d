"""rejects: look at what was refused, mend it, and send it again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.answer import Limits, answer_options, limit_options, write_answer
from sayso_ingest.cli.options import Command, Group, say, with_settings
from sayso_ingest.cli.output import write_json, write_rows
from sayso_ingest.cli.sending import delivering, encode, pairs, url_option
from sayso_ingest.cli.terminal import clean, escape
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.event import Reason
from sayso_ingest.settings import Settings, keys_file

if TYPE_CHECKING:
    from sayso_ingest.backfill import Refused, Selection

_SPANS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def _since(context: click.Context, parameter: click.Parameter, value: str | None) -> datetime | None:  # noqa: ARG001
    """Read 90m, 2h or 7d as so long ago, else a time."""
    if value is None:
        return None
    if value[-1:] in _SPANS and value[:-1].isdigit():
        return datetime.now(UTC).replace(tzinfo=None) - int(value[:-1]) * _SPANS[value[-1]]
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(
            f"{value!r} is no time. Write 90m, 2h, 7d or 2026-03-01T12:00:00Z."
        ) from None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _reason(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:  # noqa: ARG001
    if value is not None and value not in tuple(Reason):
        raise click.BadParameter(f"There is no reason {value!r}, but: {', '.join(Reason)}.")
    return value


def selecting(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --reason, --key and --since, and hand it `selection`."""

    @wraps(function)
    def call(reason: str | None, key: str | None, since: datetime | None, **arguments: Any) -> Any:
        from sayso_ingest.backfill import Selection

        return function(selection=Selection(reason, key, since), **arguments)

    options = [
        click.option("--reason", callback=_reason, metavar="REASON", help="Those refused for this reason."),
        click.option("--key", metavar="KEY_ID", help="Those that came with this key."),
        click.option(
            "--since", callback=_since, metavar="TIME", help="Those since 90m, 2h, 7d or a time (UTC)."
        ),
    ]
    for option in reversed(options):
        call = option(call)
    return call


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
    from sayso_ingest.backfill import statement

    sql, params = statement("list", selection, limit=limit)
    nothing = _nothing(selection)
    write_answer(
        settings.project_folder, sql, params=params, limits=limits, format=format, out=out, nothing=nothing
    )


@rejects.command(
    cls=Command,
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
    from sayso_ingest.backfill import statement

    sql, params = statement("counts", selection)
    nothing = _nothing(selection)
    write_answer(
        settings.project_folder, sql, params=params, limits=limits, format=format, out=out, nothing=nothing
    )


@rejects.command(
    cls=Command,
    examples="""
    sayso rejects show 5f0c5b6e-0000-4000-8000-000000000000
    """,
)
@with_settings()
@click.argument("reject_id")
def show(settings: Settings, reject_id: str) -> None:
    """Show one reject: why, what exactly was wrong, and what was kept of it."""
    from sayso_ingest.backfill import Selection, statement
    from sayso_ingest.warehouse import Published

    with Published.open(settings.project_folder) as copy:
        found = copy.query(*statement("raw", Selection(ids=[reject_id.lower()])))
    if not found:
        raise NotFound(f"There is no reject {reject_id!r}. List them with: sayso rejects list")
    [row] = found
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
    examples="""
    sayso rejects export --reason invalid_value > refused.jsonl
    """,
)
@with_settings()
@selecting
def export(settings: Settings, selection: Selection) -> None:
    """Write rejects as JSON lines, each with its event: change those, then `sayso rejects replay FILE`."""
    skipped: Counter[str] = Counter()
    for found in _found(settings, selection):
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
    _say_skipped(skipped)


@rejects.command(
    cls=Command,
    examples="""
    sayso rejects replay --reason invalid_value --set body.value=up --dry-run
    sayso rejects replay --id 5f0c5b6e-0000-4000-8000-000000000000
    sayso rejects replay refused.jsonl
    """,
)
@with_settings("host", "port")
@selecting
@click.option("--id", "ids", multiple=True, metavar="REJECT_ID", help="This one. Can be given several times.")
@click.option("--all", "everything", is_flag=True, help="All of them.")
@click.option(
    "--set", "changes", multiple=True, metavar="FIELD=VALUE", help="Change a field first: body.value=up."
)
@click.option(
    "--as-backend",
    is_flag=True,
    help="Send also kinds that a publishable key sent and may not, as from a back end.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@url_option
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
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

    An event keeps its id, and one without gets that of the reject: replayed twice it lands once. What a publishable
    key sent and may not send is skipped, unless --as-backend is given: the service key may send it.
    """
    from dataclasses import replace

    from sayso_ingest.backfill import LANDED, mend, read_mended

    chosen = selection.reason or selection.key or selection.since or ids
    if bool(chosen) + everything + bool(file) != 1:
        raise UsageError(
            "Say which: --reason, --key, --since or --id; or --all; or a FILE of `sayso rejects export`."
        )
    if ids:
        selection = replace(selection, ids=[reject_id.lower() for reject_id in ids])
    found = read_mended(file) if file else _found(settings, selection)
    fixes = {name: _value(text) for name, text in pairs(changes, "--set").items()}
    skipped: Counter[str] = Counter()
    secret_keys = None if as_backend else _secret_keys(settings)
    events = _mended(found, lambda refused: mend(refused, fixes), skipped, secret_keys)
    if dry_run:
        for event in events:
            click.echo(escape(json.dumps(event, ensure_ascii=False)))
        _say_skipped(skipped)
        return 0
    results = _send(settings, url, events)
    _say_skipped(skipped)
    if not (results or skipped):
        say("Nothing was sent: no reject fits.")
        return 1
    write_rows(["result", "events"], sorted(results.items()))
    return int(any(result != "accepted" for result in results) or bool(skipped.keys() - {LANDED}))


def _nothing(selection: Selection) -> str:
    chosen = selection.reason or selection.key or selection.since
    return (
        "No reject fits, as far as is published."
        if chosen
        else "Nothing was refused, as far as is published."
    )


def _found(settings: Settings, selection: Selection) -> Iterator[Refused]:
    from sayso_ingest.backfill import refused
    from sayso_ingest.warehouse import Published

    with Published.open(settings.project_folder) as copy:
        yield from refused(copy, selection)


def _secret_keys(settings: Settings) -> set[str]:
    from sayso_ingest.keys import KeyRing

    return {key.key_id for key in KeyRing(keys_file(settings.data)).keys() if key.kind == "sk"}  # noqa: SIM118 - no dict


def _mended(
    found: Iterable[Refused],
    mend: Callable[[Refused], dict[str, Any] | None],
    skipped: Counter[str],
    secret_keys: set[str] | None,
) -> Iterator[dict[str, Any]]:
    from sayso_ingest.backfill import BEYOND_ITS_KEY, is_beyond_its_key

    for refused in found:
        event = mend(refused)
        if event is None:
            skipped[refused.problem] += 1
        elif secret_keys is not None and is_beyond_its_key(refused, event, secret_keys):
            skipped[BEYOND_ITS_KEY] += 1
        else:
            yield event


def _send(settings: Settings, url: str | None, events: Iterable[dict[str, Any]]) -> Counter[str]:
    from sayso_ingest.backfill import in_batches

    results: Counter[str] = Counter()
    with delivering(settings, url) as deliverer:
        for batch in in_batches(map(encode, events), size=len):
            for outcome in deliverer.send(batch):
                results["accepted" if outcome.accepted else f"rejected: {outcome.reason}"] += 1
    return results


def _value(text: str) -> Any:
    """What stands after --set: JSON where it is JSON, else a text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _say_skipped(skipped: Counter[str]) -> None:
    for problem, n in skipped.items():
        say(f"{n} skipped. {problem}")


COMMANDS = [rejects]
