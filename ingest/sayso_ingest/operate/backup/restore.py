"""Restoring a backup: checked before it begins, put into place whole, and then landing goes on from where it was."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sayso_ingest import erased_ids
from sayso_ingest.errors import SaysoError
from sayso_ingest.eventlog import copy_log, count_records, written_files
from sayso_ingest.operate.backup import copying
from sayso_ingest.operate.backup.draft import draft_of, is_taken
from sayso_ingest.operate.backup.make import LakeOf
from sayso_ingest.operate.backup.manifest import Manifest
from sayso_ingest.operate.backup.read_back import check
from sayso_ingest.operate.landing import landing_alone
from sayso_ingest.operate.move_warehouse import move_warehouse
from sayso_ingest.operate.project import claim_folder, project_folders
from sayso_ingest.places import log_folder
from sayso_ingest.warehouse import Lake, state_of

ASIDE = ".replaced-"
"""Between the name of a folder that was moved aside, and when."""


def restore(
    backup: Path,
    data: Path,
    *,
    replace: bool = False,
    lake_of: LakeOf = lambda _: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> tuple[Manifest, Path | None]:
    """Make `data` of a backup; with `replace`, what is there is moved aside first. Return where it was moved to, too.

    Warehouses are files then, also of what has a lake: `into_lakes` is the second half.

    Raises:
        NotFound: `backup` is no backup.
        SaysoError: it is damaged, or `data` or a lake holds something, or cannot be written; nothing was changed then.
    """
    data = data.absolute()
    manifest = check(backup)
    _refuse_half_done(data)
    for name in manifest.projects:
        _refuse_full(lake_of(name))
    taken = is_taken(data)
    if taken and not replace:
        raise SaysoError(
            f"{data} is not empty. Name another folder with --data, or say --replace: then what is there is moved "
            "aside, nothing of it is removed, and what its log holds beyond the backup is taken over."
        )
    if taken and data.is_mount():
        raise SaysoError(
            f"A disk is mounted at {data}, so what is there cannot be moved aside. Move it into a folder on that disk, "
            "or restore into one and name it with SAYSO_DATA from then on. Nothing was changed."
        )
    aside = data.with_name(f"{data.name}{ASIDE}{now():%Y%m%dT%H%M%S}") if taken else None
    with _at_rest(data, taken=taken), draft_of(data, doing="restore") as draft:
        _fill(draft, backup, manifest)
        if aside is not None:
            for name, entry in manifest.projects.items():
                _take_over_log(log_folder(data / name), log_folder(draft / name), entry.damaged)
                erased_ids.add(draft / name, erased_ids.erased_in(data / name))
            copying.seal(draft)
        _let_in_whom_it_let_in(draft, data)
        if aside is not None:
            _refuse_collectors(data)  # one may have been started meanwhile
            data.rename(aside)
    return manifest, aside


def into_lakes(
    manifest: Manifest, data: Path, lake_of: LakeOf, *, say: Callable[[str], None] = lambda _: None
) -> list[Lake]:
    """Take what was restored from its files into the projects' lakes; return those.

    Until a lake has all of it, its lander refuses to begin; `sayso warehouse move` finishes what was killed.

    Raises:
        SaysoError: it could not be done; the files are as they were restored.
    """
    filled = []
    for name, entry in manifest.projects.items():
        lake = lake_of(name)
        if lake and entry.landing is not None:
            # The backup has what the file had; here it would be in the way of an erasure.
            move_warehouse(data / name, lake, say=say).kept.unlink()
            filled.append(lake)
    return filled


def _refuse_full(lake: Lake | None) -> None:
    """See that nothing has landed where the backup is to go."""
    landing = state_of(lake).landing if lake else 0
    if lake and landing:
        raise SaysoError(
            f"{lake} is not empty: it is at landing {landing}. Name another one (its database, and SAYSO_LAKE_DATA), "
            f'or take away what is there: DROP SCHEMA "{lake.schema}" CASCADE in its database, then the files below '
            f"{lake.files} in the bucket. Or restore into a file: --warehouse duckdb. Nothing was changed."
        )


def _refuse_half_done(data: Path) -> None:
    """See that no restore was killed when what it replaces was aside, and nothing in its place yet."""
    left = sorted(data.parent.glob(f"{data.name}{ASIDE}*"))
    if left and not data.exists():
        raise SaysoError(
            f"{data} is not there, and {left[-1]} is beside it: a restore was killed in between, and that may hold "
            f"what was accepted after the backup. Put it back (mv {left[-1]} {data}), then type this again."
        )


@contextmanager
def _at_rest(data: Path, *, taken: bool) -> Iterator[None]:
    """See that nobody works on a folder that is replaced, and that no service or lander begins to.

    Raises:
        SaysoError: a service, a lander or a collector does.
    """
    if not taken:
        yield
        return
    claim_folder(data)  # until this process ends
    with landing_alone(data, None):
        _refuse_collectors(data)
        yield


def _refuse_collectors(data: Path) -> None:
    for folder in project_folders(data):
        if written_files(log_folder(folder)):
            raise SaysoError(
                f"A collector writes into {log_folder(folder)}: what it accepts from now on would be lost. Stop all "
                "collectors on this folder, then type this again; clients keep what they have meanwhile. Nothing was "
                "changed."
            )


def _fill(draft: Path, backup: Path, manifest: Manifest) -> None:
    for path in manifest.files:
        (draft / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(backup / path, draft / path)
    for name in manifest.projects:
        log_folder(draft / name).mkdir(parents=True, exist_ok=True)  # by which a project is known
    if copying.seal(draft) != manifest.files:
        raise SaysoError(
            f"What was written to {draft.parent} is not what the backup holds: is its disk in order?"
        )


def _let_in_whom_it_let_in(draft: Path, data: Path) -> None:
    """Give everything the mode of what it replaces, and its owner where that can be done; analysts may read by a group.

    What replaces nothing belongs to whom the folder belongs that it lies in, and a folder has that one's mode too.
    """
    for path in (draft, *sorted(draft.rglob("*"))):
        before = data / path.relative_to(draft)
        is_new = not before.exists()
        like = (data.parent if path == draft else path.parent) if is_new else before
        found = like.stat()
        if os.geteuid() == 0:
            os.chown(path, found.st_uid, found.st_gid)
        if not is_new or (path.is_dir() and path != draft):
            path.chmod(stat.S_IMODE(found.st_mode))


def _take_over_log(there: Path, restored: Path, damaged: Collection[str]) -> None:
    """Add what was acknowledged after the backup and is still in the log: it lands as it would have."""
    if there.is_dir():
        copy_log(there, restored, beyond=count_records(restored, without=damaged))
