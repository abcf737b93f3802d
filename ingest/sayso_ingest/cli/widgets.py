"""widgets: what to paste into a page."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from sayso_ingest.cli.options import Command, with_settings
from sayso_ingest.cli.output import write_json
from sayso_ingest.cli.welcome import local_url
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.collector.served import Served

ELEMENTS = (
    '<sayso-thumbs target="msg_1"></sayso-thumbs>',
    '<sayso-suggestion target="sug_1" original="Helo" suggestion="Hello"></sayso-suggestion>',
    '<sayso-comment target="page_1"></sayso-comment>',
)
TEXT = """\
Load the script once in a page:

  {script}

Put an element beside what it is about; target is your own id of it:

  {elements}

A page with a content policy needs:

  {csp}

The address and the integrity are those of this version: paste again what this command prints after an upgrade. Or load
{current}, which is always the current script, without an integrity.
"""
HELP_ON_KEYS = (
    "The publishable key of the page; one is made by: sayso keys create --kind pk --origin https://YOUR-SITE"
)


@dataclass(frozen=True, slots=True)
class Paste:
    """What to paste, piece by piece."""

    version: str
    src: str
    integrity: str
    script: str
    elements: tuple[str, ...]
    csp: str
    current: str


@click.command(
    cls=Command,
    short_help="Print what to paste into a page.",
    examples="""
    sayso widgets --url https://feedback.example.com --key pk_...
    sayso widgets --url https://app.example.com/fb --format json
    """,
)
@with_settings("host", "port")
@click.option(
    "--url",
    metavar="URL",
    help="The address of the collector as browsers reach it, else of one on this machine.",
)
@click.option("--key", default="pk_...", metavar="KEY", help=HELP_ON_KEYS)
@click.option(
    "--format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
def widgets(settings: Settings, url: str | None, key: str, format: str) -> None:
    """Print what to paste into a page: the script tag, the elements, and what a content policy has to allow.

    The script has an address that never changes what it holds, so that browsers keep it for a year, and an integrity,
    so that they run nothing else.
    """
    from sayso_ingest.collector.served import WIDGET, read_served

    served = read_served(WIDGET)
    if served is None:
        raise NotFound("The widgets are not part of this installation. Install sayso from its wheel.")
    paste = to_paste(served, _checked(url or local_url(settings.host, settings.port)), _key(key))
    if format == "json":
        write_json(asdict(paste))
    else:
        pieces = asdict(paste) | {"elements": "\n  ".join(paste.elements)}
        click.echo(TEXT.format(**pieces), nl=False)


def to_paste(served: Served, url: str, key: str) -> Paste:
    """Say what a page needs for this script of the collector at `url`."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    src = url + served.path
    # The widgets send to the origin of the script, unless they are told otherwise.
    elsewhere = f' data-url="{url}"' if url != origin else ""
    return Paste(
        version=served.mark,
        src=src,
        integrity=served.integrity,
        script=f'<script src="{src}" integrity="{served.integrity}" crossorigin="anonymous" '
        f'data-key="{key}"{elsewhere} defer></script>',
        elements=ELEMENTS,
        csp=f"script-src {origin}; connect-src {origin}",
        current=f"{url}/sayso.js",
    )


def _checked(url: str) -> str:
    parts = urlsplit(url)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.query
        or parts.fragment
        or '"' in url
    ):
        raise UsageError(f"--url is {url!r}. Write it as browsers reach it: https://feedback.example.com")
    return url.rstrip("/")


def _key(key: str) -> str:
    if not key.startswith("pk_") or '"' in key:
        raise UsageError("--key has to be a pk_ key: what stands in a page can be read by everybody.")
    return key


COMMANDS = [widgets]
