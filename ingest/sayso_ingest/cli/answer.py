"""Answers of the published copy: asked within limits, written as they come, to standard output or into a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from sayso_ingest.cli import columnar, output
from sayso_ingest.cli.bounded import SIZE, bounded
from sayso_ingest.cli.options import Number, say
from sayso_ingest.errors import QueryError, SaysoError, UsageError
from sayso_ingest.settings import Settings

NO_PARAMS: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Limits:
    """What a question may use: seconds, and memory as DuckDB spells it."""

    timeout: float
    memory: str


def answer_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --format, with Parquet and Arrow among them, and --out; hand it `format` and `out`.

    Without --format the ending of the file says which.
    """
    formats = (*output.FORMATS, *columnar.FORMATS)

    @wraps(function)
    def call(format: str, out: str | None, **arguments: Any) -> Any:
        ending = Path(out or "").suffix.removeprefix(".")
        source = click.get_current_context().get_parameter_source("format")
        if source == click.core.ParameterSource.DEFAULT and ending in formats:
            format = ending
        return function(format=format, out=out, **arguments)

    option = click.option(
        "--out",
        type=click.Path(dir_okay=False),
        metavar="FILE",
        help="Write into this file, whole or not at all; an ending like .csv or .parquet chooses the format.",
    )
    return output.format_option(*formats)(option(call))


def limit_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --timeout and --memory, and hand it `limits`."""

    @wraps(function)
    def call(timeout: float, memory: str | None, **arguments: Any) -> Any:
        return function(limits=Limits(timeout, memory or _half_of_memory()), **arguments)

    timeout = click.option(
        "--timeout",
        type=Number(min=0, min_open=True),
        default=30.0,
        show_default=True,
        metavar="SECONDS",
        help="Stop a question that takes longer.",
    )
    memory = click.option(
        "--memory",
        callback=_check_memory,
        metavar="SIZE",
        help="Stop a question that needs more, such as 2GB.  [default: half of this machine's]",
    )
    return timeout(memory(call))


def write_answer(
    settings: Settings,
    sql: str,
    *,
    limits: Limits,
    format: str,
    out: str | None,
    params: Mapping[str, Any] = NO_PARAMS,
    nothing: str = "",
    attach: str = "",
) -> None:
    """Ask the published copy and write the answer; with no rows, say `nothing` in place of an empty table.

    The SQL may join what the setting `attach` lists, and the project's eval sets, as `evals`.

    Raises:
        NotFound: nothing has been published yet, or what it joins is not there.
        QueryError: the SQL does not run, would write, or goes beyond a limit.
    """
    from sayso_ingest.warehouse import Published, evals_of, home_of, read_attached

    evals = evals_of(settings.project_folder)
    there = [*read_attached(attach), *([evals] if evals.is_there else [])]
    joined = [one for one in there if one.is_named_in(sql)]
    copy = Published.open(home_of(settings), memory=limits.memory, seconds=limits.timeout, attached=joined)
    missing = evals not in there and evals.is_named_in(sql)
    with bounded(limits.memory), copy as published, into(out), _explained(no_evals=missing):
        if format in columnar.FORMATS:
            schema, batches = published.arrow(sql, params)
            columnar.write_batches(schema, batches, format=format)
            return
        columns, rows = published.stream(sql, params)
        first = next(rows, None)
        if first is None and nothing:
            say(nothing)
        if first is not None or not nothing or format != "table":
            output.write_rows(columns, _again(first, rows), format=format)


@contextmanager
def _explained(*, no_evals: bool) -> Iterator[None]:
    """Say of a question that failed that there are no eval sets yet, where it names them."""
    try:
        yield
    except QueryError as error:
        if not no_evals:
            raise
        raise QueryError(
            f"{error}\nNothing is known of eval sets yet, so there is no `evals`. Propose cases: sayso mine --set NAME"
        ) from error


@contextmanager
def into(out: str | None) -> Iterator[None]:
    """Send standard output into a file for the block; the file appears whole at its end, or not at all.

    A link keeps leading to its file. A device or a pipe is nothing to be replaced: it gets what comes, as it comes.
    """
    if out is None:
        yield
        return
    if Path(out).is_dir():
        raise UsageError(f"{out} is a folder. Name a file in it.")
    if Path(out).exists() and not Path(out).is_file():
        with Path(out).open("w", encoding="utf-8", newline="") as stream, redirect_stdout(stream):
            yield
        return
    whole = Path(out).resolve()
    draft = Path(f"{whole}.{os.getpid()}.draft")
    try:
        file = draft.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise SaysoError(
            f"{out} cannot be written: {error.strerror}. Name a file in a folder that is there and may be written."
        ) from error
    try:
        with file, redirect_stdout(file):
            yield
        draft.replace(whole)
    finally:
        draft.unlink(missing_ok=True)


def _again(first: tuple[Any, ...] | None, rest: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    if first is not None:
        yield first
        yield from rest


def _half_of_memory() -> str:
    """Half of what this machine has, or of what the container that this runs in may use."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # no container, or "max"
        memory = min(memory, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return f"{memory // 2 // 1_000_000}MB"


def _check_memory(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:  # noqa: ARG001
    if value is not None and not SIZE.fullmatch(value):
        raise click.BadParameter(f"{value!r} is no size. Write a number and a unit: 500MB, 2GB, 1.5GiB.")
    return value
