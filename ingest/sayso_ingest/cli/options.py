"""What commands have in common: options made from the table of settings, and help that ends in examples."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import click
from click.core import ParameterSource

from sayso_ingest.cli.terminal import clean
from sayso_ingest.errors import UsageError
from sayso_ingest.settings import Settings, table, unknown_variables

Function = Callable[..., Any]

LOG = (
    "log",
    "kafka_security",
    "kafka_ca",
    "kafka_certificate",
    "kafka_certificate_key",
    "kafka_sasl",
    "kafka_user",
)
"""The settings of the event log. The password is no option: what is typed stands in the list of processes."""


class Command(click.Command):
    """A command whose help ends in examples."""

    def __init__(self, *args: Any, examples: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the examples as they were written, one a line."""
        with formatter.section("Examples"):
            for line in self.examples.strip().splitlines():
                formatter.write(f"{' ' * formatter.current_indent}{line.strip()}\n")


class Group(click.Group, Command):
    """A group of commands whose help ends in examples."""


def with_settings(*names: str, project: bool = True) -> Callable[[Function], Function]:
    """Give a command the options --data and --project and the named ones, and hand it `settings`.

    Without `project` it has no --project, as its argument names one. The value of an option comes before the
    environment, which comes before the default.
    """

    def decorate(function: Function) -> Function:
        wanted = {"data", *(["project"] if project else []), *names}
        chosen = [row for row in table() if row.name in wanted]

        @wraps(function)
        def call(**arguments: Any) -> Any:
            given = {row.name: arguments.pop(row.name) for row in chosen}
            for name, meant in unknown_variables().items():
                say(f"{name} is not a setting and is ignored.{f' Did you mean {meant}?' if meant else ''}")
            return function(settings=Settings.load(**given), **arguments)

        decorated: Function = call
        for row in reversed(chosen):
            default = "none" if row.default == "" else row.default
            help = f"{row.help}  [{row.env}; default: {default}]"
            decorated = click.option(row.option, row.name, metavar=_metavar(row.default), help=help)(
                decorated
            )
        return decorated

    return decorate


def _metavar(default: object) -> str:
    return "N" if isinstance(default, int | float) else "TEXT" if isinstance(default, str) else "DIR"


def only_project() -> str | None:
    """The project that a command about all of them was given by --project; None where it was given none."""
    only: str | None = click.get_current_context().params["project"]
    return only


class Number(click.FloatRange):
    """A finite number in a range. What is not a number ("nan") is in none, though it is neither below nor above it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read a number, or refuse the text."""
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is not a number in the range {self._describe_range()}.", param, ctx)
        return number


LARGEST_SEED = 2**32 - 1
"""Which every source of chance takes."""


def seed_option(default: int, what: str) -> Callable[[Function], Function]:
    """Give a command --seed."""
    return click.option(
        "--seed",
        type=click.IntRange(0, LARGEST_SEED),
        default=default,
        show_default=True,
        metavar="N",
        help=f"The same seed {what}.",
    )


def refuse_given(context: click.Context, names: Iterable[str | None], why: str) -> None:
    """Let nobody believe that an option did something which it did not.

    Raises:
        UsageError: one of the options of these parameters was given.
    """
    options = {option.name: option.opts[0] for option in context.command.params}
    for name in names:
        if name and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise UsageError(f"{options[name]} is {why}")


def say(message: str) -> None:
    """Write a message for people on standard error; whatever names strangers gave to what it is about."""
    click.echo(clean(message), err=True)
