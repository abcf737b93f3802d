"""Candidates move forward: proposed, reviewed, promoted."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sayso_ingest import evalsets
from sayso_ingest.errors import NotFound, SaysoError, UsageError
from sayso_ingest.evalsets import State
from unit.evalsets.test_case import case

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ONE, TWO = case("Where is my parcel?"), case("I lost my password")


def states(folder: Path) -> dict[str, State]:
    return {proposal.case.input: proposal.state for proposal in evalsets.proposals(folder, "help")}


def test_nothing_is_proposed_at_first(tmp_path: Path) -> None:
    assert evalsets.proposals(tmp_path, "help") == []


def test_what_is_proposed_comes_back_the_same(tmp_path: Path) -> None:
    added = evalsets.propose(tmp_path, "help", [ONE, TWO], now=NOW)
    assert [proposal.case for proposal in added] == [ONE, TWO]
    assert evalsets.proposals(tmp_path, "help") == added


def test_a_question_that_is_known_is_not_proposed_again_and_keeps_its_state(tmp_path: Path) -> None:
    evalsets.propose(tmp_path, "help", [ONE], now=NOW)
    evalsets.advance(tmp_path, "help", [ONE.case_id], to=State.REVIEWED, now=NOW, note="good one")
    added = evalsets.propose(tmp_path, "help", [ONE, TWO, TWO], now=NOW)
    assert [proposal.case for proposal in added] == [TWO]
    assert states(tmp_path) == {ONE.input: State.REVIEWED, TWO.input: State.CANDIDATE}


def test_a_candidate_is_reviewed_then_promoted_and_never_goes_back(tmp_path: Path) -> None:
    evalsets.propose(tmp_path, "help", [ONE], now=NOW)
    evalsets.advance(tmp_path, "help", [ONE.case_id], to=State.REVIEWED, now=NOW, note="good one")
    (promoted,) = evalsets.advance(tmp_path, "help", [ONE.case_id], to=State.PROMOTED, now=NOW)
    assert promoted.note == "good one"
    with pytest.raises(UsageError, match="Already promoted"):
        evalsets.advance(tmp_path, "help", [ONE.case_id], to=State.REVIEWED, now=NOW)


def test_an_id_that_nobody_proposed_is_refused_and_nothing_moves(tmp_path: Path) -> None:
    evalsets.propose(tmp_path, "help", [ONE], now=NOW)
    with pytest.raises(NotFound, match=TWO.case_id):
        evalsets.advance(tmp_path, "help", [ONE.case_id, TWO.case_id], to=State.REVIEWED, now=NOW)
    assert states(tmp_path) == {ONE.input: State.CANDIDATE}


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    evalsets.propose(tmp_path, "help", [ONE], now=NOW)
    path = tmp_path / "mining" / "help" / "candidates.jsonl"
    path.write_bytes(path.read_bytes() + b"{broken\n")
    with pytest.raises(SaysoError, match="Line 2"):
        evalsets.proposals(tmp_path, "help")
