"""What commands have in common that send events: where to, with which key, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.options import say
from sayso_ingest.cli.welcome import local_url, typed
from sayso_ingest.errors import NotFound
from sayso_ingest.places import service_key_file
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.backfill import Deliverer

url_option = click.option(
    "--url", metavar="URL", help="The collector.  [default: the one at --host and --port]"
)


@contextmanager
def delivering(settings: Settings, url: str | None) -> Iterator[Deliverer]:
    """Make what sends to the collector with the project's service key.

    Raises:
        NotFound: the project has no service key here.
    """
    from sayso import HttpTransport

    from sayso_ingest.backfill import Deliverer

    path = service_key_file(settings.project_folder)
    try:
        key = path.read_text().strip()
    except OSError as error:
        raise NotFound(
            f"{path} cannot be read: {error.strerror}. It is made by `sayso serve`, and is its user's alone."
        ) from error
    url = url or local_url(settings.host, settings.port)
    transport = HttpTransport(url, key)
    try:
        yield Deliverer(transport, url=url, start=typed(settings, "serve"), say=say)
    finally:
        transport.close()


@contextmanager
def progress(total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error while the block runs, where a terminal is; yields what moves it on."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    with Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task("", total=total)
        yield lambda n: bar.advance(task, n)


def pairs(texts: Iterable[str], option: str) -> dict[str, str]:
    """Read NAME=VALUE options."""
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise click.BadParameter(f"{text!r} has no =. Write NAME=VALUE.", param_hint=option)
        found[name] = value
    return found
