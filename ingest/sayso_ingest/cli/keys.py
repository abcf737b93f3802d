"""keys: make, list and revoke what clients authenticate with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.options import Command, Group, only_project, say, with_settings
from sayso_ingest.cli.output import format_option, write_rows
from sayso_ingest.cli.welcome import typed
from sayso_ingest.places import keys_file
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.keys import Key

COLUMNS = ("key_id", "kind", "project", "origins", "tokens", "created_at", "revoked_at", "note")
CANNOT_SIGN = "cannot sign"


@click.group(
    cls=Group,
    examples="""
    sayso keys create --kind sk
    sayso keys list
    sayso keys revoke key_0123456789ab
    """,
)
def keys() -> None:
    """Make, list and revoke keys."""


@keys.command(
    cls=Command,
    short_help="Make a key and print it.",
    examples="""
    sayso keys create --kind sk --note "help desk, production"
    sayso keys create --kind pk --origin https://www.example.com --origin https://app.example.com
    sayso keys create --kind pk --origin loopback
    sayso keys create --kind pk --origin https://app.example.com --signed-only
    """,
)
@with_settings()
@click.option(
    "--kind",
    type=click.Choice(["sk", "pk", "ak"]),
    required=True,
    help="sk: secret, for back ends. pk: publishable, for browsers. "
    "ak: admin, for programs that use the console's port.",
)
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    help="A site that may use a pk_ key, or loopback for this machine. Can be given several times.",
)
@click.option(
    "--signed-only",
    is_flag=True,
    help="Refuse what a pk_ key sends without a feedback token, which your back end signs: Client.token(). Of "
    "other pk_ keys such events land, with verified = false.",
)
@click.option("--note", default="", metavar="TEXT", help="What the key is for.")
def create(settings: Settings, kind: str, origins: tuple[str, ...], signed_only: bool, note: str) -> None:
    """Make a key and print it, alone, on standard output. It cannot be shown again.

    The data folder's keys.json keeps its hash alone, and of an sk_ key what verifies the feedback tokens that its
    holder signs; collectors take the key at once.
    """
    from sayso_ingest.keys import create_key

    secret, key = create_key(
        keys_file(settings.data),
        kind=kind,
        project=settings.project,
        origins=origins,
        note=note,
        signed_only=signed_only,
    )
    click.echo(secret)
    say(f"This is {key.key_id} of project {key.project}. Keep it now: only its hash is stored.")


@keys.command(
    "list",
    cls=Command,
    short_help="List the keys, without their secrets.",
    examples="""
    sayso keys list
    sayso keys list --project default --format json
    """,
)
@with_settings()
@format_option()
def list_(settings: Settings, format: str) -> None:
    """List the keys of all projects, or with --project of that one, without their secrets.

    `tokens` says whether an sk_ key signs feedback tokens, and whether a pk_ key has to send them with its events.
    """
    from sayso_ingest.keys import KeyRing

    only = only_project()
    all_keys = KeyRing(keys_file(settings.data)).entries()
    found = [key for key in all_keys if only in (None, key.project)]
    if not found:
        say(
            f"No keys in {settings.data} yet. Make one with: {typed(settings, 'keys', 'create', '--kind', 'sk')}"
        )
    if found or format != "table":
        write_rows(COLUMNS, [_row(key) for key in found], format=format)
    if any(_tokens(key) == CANNOT_SIGN for key in found):
        say(
            f"{CANNOT_SIGN}: these sk_ keys were made before there were feedback tokens, and those they sign are "
            f"refused. Make a new key, then revoke the old one: {typed(settings, 'keys', 'create', '--kind', 'sk')}"
        )


def _row(key: Key) -> list[Any]:
    return [_tokens(key) if column == "tokens" else getattr(key, column) for column in COLUMNS]


def _tokens(key: Key) -> str:
    from sayso_ingest.operate.project import cannot_sign

    if key.kind == "pk":
        return "required" if key.signed_only else "optional"
    if cannot_sign(key):
        return CANNOT_SIGN
    return "signs" if key.token_key and key.revoked_at is None else ""


@keys.command(
    cls=Command,
    short_help="Refuse a key from now on.",
    examples="""
    sayso keys revoke key_0123456789ab
    """,
)
@with_settings()
@click.argument("key_id")
def revoke(settings: Settings, key_id: str) -> None:
    """Refuse a key from now on, on all collectors that read this folder's keys.json."""
    from sayso_ingest.keys import revoke_key

    key = revoke_key(keys_file(settings.data), key_id)
    say(
        f"{key.key_id} ({key.kind}_, project {key.project}) is revoked. What it has sent stays, with its key_id."
    )


COMMANDS = [keys]
