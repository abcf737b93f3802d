"""The command line: what people type. It builds the objects and puts the rooms together.

A command's module is imported when it is asked for, and the rooms inside its function, so that
`sayso --help` needs nothing but click. Results go to standard output, messages to standard error.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Sequence

import click

from sayso_ingest import __version__
from sayso_ingest.cli.options import Group
from sayso_ingest.cli.terminal import clean
from sayso_ingest.errors import MissingExtra, SaysoError, SettingError, UsageError
from sayso_ingest.settings import Settings

OK = 0
FAILURE = 1
WRONG_USAGE = 2
INTERRUPTED = 130
READER_GONE = 141
"""128 and the number of SIGPIPE, as a shell says it of any program before `| head`."""

# Command -> the module of this package that has it in its list COMMANDS.
MODULES = {
    "serve": "serve",
    "collect": "rooms",
    "land": "rooms",
    "console": "rooms",
    "demo": "demo",
    "keys": "keys",
    "users": "users",
    "projects": "projects",
    "widgets": "widgets",
    "status": "status",
    "doctor": "doctor",
    "log": "event_log",
    "warehouse": "warehouse",
    "rejects": "rejects",
    "import": "import_",
    "sql": "ask",
    "views": "ask",
    "ask": "ask",
    "compare": "compare",
    "prompts": "prompts",
    "themes": "themes",
    "report": "report",
    "pull": "pull",
    "alerts": "alerts",
    "mine": "mine",
    "evalset": "evalset",
    "eval": "eval",
    "generate": "generate",
    "coverage": "coverage",
    "drift": "drift",
    "judge": "judge",
    "export": "export",
    "backup": "backup",
    "restore": "backup",
    "verify": "verify",
    "erase": "erase",
}

# Package -> the extra of this distribution that brings it.
EXTRAS = {
    "flask": "ingest",
    "flask_wtf": "ingest",
    "jinja2": "ingest",
    "argon2": "ingest",
    "marshmallow": "ingest",
    "msgspec": "ingest",
    "duckdb": "ingest",
    "pyarrow": "ingest",
    "granian": "ingest",
    "rich": "ingest",
    "altair": "ingest",
    "vl_convert": "ingest",
    "kafka": "kafka",
    "numpy": "mining",
    "scipy": "ingest",
    "krippendorff": "ingest",
    "tenacity": "ingest",
    "prometheus_client": "ingest",
    "sklearn": "mining",
}

DISTRIBUTIONS = {"argon2": "argon2-cffi", "kafka": "kafka-python", "sklearn": "scikit-learn"}
"""How a package is called where it is installed from, where that is not as it is imported."""


class _Commands(Group):
    """The group of all commands, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(MODULES)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        cmd_name: str,
    ) -> click.Command | None:
        if cmd_name not in MODULES:
            return None
        module = importlib.import_module(f"{__name__}.{MODULES[cmd_name]}")
        commands: Sequence[click.Command] = module.COMMANDS
        return next(command for command in commands if command.name == cmd_name)


@click.command(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    examples="""
    sayso serve
    sayso demo
    sayso keys create --kind pk --origin https://www.example.com
    """,
)
@click.version_option(__version__, prog_name="sayso")
def sayso() -> None:
    """Collect what people say about the output of an LLM, land it in DuckDB, ask, mine, export.

    Exit codes: 0 success, 1 failure, 2 wrong usage, 130 interrupted, 141 nobody read the output to its end.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every error becomes a message on standard error."""
    stdout = sys.stdout
    try:
        result = sayso.main(arguments, prog_name="sayso", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else OK
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except (BrokenPipeError, SystemExit) as error:
        # Where the pipe broke within it, click exits, and has put something else in the place of standard output.
        # Whoever else exits, as the server of a collector does, has said how.
        if isinstance(error, SystemExit) and sys.stdout is stdout:
            raise
        # Whoever read the output has gone (`| head`). Python would complain when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except Exception as error:
        click.echo(f"Error: {clean(_explain(error))}", err=True)
        return WRONG_USAGE if isinstance(error, UsageError) else FAILURE


def _explain(error: Exception) -> str:
    """Say what happened and what to do; what was not foreseen in one line, its traceback to those who ask."""
    if isinstance(error, SaysoError):
        return str(error)
    package = (getattr(error, "name", None) or "").partition(".")[0]
    if isinstance(error, ModuleNotFoundError) and package in EXTRAS:
        return str(MissingExtra(DISTRIBUTIONS.get(package, package), EXTRAS[package]))
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}." if error.filename else f"{error.strerror}."
    if _debugging():
        return "".join(traceback.format_exception(error))
    text = " ".join(str(error).split()) or "no message"
    return f"Unexpected {type(error).__name__}: {text}. Run again with SAYSO_LOG_LEVEL=debug to see where."


def _debugging() -> bool:
    try:
        return Settings.load().log_level == "debug"
    except SettingError:
        return False
