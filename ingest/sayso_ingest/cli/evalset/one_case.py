"""One case, whole: what is asked, what is expected, why it is in the set, and every click that it comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.options import say
from sayso_ingest.cli.output import write_json, write_rows
from sayso_ingest.cli.terminal import clean
from sayso_ingest.errors import SaysoError
from sayso_ingest.settings import Settings
from sayso_ingest.spelling import cell, plain

if TYPE_CHECKING:
    from sayso_ingest.evalsets import EvalCase, Told, Version

FORMATS = ("table", "json")
"""Those in which there is room for what is behind a case; in the others it is a row."""
LABEL = 12
"""Characters that the name of a field takes."""


def show(case: EvalCase, version: Version, settings: Settings, *, format: str) -> None:
    """Print the case and the events behind it, as the published copy of its project knows them."""
    events = _events(case, settings)
    if format == "json":
        told = [] if events is None else [_row(one) for one in events]
        write_json({"set": version.name, "version": version.number, **case.row(), "events": told})
        return
    for name, text in _fields(case, version):
        _field(name, text)
    if not case.provenance.event_ids:
        click.echo("\nIt was written by hand: no event is behind it.")
    elif events is not None:
        click.echo("\n" + click.style("Where it comes from", bold=True))
        rows = [list(_row(one).values()) for one in events]
        write_rows(["time", "who", "kind", "said", "state", "event"], rows)


def _events(case: EvalCase, settings: Settings) -> list[Told] | None:
    """The events behind a case, None where the published copy cannot be asked, and that was said."""
    from sayso_ingest import evalsets
    from sayso_ingest.warehouse import Published, home_of

    if not case.provenance.event_ids:
        return []
    try:
        with Published.open(home_of(settings)) as published:
            return evalsets.lineage(published.query, case)
    except SaysoError as error:
        ids = ", ".join(case.provenance.event_ids)
        say(f"What is behind it cannot be looked up now: {error}\nIt comes from the events {ids}.")
        return None


def _row(one: Told) -> dict[str, Any]:
    return {
        "occurred_at": one.occurred_at,
        "who": one.who,
        "kind": one.kind,
        "said": one.said,
        "state": one.state,
        "event_id": one.event_id,
    }


def _fields(case: EvalCase, version: Version) -> Iterator[tuple[str, str | None]]:
    """What there is to say of a case, by the name of the field; what is not known is left out."""
    origin = case.provenance
    yield "case", case.case_id
    yield "in", f"{version.name} v{version.number}, since v{origin.since_version}"
    yield "split", case.split
    yield "stratum", case.stratum
    yield "topic", case.topic
    if case.input_messages:
        for message in case.input_messages:
            yield str(message.get("role", "")), _text(message.get("content"))
    else:
        yield "input", case.input
    yield "variables", _text(case.variables)
    yield "expected", case.expected or "(nobody said)"
    yield "reference", case.reference_kind
    yield "output", case.output
    yield "why", origin.reason
    yield "target", origin.target
    yield "prompt", " ".join(filter(None, (origin.prompt_name, origin.prompt_version)))
    yield "model", origin.model
    yield "tags", ", ".join(case.tags)
    yield "strategy", origin.strategy
    yield "embedder", origin.embedder
    for name, value in (("hardness", origin.hardness), ("distance", origin.distance)):
        yield name, None if value is None else f"{value:.2f}"
    yield "signals", ", ".join(f"{kind} {value:.2f}" for kind, value in origin.signals.items())


def _field(name: str, text: str | None) -> None:
    if text:
        label = click.style(f"{clean(name)[:LABEL]:<{LABEL}}", fg="cyan")
        lines = clean(text).split("\n")
        click.echo(label + ("\n" + " " * LABEL).join(lines))


def _text(value: Any) -> str:
    return json.dumps(plain(value), ensure_ascii=False) if isinstance(value, dict | list) else cell(value)
