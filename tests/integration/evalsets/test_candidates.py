"""Candidates move forward: proposed, reviewed, promoted."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sayso_ingest import evalsets
from sayso_ingest.errors import NotFound, SaysoError, UsageError
from sayso_ingest.evalsets import State
from unit.evalsets.test_case import case

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ONE, TWO, THREE = (case(text) for text in ("Where is my parcel?", "I lost my password", "Send the invoice"))


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
    evalsets.review_candidates(tmp_path, "help", [ONE.case_id], note="good one", now=NOW)
    added = evalsets.propose(tmp_path, "help", [ONE, TWO, TWO], now=NOW)
    assert [proposal.case for proposal in added] == [TWO]
    assert states(tmp_path) == {ONE.input: State.REVIEWED, TWO.input: State.CANDIDATE}


def test_a_candidate_is_reviewed_then_promoted_keeps_its_note_and_never_goes_back(tmp_path: Path) -> None:
    evalsets.propose(tmp_path, "help", [ONE], now=NOW)
    evalsets.review_candidates(tmp_path, "help", [ONE.case_id], note="good one", now=NOW)
    evalsets.promote_candidates(tmp_path, "help", [ONE.case_id], now=NOW)
    (promoted,) = evalsets.proposals(tmp_path, "help")
    assert (promoted.state, promoted.note) == (State.PROMOTED, "good one")
    assert promoted.changed_at == "2026-03-01T12:00:00Z"
    with pytest.raises(UsageError, match="Already promoted"):
        evalsets.review_candidates(tmp_path, "help", [ONE.case_id])


def test_the_beginning_of_an_id_names_a_case_where_it_fits_one_only(tmp_path: Path) -> None:
    evalsets.propose(tmp_path, "help", [ONE, TWO], now=NOW)
    (reviewed,) = evalsets.review_candidates(tmp_path, "help", [TWO.case_id[:12]], now=NOW)
    assert reviewed.case == TWO
    with pytest.raises(UsageError, match="fits several candidates"):
        evalsets.review_candidates(tmp_path, "help", [""])


@pytest.mark.parametrize("change", [evalsets.review_candidates, evalsets.promote_candidates])
def test_an_id_that_nobody_proposed_is_refused_and_nothing_moves(
    change: Callable[[Path, str, list[str]], object], tmp_path: Path
) -> None:
    evalsets.propose(tmp_path, "help", [ONE], now=NOW)
    with pytest.raises(NotFound, match=f"{TWO.case_id} is not the id of a candidate"):
        change(tmp_path, "help", [ONE.case_id, TWO.case_id])
    assert states(tmp_path) == {ONE.input: State.CANDIDATE}
    assert evalsets.latest(tmp_path, "help") is None


def test_all_that_wait_become_a_version_but_those_left_out(tmp_path: Path) -> None:
    evalsets.propose(tmp_path, "help", [ONE, TWO, THREE], now=NOW)
    first = evalsets.promote_candidates(tmp_path, "help", leave_out=[TWO.case_id[:12]], now=NOW)
    assert {case.input for case in first.cases} == {ONE.input, THREE.input}
    assert states(tmp_path)[TWO.input] == State.CANDIDATE
    second = evalsets.promote_candidates(tmp_path, "help", now=NOW)
    assert len(second.cases) == 3
    assert set(states(tmp_path).values()) == {State.PROMOTED}
    with pytest.raises(UsageError, match="nothing to promote"):
        evalsets.promote_candidates(tmp_path, "help", now=NOW)


class TestAPromotionThatWasCutShort:
    """The version is written, then the disk fails before the candidates are marked."""

    @pytest.fixture
    @staticmethod
    def folder(tmp_path: Path) -> Path:
        evalsets.propose(tmp_path, "help", [ONE, TWO], now=NOW)
        in_the_way = tmp_path / "mining" / "help" / "candidates.draft"
        in_the_way.mkdir()
        with pytest.raises(SaysoError, match=r"candidates\.draft cannot be written"):
            evalsets.promote_candidates(tmp_path, "help", [ONE.case_id], now=NOW)
        in_the_way.rmdir()
        assert states(tmp_path)[ONE.input] == State.CANDIDATE
        return tmp_path

    def test_is_made_up_for_when_it_is_done_again(self, folder: Path) -> None:
        again = evalsets.promote_candidates(folder, "help", [ONE.case_id], now=NOW)
        assert evalsets.versions(folder, "help") == [again]
        assert states(folder) == {ONE.input: State.PROMOTED, TWO.input: State.CANDIDATE}

    @pytest.mark.parametrize("which", [None, [TWO.case_id]])
    def test_does_not_keep_others_from_being_promoted(self, folder: Path, which: list[str] | None) -> None:
        second = evalsets.promote_candidates(folder, "help", which, now=NOW)
        assert (second.number, len(second.cases)) == (2, 2)
        assert set(states(folder).values()) == {State.PROMOTED}


def test_promotions_at_the_same_time_follow_each_other(tmp_path: Path) -> None:
    cases = [case(f"Question {number}") for number in range(4)]
    evalsets.propose(tmp_path, "help", cases, now=NOW)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: evalsets.promote_candidates(tmp_path, "help", [one.case_id]), cases))
    assert [len(version.cases) for version in evalsets.versions(tmp_path, "help")] == [1, 2, 3, 4]
    assert set(states(tmp_path).values()) == {State.PROMOTED}


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    evalsets.propose(tmp_path, "help", [ONE], now=NOW)
    path = tmp_path / "mining" / "help" / "candidates.jsonl"
    path.write_bytes(path.read_bytes() + b"{broken\n")
    with pytest.raises(SaysoError, match="Line 2"):
        evalsets.proposals(tmp_path, "help")


@pytest.mark.parametrize("line", [b"[]", b"{}", b'{"case": 1}', b'{"case": {}}'])
def test_a_line_that_is_no_candidate_names_the_file(tmp_path: Path, line: bytes) -> None:
    evalsets.propose(tmp_path, "help", [ONE], now=NOW)
    path = tmp_path / "mining" / "help" / "candidates.jsonl"
    path.write_bytes(line + b"\n")
    with pytest.raises(SaysoError, match=str(path)):
        evalsets.proposals(tmp_path, "help")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "mining").write_text("a file in the way")
    with pytest.raises(SaysoError, match=r"mining/help cannot be written: .*Check that"):
        evalsets.propose(tmp_path, "help", [ONE], now=NOW)
