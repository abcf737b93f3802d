"""Which rejects a command is about: the options that say so, and what they find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.options import say
from sayso_ingest.event import Reason
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.backfill import Refused, Selection

_SPANS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def _since(context: click.Context, parameter: click.Parameter, value: str | None) -> datetime | None:  # noqa: ARG001
    """Read 90m, 2h or 7d as so long ago, else a time."""
    if value is None:
        return None
    try:
        if value[-1:] in _SPANS and value[:-1].isdigit():
            return datetime.now(UTC).replace(tzinfo=None) - int(value[:-1]) * _SPANS[value[-1]]
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"{value!r} is no time. Write 90m, 2h, 7d or 2026-03-01T12:00:00Z."
        ) from None


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


def find(settings: Settings, selection: Selection) -> Iterator[Refused]:
    """Yield the rejects that were chosen, the oldest first."""
    from sayso_ingest.backfill import refused
    from sayso_ingest.warehouse import Published, home_of

    with Published.open(home_of(settings)) as copy:
        yield from refused(copy, selection)


def whole_ids(settings: Settings, beginnings: Iterable[str]) -> list[str]:
    """Return the ids of the rejects that were named by the beginnings of their ids.

    Raises:
        NotFound: one of them is not there.
        UsageError: one of them is not one, but several.
    """
    from sayso_ingest.backfill import whole_id
    from sayso_ingest.warehouse import Published, home_of

    with Published.open(home_of(settings)) as copy:
        return [whole_id(copy, beginning) for beginning in beginnings]


def say_skipped(skipped: Counter[str]) -> None:
    """Say how many were left out, and why."""
    for problem, n in skipped.items():
        say(f"{n} skipped. {problem}")
