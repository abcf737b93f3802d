"""console.sqlite: one writer at a time, whole or not at all, bounded, and nothing for a project that is not there."""

from __future__ import annotations

import sqlite3
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sayso_ingest.console import audit, reading
from sayso_ingest.console.identity import Identity
from sayso_ingest.console.state import FILE, State
from sayso_ingest.errors import NotFound, SaysoError
from sayso_ingest.users import Role

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANA = Identity("ana", Role.ANNOTATE, "password")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "default"
    folder.mkdir()
    return folder


def record(state: State, what: str) -> None:
    with state.writing() as writing:
        audit.record(writing, ANA, what, now=NOW)


def said(state: State) -> list[str]:
    return [row["what"] for row in state.read("audit", before=None, who="", limit=1000)]


def test_what_was_written_is_there_for_the_next_process_and_for_its_owner_alone(folder: Path) -> None:
    record(State(folder), "looked")
    assert said(State(folder)) == ["looked"]
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600


def test_a_transaction_that_fails_leaves_nothing(folder: Path) -> None:
    state = State(folder)

    def fail() -> None:
        with state.writing() as writing:
            audit.record(writing, ANA, "half", now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert said(state) == []
    record(state, "whole")
    assert said(state) == ["whole"]


def test_threads_and_second_consoles_write_one_after_the_other(folder: Path) -> None:
    states = [State(folder), State(folder)]
    threads = [threading.Thread(target=record, args=(states[n % 2], str(n))) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said(states[0]), key=int) == [str(n) for n in range(40)]


def test_consoles_that_begin_at_once_take_turns_to_make_the_file(tmp_path: Path) -> None:
    for number in range(60):
        folder = tmp_path / f"project_{number}"
        folder.mkdir()
        with ThreadPoolExecutor(8) as consoles:
            assert list(consoles.map(said, [State(folder) for _ in range(8)])) == [[]] * 8


def test_a_project_that_is_not_there_has_nothing_and_gets_nothing(tmp_path: Path) -> None:
    state = State(tmp_path / "mistyped")
    assert said(state) == []
    with pytest.raises(NotFound, match="mistyped"), state.writing():
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_a_newer_version_is_left_alone(folder: Path) -> None:
    record(State(folder), "looked")
    with sqlite3.connect(folder / FILE) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(SaysoError, match="newer sayso"):
        said(State(folder))


def test_a_file_that_is_none_is_an_error_that_names_it(folder: Path) -> None:
    (folder / FILE).write_bytes(b"no database" * 1000)
    with pytest.raises(SaysoError, match=r"console\.sqlite cannot be used"):
        said(State(folder))


def test_the_record_keeps_the_newest(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "MOST", 3)
    state = State(folder)
    for number in range(6):
        record(state, str(number))
    assert said(state) == ["5", "4", "3"]


def test_marks_of_a_person_are_bounded_and_the_newest_stay(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST", 2)
    state = State(folder)
    for number in range(4):
        reading.mark(state, "ana", [f"e{number}"], read=True, now=NOW + timedelta(seconds=number))
    reading.mark(state, "ben", ["e0"], read=True, now=NOW)
    assert reading.read_by(state, "ana").marks == {"e2", "e3"}
    assert reading.read_by(state, "ben").marks == {"e0"}


def test_reading_all_forgets_single_marks_and_never_goes_back(folder: Path) -> None:
    state = State(folder)
    reading.mark(state, "ana", ["e1"], read=True, now=NOW)
    reading.mark_all(state, "ana", until=NOW)
    reading.mark_all(state, "ana", until=NOW - timedelta(days=1))
    read = reading.read_by(state, "ana")
    assert not read.marks
    assert read.has("any", NOW.replace(tzinfo=None))
    assert not read.has("any", NOW.replace(tzinfo=None) + timedelta(microseconds=1))
