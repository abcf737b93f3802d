"""Projects and their keys, on a real folder."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from sayso_ingest.errors import SaysoError
from sayso_ingest.keys import KeyRing
from sayso_ingest.operate import ensure_project, project_folders
from sayso_ingest.operate.collector import service_key
from sayso_ingest.places import keys_file, service_key_file


def test_a_new_project_gets_one_key_for_back_ends_and_one_for_pages_on_this_machine(tmp_path: Path) -> None:
    first = ensure_project(tmp_path / "data", "p")
    assert first
    ring = KeyRing(keys_file(tmp_path / "data"))
    secret, publishable = ring.find(first.secret), ring.find(first.publishable)
    assert secret and publishable
    assert (secret.kind, secret.project) == ("sk", "p")
    assert (publishable.kind, publishable.project) == ("pk", "p")
    assert publishable.allows_origin("http://localhost:3000")
    assert not publishable.allows_origin("https://www.example.com")


def test_the_first_keys_are_made_once(tmp_path: Path) -> None:
    ensure_project(tmp_path, "p")
    before = keys_file(tmp_path).read_text()
    assert ensure_project(tmp_path, "p") is None
    assert keys_file(tmp_path).read_text() == before


def test_every_project_gets_first_keys_of_its_own(tmp_path: Path) -> None:
    assert ensure_project(tmp_path, "a")
    assert ensure_project(tmp_path, "b")
    assert [folder.name for folder in project_folders(tmp_path)] == ["a", "b"]


def test_local_commands_find_a_secret_key_of_their_own_that_only_the_owner_reads(tmp_path: Path) -> None:
    ensure_project(tmp_path, "p")
    path = service_key_file(tmp_path / "p")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = KeyRing(keys_file(tmp_path)).find(path.read_text().strip())
    assert key and (key.kind, key.project) == ("sk", "p")


@pytest.mark.parametrize("other", [b"sk_from_another_backup\n", b"\xff\xfe"])
def test_a_service_key_that_is_not_in_the_ring_is_replaced(tmp_path: Path, other: bytes) -> None:
    ensure_project(tmp_path, "p")
    path = service_key_file(tmp_path / "p")
    path.write_bytes(other)
    assert service_key(tmp_path / "p")
    ensure_project(tmp_path, "p")
    assert KeyRing(keys_file(tmp_path)).find(path.read_text().strip())


def test_a_folder_that_cannot_be_made_is_refused_with_the_option_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SaysoError, match=r"cannot be used: .*--data DIR or SAYSO_DATA"):
        ensure_project(tmp_path / "file", "p")


def test_a_project_is_a_folder_with_a_service_key_or_a_log(tmp_path: Path) -> None:
    for name in ("logged/log", "stray"):
        (tmp_path / name).mkdir(parents=True)
    os.mkfifo(tmp_path / "pipe")
    ensure_project(tmp_path, "keyed")
    assert [folder.name for folder in project_folders(tmp_path)] == ["keyed", "logged"]


def test_a_folder_that_is_not_there_holds_no_project(tmp_path: Path) -> None:
    assert project_folders(tmp_path / "none") == []


@pytest.mark.skipif(os.name != "posix", reason="about Unix permissions")
def test_a_new_data_folder_is_for_its_user_alone(tmp_path: Path) -> None:
    """One that was there before keeps the rights that somebody gave it."""
    ensure_project(tmp_path / "new", "default")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    (tmp_path / "old").mkdir(mode=0o755)
    ensure_project(tmp_path / "old", "default")
    assert (tmp_path / "old").stat().st_mode & 0o777 == 0o755
