"""Which events were erased, in a file beside the warehouse: an older one that is put back, or a new one, knows it too.

The file has their ids alone, which applications drew at random: they name nobody, and only who still has an event can
tell by them that it was erased. A hash of whom it was would tell that to everybody who can guess a name.
"""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path
from typing import TYPE_CHECKING

from sayso_ingest.erased_ids import add, erased_in
from sayso_ingest.errors import ErasedIsBack, SaysoError
from sayso_ingest.places import live_warehouse
from sayso_ingest.warehouse import Home, Lake, count_again, read_statements

if TYPE_CHECKING:
    from sayso_ingest.warehouse import Store  # which takes numpy, and who reads does without

_SQL = read_statements(Path(__file__).with_name("erased.sql"))


def remember(tables: Store, folder: Path) -> None:
    """See that nothing lands again that was ever erased from a project, as far as its folder knows."""
    unknown = erased_in(folder) - _known(tables)
    if unknown:
        tables.remember_erased(sorted(unknown))


def check_none_is_back(tables: Store, folder: Path, *, settings: str = "") -> None:
    """See that nothing is in the warehouse that was erased; `settings` lead an erasure to it, where others hold.

    Raises:
        ErasedIsBack: an older state was put back.
    """
    [(events, rejects)] = tables.query(_SQL["back"])
    if events or rejects:
        raise ErasedIsBack(f"{_said(tables.where, events, rejects)}: {settings}{again_command(folder)}")


def again_command(folder: Path) -> str:
    """What is typed to erase again what came back into a project."""
    return f"sayso erase --again --yes --project {folder.name} --data {folder.parent}"


def back_in(folder: Path, home: Home) -> str:
    """Say what of a project was erased and is there again; nothing where none is, or a lander is at work on it."""
    ids = erased_in(folder)
    place = home if isinstance(home, Lake) else live_warehouse(folder)
    if not ids:
        return ""
    try:
        events, rejects = count_again(place, ids)
    except SaysoError:
        return ""  # why it cannot be opened, others say
    return f"{_said(str(place), events, rejects)}." if events or rejects else ""


def _said(where: str, events: int, rejects: int) -> str:
    return (
        f"{where} has {events:,} events and {rejects:,} rejects that were erased: an older state was put back. "
        "Nothing is landed or published before they are gone again"
    )


def sources_removed(tables: Store) -> dict[str, int]:
    """How far sources were landed whose records went after that."""
    return dict(tables.query(_SQL["sources_removed"]))


def note(tables: Store, folder: Path) -> None:
    """Write down all that was erased."""
    add(folder, _known(tables))


def _known(tables: Store) -> Set[str]:
    return frozenset(one for (one,) in tables.query(_SQL["known"]))
