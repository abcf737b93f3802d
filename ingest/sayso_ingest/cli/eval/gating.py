"""The gate: a change of a prompt passes or fails in CI."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from sayso_ingest.cli.eval.against import compared, read_runs
from sayso_ingest.cli.eval.comparing import margin_option
from sayso_ingest.cli.options import Command, Function, Number, with_settings
from sayso_ingest.cli.terminal import clean
from sayso_ingest.errors import SaysoError
from sayso_ingest.settings import Settings

WORSE = 1
"""The exit code where a run is worse beyond what noise explains."""


def _file(name: str, what: str) -> Callable[[Function], Function]:
    return click.option(
        name,
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help=f"Write {what} into this file.",
    )


@click.command(
    cls=Command,
    short_help="Fail where a run is worse than another beyond noise.",
    examples="""
    sayso eval gate latest --against answer-91bc
    sayso eval gate latest --against answer-91bc --junit gate.xml --markdown gate.md
    sayso eval gate latest --against answer-91bc --allow 2
    """,
)
@with_settings()
@click.argument("run")
@click.option("--against", required=True, metavar="RUN", help="The run of the prompt that is in use.")
@margin_option
@click.option(
    "--allow",
    type=Number(0, 100),
    default=0.0,
    show_default=True,
    metavar="POINTS",
    help="By so much it may be worse.",
)
@_file("--junit", "JUnit's XML")
@_file("--markdown", "Markdown for a pull request")
def gate(
    settings: Settings,
    run: str,
    against: str,
    margin: float,
    allow: float,
    junit: Path | None,
    markdown: Path | None,
) -> int:
    """Pass or fail RUN, held against another run of the same set.

    It fails, with exit code 1, where it is worse beyond what noise explains. Too little data to say is no failure: the
    sentence says how many cases are missing.
    """
    from sayso_ingest.evals.compare import Verdict, as_junit, as_markdown
    from sayso_ingest.evals.compare import gate as pass_or_fail

    before, after = read_runs(settings, [against, run])
    found = pass_or_fail(compared(settings, before, after, margin=margin / 100), allowed=allow / 100)
    for path, data in (
        (junit, as_junit(found)),
        (markdown, as_markdown(found).encode("utf-8", "backslashreplace")),
    ):
        if path:
            _write(path, data)
    said = "" if found.verdict is Verdict.UNKNOWN else f"{found.verdict}: "
    click.echo(said + clean(found.why))
    return WORSE if found.verdict is Verdict.FAIL else 0


COMMANDS = [gate]


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise SaysoError(f"{path} cannot be written: {error.strerror}. Name another file.") from error
