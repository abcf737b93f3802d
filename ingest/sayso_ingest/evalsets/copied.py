"""A version written into a git tree as well: DIR/NAME/vN, the same bytes, for people to commit and review."""

from __future__ import annotations

from pathlib import Path

from sayso_ingest.errors import UsageError
from sayso_ingest.evalsets.files import checked_name, reachable, write_durably
from sayso_ingest.evalsets.next_version import new_folder
from sayso_ingest.evalsets.version import CASES, MANIFEST, Version, latest


def check_room(folder: Path, name: str, out: Path) -> None:
    """See that the next version of a set could be written into a tree, before it is made.

    Raises:
        UsageError: the tree has a version of that number already.
    """
    version = latest(folder, name)
    place = out / checked_name(name) / f"v{version.number + 1 if version else 1}"
    if place.exists():
        raise _taken(place)


def write_copy(version: Version, out: Path) -> Path:
    """Write a version into a tree and return its folder there; one that is there already is left as it is.

    Raises:
        UsageError: the tree has another version of that number.
        SaysoError: it cannot be written.
    """
    place = out / version.name / version.path.name
    with reachable(version.path, doing="read"):
        files = {name: (version.path / name).read_bytes() for name in (CASES, MANIFEST)}
    if place.exists():
        if any(
            not (place / name).is_file() or (place / name).read_bytes() != data
            for name, data in files.items()
        ):
            raise _taken(place)
        return place
    with new_folder(place.parent, place.name) as draft:
        for name, data in files.items():
            write_durably(draft / name, data)
    return place


def _taken(place: Path) -> UsageError:
    return UsageError(
        f"{place} is another version than the one that would be written there, and versions are never overwritten. "
        "Name another folder with --out, or bring the two in line: the folder of a version in the project is listed "
        "by `sayso evalset list`."
    )
