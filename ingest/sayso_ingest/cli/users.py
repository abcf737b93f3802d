"""users: who may sign in to the console."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.options import Command, Group, say, with_settings
from sayso_ingest.cli.output import format_option, write_rows
from sayso_ingest.cli.welcome import typed
from sayso_ingest.errors import UsageError
from sayso_ingest.places import users_file
from sayso_ingest.settings import LOOPBACK_HOSTS, Settings

if TYPE_CHECKING:
    from sayso_ingest.users import User

COLUMNS = ("name", "role", "signs_in_with", "created_at")
LONGEST_LINE = 2000
"""Bytes of standard input that are read for a password; more is none."""

stdin_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)


@click.group(
    cls=Group,
    examples="""
    sayso users add ana --role annotate
    sayso users list
    sayso users password ana
    sayso users remove ana
    """,
)
def users() -> None:
    """Say who may sign in to the console, and what they may do there.

    It holds for all projects of a data folder; DATA/users.json has names, roles and hashes of passwords.
    """


@users.command(
    cls=Command,
    short_help="Let somebody sign in to the console.",
    examples="""
    sayso users add ana --role annotate
    sayso users add ben --role read --password-stdin < password.txt
    sayso users add ana@example.com --role annotate --no-password
    """,
)
@with_settings()
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice(["read", "annotate"]),
    default="read",
    show_default=True,
    help="read: see every page and ask SQL. annotate: also label, own problems, choose candidates.",
)
@stdin_option
@click.option(
    "--no-password",
    is_flag=True,
    help="For somebody whom a proxy signs in (SAYSO_CONSOLE_USER_HEADER): there is no password to ask for.",
)
def add(settings: Settings, name: str, role: str, password_stdin: bool, no_password: bool) -> None:
    """Let somebody sign in to the console, on all projects of this data folder.

    Asks for the password twice; users.json keeps its hash alone. A console that runs takes the user at once. From the
    first user on nobody looks into it without signing in, unless SAYSO_CONSOLE_OPEN is always: then it goes on asking
    nobody on its own machine.
    """
    from sayso_ingest.users import Role, add_user, checked_name

    if no_password and password_stdin:
        raise UsageError("--no-password and --password-stdin exclude each other.")
    name = checked_name(name)  # before anybody types a password for it
    password = None if no_password else _ask_for_password(from_stdin=password_stdin)
    user = add_user(users_file(settings.data), name, role=Role(role), password=password)
    say(f"{user.name} may sign in to the console, with the role {user.role}. {_what_it_asks(settings, user)}")


@users.command(
    "list",
    cls=Command,
    short_help="List who may sign in.",
    examples="""
    sayso users list
    sayso users list --format json
    """,
)
@with_settings()
@format_option()
def list_(settings: Settings, format: str) -> None:
    """List who may sign in to the console of any project of this data folder."""
    from sayso_ingest.users import UserBook

    found = UserBook(users_file(settings.data)).entries()
    if not found:
        say(f"No users in {settings.data} yet. Add one with: {typed(settings, 'users', 'add', 'NAME')}")
    if found or format != "table":
        rows = [
            [user.name, str(user.role), "password" if user.password else "proxy", user.created_at]
            for user in found
        ]
        write_rows(COLUMNS, rows, format=format)


@users.command(
    cls=Command,
    short_help="Let somebody sign in no longer.",
    examples="""
    sayso users remove ana
    """,
)
@with_settings()
@click.argument("name")
def remove(settings: Settings, name: str) -> None:
    """Let somebody sign in no longer; sessions end at once."""
    from sayso_ingest.users import remove_user

    left = remove_user(users_file(settings.data), name)
    say(f"{name} is removed, and signed out. {_who_is_left(left)}")


@users.command(
    cls=Command,
    short_help="Give somebody another password.",
    examples="""
    sayso users password ana
    sayso users password ana --password-stdin < password.txt
    """,
)
@with_settings()
@click.argument("name")
@stdin_option
def password(settings: Settings, name: str, password_stdin: bool) -> None:
    """Give somebody another password; sessions that began with the old one end at once."""
    from sayso_ingest.users import change_password, known_user

    known_user(users_file(settings.data), name)  # before anybody types a password for them
    change_password(users_file(settings.data), name, _ask_for_password(from_stdin=password_stdin))
    say(f"{name} has another password, and is signed out everywhere.")


COMMANDS = [users]


def _ask_for_password(*, from_stdin: bool) -> str:
    """Have it typed twice, unseen, or read it from standard input.

    Raises:
        UsageError: there is no terminal to type on, or standard input holds no line of text.
    """
    if from_stdin:
        line = sys.stdin.buffer.readline(LONGEST_LINE)
        try:
            return line.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise UsageError("The password on standard input is not UTF-8.") from error
    if not sys.stdin.isatty():
        raise UsageError("There is no terminal to type a password on. Hand it over with --password-stdin.")
    from sayso_ingest.users import SHORTEST

    asking = f"Password, {SHORTEST} characters or more"
    typed_in: str = click.prompt(asking, hide_input=True, confirmation_prompt="Once more", err=True)
    return typed_in


def _what_it_asks(settings: Settings, user: User) -> str:
    """Say what signing in does, by the settings that this command and the console share."""
    if settings.console_open == "always" and settings.console_host in LOOPBACK_HOSTS:
        return (
            "But SAYSO_CONSOLE_OPEN is always: on its own machine the console asks nobody to sign in, and whoever uses "
            "it there may do everything, without a name. Make it auto, and names and roles count."
        )
    if user.password is None and not settings.console_user_header:
        return (
            "It takes a proxy to sign them in, for they have no password: SAYSO_CONSOLE_USER_HEADER and "
            "SAYSO_CONSOLE_PROXY are not set here."
        )
    return "Nobody looks into it without signing in."


def _who_is_left(left: list[User]) -> str:
    if left:
        return (
            f"{len(left)} may still sign in." if len(left) > 1 else f"Only {left[0].name} may still sign in."
        )
    return (
        f"Nobody is left: on {LOOPBACK_HOSTS[0]} the console is open to everybody on that machine again "
        "(unless --console-open says never), and elsewhere it is shut."
    )
