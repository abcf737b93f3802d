"""What changed between two versions, for people: counts first, then what came, what went and why, what is different."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.evalset.common import SHORT_ID
from sayso_ingest.cli.terminal import clean
from sayso_ingest.excerpt import one_line
from sayso_ingest.spelling import cell

if TYPE_CHECKING:
    from sayso_ingest.evalsets import Difference, EvalCase, Version

LONG = 100
"""Characters of a text that a line shows."""
COLOURS = {"+": "green", "-": "red", "~": "yellow"}


def tell(found: Difference, older: Version, newer: Version) -> None:
    """Print the difference, in colour where that is a terminal."""
    old, new = ({case.case_id: case for case in version.cases} for version in (older, newer))
    same = len(new) - len(found.added) - len(found.changed)
    counts = f"{len(found.added)} added, {len(found.removed)} removed, {len(found.changed)} changed, {same} the same"
    click.echo(click.style(f"{newer.name} v{older.number} to v{newer.number}: ", bold=True) + counts)
    _part("added", [_line("+", new[one], new[one].provenance.reason) for one in found.added])
    _part("removed", [_line("-", old[one], found.reasons.get(one, "")) for one in found.removed])
    _part(
        "changed",
        [
            line
            for one in found.changed
            for line in (
                _line("~", new[one], ""),
                *_changes(old[one], new[one], found.fields.get(one, ())),
            )
        ],
    )


def _part(title: str, lines: list[str]) -> None:
    if lines:
        click.echo("\n" + click.style(title, bold=True))
        for line in lines:
            click.echo(line)


def _line(sign: str, case: EvalCase, why: str) -> str:
    told = f"  ({_short(why)})" if why else ""
    return (
        click.style(f"{sign} {case.case_id[:SHORT_ID]}", fg=COLOURS[sign]) + f"  {_short(case.input)}{told}"
    )


def _changes(old: EvalCase, new: EvalCase, fields: tuple[str, ...]) -> Iterator[str]:
    """Each field of before and after; where a case comes from is long, and only named."""
    for name in fields:
        if name == "provenance":
            yield "    where it comes from is another"
            continue
        yield f"    {name}"
        for sign, case in (("-", old), ("+", new)):
            yield "    " + click.style(
                f"{sign} {_short(cell(getattr(case, name))) or '(none)'}", fg=COLOURS[sign]
            )


def _short(text: str) -> str:
    return one_line(clean(text), LONG)
