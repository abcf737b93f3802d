"""The cases of an eval set, for the tool that runs them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sayso_ingest.cli.export.account import say_written, write_account
from sayso_ingest.cli.options import say
from sayso_ingest.errors import NotFound
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.evalsets import Split, Version


def export_set(
    settings: Settings, kind: str, name: str, number: int | None, out: Path | None, side: Split | None
) -> None:
    """Write the cases of a version, the newest without a number; without `out` only count."""
    from sayso_ingest import export as room
    from sayso_ingest.warehouse import Published, home_of

    format = room.find_case_format(kind)
    with Published.open(home_of(settings)) as published:
        manifest = room.export_cases(
            _version(settings, name, number), format, published.query, out=out, side=side
        )
    say(f"{manifest.set} v{manifest.version}{f', {side}' if side else ''}, as {manifest.format}")
    write_account(manifest.rows())
    say_written(out, manifest.files)


def _version(settings: Settings, name: str, number: int | None) -> Version:
    from sayso_ingest import evalsets

    if number is not None:
        return evalsets.read(settings.project_folder, name, number)
    newest = evalsets.latest(settings.project_folder, name)
    if newest is None:
        known = ", ".join(evalsets.set_names(settings.project_folder)) or "none yet"
        raise NotFound(f"There is no eval set {name!r}. There are: {known}. Promote candidates to make one.")
    return newest
