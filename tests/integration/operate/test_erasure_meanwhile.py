"""Who is erased while others are at work, or the disk fills up, is gone at the end, also from what these write then."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from disks import full, mounted
from integration.operate.ann import ANN, ANSWER, TRACES, erase, make
from integration.operate.traces import found_in
from made import made_once
from sayso_ingest.errors import SaysoError, UsageError
from sayso_ingest.evalsets import EvalCase, add_cases, deliver, find_cases, proposals, propose
from sayso_ingest.evalsets.candidates import Proposal, State, write
from sayso_ingest.evalsets.repository import Repository
from sayso_ingest.eventlog import open_reader
from sayso_ingest.operate.erasure import erase as carry_out
from sayso_ingest.operate.tables import open_tables
from sayso_ingest.places import project_folder, themes_file
from sayso_ingest.settings import Settings
from sayso_ingest.warehouse import Published, Subject
from service import run_here


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Ann is in everything that an installation keeps; bea is, too."""
    made_once(tmp_path / "data", make)
    return tmp_path / "data"


def read(folder: Path) -> list[EvalCase]:
    """Ann's case and bea's, as somebody reads them before the erasure."""
    with Published.open(folder) as copy:
        return find_cases(copy.query, [ANSWER, "answer-2"], reason="r")


def test_what_was_erased_since_it_was_read_is_not_written(data: Path, tmp_path: Path) -> None:
    """Neither proposed, nor put into a set, nor into a branch."""
    folder = project_folder(data, "default")
    mine = read(folder)[0]
    erase(data, "--actor", ANN, "--yes")
    assert propose(folder, "late", [mine]) == []
    with pytest.raises(UsageError):
        add_cases(folder, "late", [mine])
    with pytest.raises(SaysoError, match="erased meanwhile"):
        deliver(folder, "late", [mine], into=Repository(tmp_path, ""), page="", now=datetime.now(UTC))
    assert found_in(data, *TRACES) == []


@pytest.mark.parametrize("who", [("--actor", ANN), ("--actor", "nobody-at-all"), ("--again",)])
def test_what_was_written_of_somebody_after_the_erasure_goes_with_the_next_one(
    data: Path, who: tuple[str, ...]
) -> None:
    """By somebody who looked just before the ids were known, or works with an earlier version."""
    folder = project_folder(data, "default")
    mine, other = read(folder)
    erase(data, "--actor", ANN, "--yes")
    late = [Proposal(mine, State.CANDIDATE, "2026-03-01T12:00:00Z")]
    write(folder, "next", [*proposals(folder, "next"), *late])
    erase(data, *who, "--yes")
    assert found_in(data, *TRACES) == []
    assert [one.case.input for one in proposals(folder, "next")] == [other.input]


def test_on_a_full_disk_it_says_so_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", megabytes=24) as disk:
        data = disk / "data"
        make(data)
        with full(disk):
            outcome = run_here("erase", "--data", data, "--actor", ANN, "--yes")
        assert outcome.returncode == 1
        assert "The disk is full, and not all of it is erased" in outcome.stderr
        assert "run the same command again: it goes on" in outcome.stderr
        erase(data, "--actor", ANN, "--yes")
        assert found_in(data, *TRACES) == []


def test_what_is_written_while_it_is_erased_goes_too(data: Path) -> None:
    """The clock is looked at between the steps, and whoever is under way writes at each."""
    folder, settings = project_folder(data, "default"), Settings.load(data=data)
    cases = read(folder)

    def now() -> datetime:
        propose(folder, "next", cases)
        themes_file(folder).write_text(TRACES[0])
        return datetime.now(UTC)

    carry_out(
        folder,
        Subject(actor=ANN),
        home=folder,
        open_reader=partial(open_reader, "sqlite", folder=folder / "log", project="default"),
        open_tables=partial(open_tables, settings, folder),
        log="sqlite",
        now=now,
    )
    assert found_in(data, *TRACES) == []
    assert len(proposals(folder, "next")) == 1
