"""What holds for each registry alike: keys.json, users.json and projects.json."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from nobody import nobody
from sayso_ingest.errors import SaysoError
from sayso_ingest.keys import KeyRing, create_key
from sayso_ingest.projects import ProjectBook, enlist_project
from sayso_ingest.registry import Registry
from sayso_ingest.users import Role, UserBook, add_user


@dataclass(frozen=True)
class Kind:
    """A registry, and how an entry with a name gets into it."""

    open: Callable[..., Registry[Any]]
    make: Callable[[Path, str], object]
    name_of: Callable[[Any], str]


KINDS = {
    "keys": Kind(
        KeyRing, lambda path, name: create_key(path, kind="sk", project="p", note=name), lambda key: key.note
    ),
    "users": Kind(
        UserBook,
        lambda path, name: add_user(path, name, role=Role.READ, password=None),
        lambda user: user.name,
    ),
    "projects": Kind(ProjectBook, enlist_project, lambda project: project.name),
}


@dataclass(frozen=True)
class Place:
    """A file of one kind."""

    kind: Kind
    path: Path

    def open(self, **more: Any) -> Registry[Any]:
        return self.kind.open(self.path, **more)

    def make(self, name: str = "first") -> None:
        self.kind.make(self.path, name)

    def names(self, registry: Registry[Any] | None = None) -> list[str]:
        return [self.kind.name_of(entry) for entry in (registry or self.open()).entries()]


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return Place(KINDS[request.param], tmp_path / "data" / f"{request.param}.json")


def test_entries_are_listed_in_the_order_in_which_they_were_made_and_the_file_is_its_owners_alone(
    place: Place,
) -> None:
    for name in ("b", "c", "a"):
        place.make(name)
    assert place.names() == ["b", "c", "a"]
    assert stat.S_IMODE(place.path.stat().st_mode) == 0o600


def test_entries_made_at_the_same_time_are_all_kept(place: Place) -> None:
    names = [f"e{number}" for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(place.make, names))
    assert sorted(place.names()) == names


def test_who_follows_the_file_sees_what_is_made_later(place: Place) -> None:
    registry = place.open()
    assert registry.entries() == ()
    place.make()
    assert place.names(registry) == ["first"]


def test_whoever_looks_now_and_then_only_sees_it_then(place: Place) -> None:
    seconds = 100.0
    registry = place.open(look_every=0.25, clock=lambda: seconds)
    place.make()
    seconds += 0.2
    assert place.names(registry) == []
    seconds += 0.1
    assert place.names(registry) == ["first"]


@pytest.mark.parametrize("spoil", [lambda path: path.write_text("{"), Path.unlink], ids=["damaged", "gone"])
def test_what_was_read_stays_in_use_and_what_to_do_is_said_once(
    place: Place, spoil: Callable[[Path], object], caplog: pytest.LogCaptureFixture
) -> None:
    place.make()
    registry = place.open()
    spoil(place.path)
    assert place.names(registry) == place.names(registry) == ["first"]
    [said] = caplog.messages
    assert f"{place.path} is " in said
    assert "estore it from a backup" in said or "Put it back, or " in said
    place.path.unlink(missing_ok=True)
    assert place.names(registry) == ["first"]


def test_a_file_in_a_folder_that_may_not_be_entered_is_no_missing_one(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    """Who opens it is told so; who has read it before goes on with that."""
    place.make()
    registry = place.open()
    place.path.parent.chmod(0o700 if os.geteuid() == 0 else 0)
    with nobody(place.path.parent):
        with pytest.raises(SaysoError, match=r"cannot be read \(Permission denied\).*check who owns"):
            place.open()
        assert place.names(registry) == place.names(registry) == ["first"]
    place.path.parent.chmod(0o700)
    assert len(caplog.messages) == 1
    place.make("second")
    assert place.names(registry) == ["first", "second"]


def test_a_file_that_could_not_be_read_for_a_while_is_read_when_it_can_be_though_it_looks_the_same(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    place.make()
    registry = place.open()
    place.make("second")
    good, at = place.path.read_bytes(), place.path.stat().st_mtime_ns

    def write(content: bytes) -> None:
        """In the same file, of the same size and time."""
        with place.path.open("r+b") as file:
            file.write(content)
        os.utime(place.path, ns=(at, at))

    write(b"x" * len(good))
    for _ in range(3):
        assert place.names(registry) == ["first"]
    assert len(caplog.records) == 1
    write(good)
    assert place.names(registry) == ["first", "second"]


@pytest.mark.parametrize(
    ("text", "next_step"),
    [
        ("", "Restore it from a backup."),
        ("{", "Restore it from a backup."),
        ("[]", "Restore it from a backup."),
        ("[" * 100_000, "Restore it from a backup."),
        ('{"version": 1}', "Restore it from a backup."),
        ('{"version": 1, "NAME": 7}', "Restore it from a backup."),
        ('{"version": 1, "NAME": [7]}', "Restore it from a backup."),
        ('{"version": 1, "NAME": [{}]}', "Restore it from a backup."),
        ('{"version": 9, "NAME": []}', "Upgrade it."),
    ],
)
def test_a_file_that_is_bad_from_the_start_is_an_error_that_says_so_in_words_and_nobody_writes_over_it(
    place: Place, text: str, next_step: str
) -> None:
    place.path.parent.mkdir()
    place.path.write_text(text.replace("NAME", place.path.stem))
    before = place.path.read_bytes()
    for use in (place.open, place.make):
        with pytest.raises(SaysoError) as raised:
            use()
        assert str(raised.value).startswith(f"{place.path} ")
        assert str(raised.value).endswith(next_step)
        assert "Error(" not in str(raised.value)
    assert place.path.read_bytes() == before


def test_fields_of_a_later_version_are_ignored_when_read(place: Place) -> None:
    place.make()
    held = json.loads(place.path.read_text())
    held[place.path.stem][0]["later"] = True
    place.path.write_text(json.dumps(held))
    assert place.names() == ["first"]
