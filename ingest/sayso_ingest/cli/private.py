"""The private port of a room or of the whole service, and the folder that its processes count into."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.logs import sayer
from sayso_ingest.cli.welcome import local_url
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.metrics import Exposed

PRIVATE = ("private_host", "private_port")

# The supervisor has the private port and reads the folder; its children only count.
counting_option = click.option(
    "--count-into", type=click.Path(path_type=Path, exists=True, file_okay=False), hidden=True
)


@contextmanager
def private_port(
    settings: Settings, ready: Callable[[Exposed], Sequence[str]], *, count_into: Path | None = None
) -> Iterator[Path | None]:
    """Open the private port, if there is to be one, and yield the folder to count into; None where nobody asks."""
    if count_into or not settings.private_port:
        yield count_into
        return
    from sayso_ingest.metrics import Exposed, PrivatePort
    from sayso_ingest.operate import claim_port
    from sayso_ingest.operate.watching import look

    host = settings.private_host
    claim = claim_port(host, int(settings.private_port), option="--private-port")
    claim.release()
    folder = Path(mkdtemp(prefix="sayso-metrics-"))
    try:
        exposed = Exposed(folder, partial(look, settings))
        port = PrivatePort(host, claim.port, ready=partial(ready, exposed), text=exposed.text)
        sayer(settings)(f"Health and metrics: {local_url(host, port.port)}/metrics")
        yield folder
        port.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
