"""pull: the published copy of another machine, fetched when it changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.options import Command, say, with_settings
from sayso_ingest.errors import NotFound, SaysoError, UsageError
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from requests import RequestException, Response

CHUNK = 1 << 20
MAKE_ONE = "Make one on the machine of the console: sayso keys create --kind ak"
SECONDS = 30.0
"""How long nothing may come."""


@click.command(
    cls=Command,
    short_help="Fetch the published copy from another machine, if it changed.",
    examples="""
    sayso pull --url https://feedback.internal:8711
    sayso pull --url https://feedback.internal:8711 --data ~/feedback --project helpdesk
    """,
)
@with_settings()
@click.option("--url", required=True, metavar="URL", help="The console's address, with http:// or https://.")
@click.option(
    "--key",
    envvar="SAYSO_KEY",
    required=True,
    metavar="ak_...",
    help="An admin key of the project, made on its machine: sayso keys create --kind ak.  [SAYSO_KEY]",
)
def pull(settings: Settings, url: str, key: str) -> None:
    """Fetch the published copy of a project into DIR/PROJECT/warehouse.duckdb, if it is not the one that is there.

    Every command that reads works on it then: sql, views, ask, mine, coverage. It replaces the file whole, or not
    at all; whoever reads the old one goes on reading it.
    """
    from sayso_ingest.warehouse.published import FILE

    folder = settings.project_folder
    if (folder / "live").exists():
        raise UsageError(
            f"{folder} belongs to a lander on this machine, which publishes its own copy there. "
            "Name another folder with --data, or another project with --project."
        )
    if not key.startswith("ak_") or not key.isascii():
        raise UsageError(f"The key is no admin key, which begins with ak_. {MAKE_ONE}")
    target, mark = folder / FILE, folder / f".{FILE}.etag"
    known = mark.read_text() if mark.exists() and target.exists() else ""
    with _asked(f"{url.rstrip('/')}/{FILE}", key, known) as response:
        if response.status_code == 304:
            say(f"{target} is the copy that is published there.")
            return
        size = _fetch(response, target)
        mark.write_text(response.headers.get("ETag", ""))
    say(f"{target} has been fetched: {size / 1e6:,.1f} MB. Ask it: sayso views")


@contextmanager
def _asked(url: str, key: str, known: str) -> Iterator[Response]:
    """Ask for the file, unless it is the known one.

    Raises:
        UsageError: the address is none.
        SaysoError: nothing answers, what answers refuses, or the answer ends in the middle.
    """
    import requests

    headers = {"Authorization": f"Bearer {key}", "If-None-Match": known}
    try:
        with requests.get(url, headers=headers, stream=True, timeout=SECONDS) as response:
            if not response.ok:
                raise _refusal(response)
            yield response
    except ValueError as error:  # of the library, and of one below it that it lets through
        raise UsageError(
            f"{url} is no address of a console. Write it with its scheme: http://HOST:8711"
        ) from error
    except requests.RequestException as error:
        raise SaysoError(
            f"{url} could not be fetched: {_why(error)}. Is the address right, and does the console run there? "
            "What was here before is here still."
        ) from error


def _why(error: RequestException) -> str:
    """Say in a few words what went wrong; what the library says is a pile of its own names."""
    from requests.exceptions import ChunkedEncodingError, ConnectionError, SSLError, Timeout

    if isinstance(error, SSLError):
        return "it does not speak https, or its certificate is not one that this machine trusts"
    if isinstance(error, Timeout):
        return f"nothing came for {SECONDS:.0f} seconds"
    if isinstance(error, ChunkedEncodingError):
        return "the answer ended in the middle"
    return "nothing answers" if isinstance(error, ConnectionError) else str(error)


def _refusal(response: Response) -> SaysoError:
    try:
        told = response.json()["message"]
    except (ValueError, KeyError, TypeError):
        told = f"{response.url} answered {response.status_code}. Is that the address of a sayso console?"
    return NotFound(told) if response.status_code == 404 else SaysoError(told)


def _fetch(response: Response, target: Path) -> int:
    """Write the body beside the target, then put it in its place; return its length.

    Raises:
        SaysoError: it is no published copy, came in part, or cannot be written.
    """
    from requests import RequestException

    elsewhere = f"{response.url} does not answer as a sayso console does. Is that its address?"
    told = response.headers.get("Content-Length", "")
    if not (told.isascii() and told.isdigit()):
        raise SaysoError(elsewhere)
    draft = target.with_name(f".{target.name}.{os.getpid()}.draft")
    length = int(told)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)  # not before there is something to put there
        with draft.open("wb") as file, _progress(length) as moved:
            for part in response.iter_content(CHUNK):
                file.write(part)
                moved(len(part))
            file.flush()
            os.fsync(file.fileno())
        if (size := draft.stat().st_size) != length:
            raise SaysoError(
                f"Of {length:,} bytes {size:,} came. Nothing was replaced; run the command again."
            )
        with draft.open("rb") as file:
            if file.read(12)[8:] != b"DUCK":
                raise SaysoError(elsewhere)
        _check(draft)
        draft.chmod(0o444)  # as published copies are, so that nobody writes into it by mistake
        draft.replace(target)
    except OSError as error:
        if isinstance(error, RequestException):  # which is one too, and no fault of the file's
            raise
        raise SaysoError(f"{draft} cannot be written: {error.strerror}. Nothing was replaced.") from error
    finally:
        draft.unlink(missing_ok=True)
    return length


def _check(draft: Path) -> None:
    """See that what came is whole and can be asked.

    Raises:
        SaysoError: it is not.
    """
    from sayso_ingest.warehouse import Published

    try:
        Published.check(draft)
    except SaysoError as error:
        raise SaysoError(
            f"What came is no published copy that can be read ({error}). Nothing was replaced; run the command again."
        ) from error


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """Show on standard error how much has come, where a terminal is."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

    console = Console(stderr=True)
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total)
        yield lambda n: bar.advance(task, n)


COMMANDS = [pull]
