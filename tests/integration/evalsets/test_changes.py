"""A set goes on by what is added and what is retired, each in a version of its own."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest import evalsets
from sayso_ingest.errors import NotFound, SaysoError, UsageError
from sayso_ingest.evalsets import EvalCase, State
from unit.evalsets.test_case import case

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ONE, TWO, THREE = (case(text) for text in ("Where is my parcel?", "I lost my password", "Send the invoice"))
POOL = [case(f"Question {number}") for number in range(8)]


def retire(folder: Path, *cases: EvalCase, reason: str = "asked no more") -> evalsets.Version:
    return evalsets.retire_cases(folder, "help", [one.case_id for one in cases], reason=reason, now=NOW)


def states(folder: Path) -> dict[str, tuple[State, str]]:
    return {one.case.input: (one.state, one.note) for one in evalsets.proposals(folder, "help")}


def test_a_retired_case_is_missing_from_the_next_version_which_says_why(tmp_path: Path) -> None:
    first = evalsets.promote(tmp_path, "help", [ONE, TWO, THREE], now=NOW)
    second = retire(tmp_path, TWO, ONE)
    assert [one.case_id for one in second.cases] == [THREE.case_id]
    assert {one.case_id: one.reason for one in second.retired} == dict.fromkeys(
        [ONE.case_id, TWO.case_id], "asked no more"
    )
    manifest = json.loads((second.path / "manifest.json").read_bytes())
    assert [one["case_id"] for one in manifest["retired"]] == sorted([ONE.case_id, TWO.case_id])
    assert (manifest["cases"], manifest["added"], manifest["parent_sha256"]) == (1, 0, first.sha256)
    assert evalsets.versions(tmp_path, "help") == [first, second]


def test_a_retired_case_is_not_proposed_again_and_comes_back_when_it_is_reviewed(tmp_path: Path) -> None:
    evalsets.propose(tmp_path, "help", [ONE, TWO], now=NOW)
    evalsets.promote_candidates(tmp_path, "help", now=NOW)
    retire(tmp_path, ONE)
    assert evalsets.propose(tmp_path, "help", [ONE], now=NOW) == []
    assert states(tmp_path)[ONE.input] == (State.DECLINED, "asked no more")
    evalsets.review_candidates(tmp_path, "help", [ONE.case_id], note="asked again", now=NOW)
    third = evalsets.promote_candidates(tmp_path, "help", now=NOW)
    assert {one.input for one in third.cases} == {ONE.input, TWO.input}
    assert states(tmp_path)[ONE.input] == (State.PROMOTED, "asked again")


def test_also_a_case_that_nobody_proposed_is_not_proposed_after_it_was_retired(tmp_path: Path) -> None:
    evalsets.add_cases(tmp_path, "help", [ONE, TWO], now=NOW)
    retire(tmp_path, ONE)
    assert evalsets.propose(tmp_path, "help", [ONE], now=NOW) == []
    assert states(tmp_path) == {ONE.input: (State.DECLINED, "asked no more")}


def test_a_retirement_that_was_cut_short_leaves_a_case_that_can_be_reviewed(tmp_path: Path) -> None:
    evalsets.propose(tmp_path, "help", [ONE, TWO], now=NOW)
    evalsets.promote_candidates(tmp_path, "help", now=NOW)
    in_the_way = tmp_path / "mining" / "help" / "candidates.draft"
    in_the_way.mkdir()
    with pytest.raises(SaysoError, match=r"candidates\.draft cannot be written"):
        retire(tmp_path, ONE)
    in_the_way.rmdir()
    assert states(tmp_path)[ONE.input][0] == State.PROMOTED
    evalsets.review_candidates(tmp_path, "help", [ONE.case_id], now=NOW)
    assert len(evalsets.promote_candidates(tmp_path, "help", now=NOW).cases) == 2


def test_what_is_added_by_hand_marks_the_candidate_of_the_same_question(tmp_path: Path) -> None:
    evalsets.propose(tmp_path, "help", [ONE, TWO], now=NOW)
    better = case(ONE.input, expected="It arrives today.", reference_kind="written", stratum="manual")
    version = evalsets.add_cases(tmp_path, "help", [better], note="asked by all", now=NOW)
    assert [(one.expected, one.stratum) for one in version.cases] == [("It arrives today.", "manual")]
    assert states(tmp_path) == {ONE.input: (State.PROMOTED, "asked by all"), TWO.input: (State.CANDIDATE, "")}


def test_nothing_is_proposed_by_adding(tmp_path: Path) -> None:
    evalsets.add_cases(tmp_path, "help", [ONE], now=NOW)
    assert evalsets.proposals(tmp_path, "help") == []


class TestADeclinedCandidate:
    @pytest.fixture
    @staticmethod
    def folder(tmp_path: Path) -> Path:
        evalsets.propose(tmp_path, "help", [ONE, TWO], now=NOW)
        evalsets.decline_candidates(tmp_path, "help", [ONE.case_id[:12]], note="a test of ours", now=NOW)
        return tmp_path

    def test_keeps_its_note_and_is_not_proposed_again(self, folder: Path) -> None:
        assert states(folder)[ONE.input] == (State.DECLINED, "a test of ours")
        assert evalsets.propose(folder, "help", [ONE], now=NOW) == []
        assert states(folder)[ONE.input] == (State.DECLINED, "a test of ours")

    def test_is_left_out_where_all_are_promoted(self, folder: Path) -> None:
        assert [one.input for one in evalsets.promote_candidates(folder, "help", now=NOW).cases] == [
            TWO.input
        ]

    def test_is_promoted_by_its_name_only_after_another_review(self, folder: Path) -> None:
        with pytest.raises(UsageError, match=f"was declined.*review help {ONE.case_id}"):
            evalsets.promote_candidates(folder, "help", [ONE.case_id], now=NOW)
        evalsets.review_candidates(folder, "help", [ONE.case_id], now=NOW)
        assert len(evalsets.promote_candidates(folder, "help", [ONE.case_id], now=NOW).cases) == 1


def test_what_is_in_the_set_is_retired_and_not_declined(tmp_path: Path) -> None:
    evalsets.propose(tmp_path, "help", [ONE], now=NOW)
    evalsets.promote_candidates(tmp_path, "help", now=NOW)
    with pytest.raises(UsageError, match="sayso evalset retire help"):
        evalsets.decline_candidates(tmp_path, "help", [ONE.case_id])


@pytest.mark.parametrize(
    ("case_ids", "reason", "error", "message"),
    [
        (["zz"], "old", NotFound, "help v1 has no case zz"),
        ([""], "old", UsageError, "fits 2 cases"),
        ([], "old", UsageError, "Name the cases"),
        ([ONE.case_id], " ", UsageError, "Say why"),
        ([ONE.case_id, TWO.case_id], "old", UsageError, "no case left"),
    ],
)
def test_a_retirement_that_cannot_be_makes_no_version(
    tmp_path: Path, case_ids: list[str], reason: str, error: type[Exception], message: str
) -> None:
    evalsets.promote(tmp_path, "help", [ONE, TWO], now=NOW)
    with pytest.raises(error, match=message):
        evalsets.retire_cases(tmp_path, "help", case_ids, reason=reason)
    assert len(evalsets.versions(tmp_path, "help")) == 1


def test_nothing_is_retired_from_a_set_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no eval set 'help'"):
        retire(tmp_path, ONE)


def test_a_version_of_an_earlier_sayso_is_read_and_goes_on(tmp_path: Path) -> None:
    version = evalsets.promote(tmp_path, "help", [ONE, TWO], now=NOW)
    cases, manifest = version.path / "cases.jsonl", version.path / "manifest.json"
    rows = [json.loads(line) for line in cases.read_text().splitlines()]
    old = "".join(json.dumps({k: v for k, v in row.items() if k != "split"}) + "\n" for row in rows)
    cases.write_text(old)
    told = json.loads(manifest.read_bytes()) | {"cases_sha256": hashlib.sha256(old.encode()).hexdigest()}
    manifest.write_text(json.dumps({k: v for k, v in told.items() if k not in ("retired", "splits")}))
    read = evalsets.read(tmp_path, "help", 1)
    assert (read.cases, read.retired) == (version.cases, ())
    second = evalsets.add_cases(tmp_path, "help", [THREE], now=NOW)
    assert evalsets.compare(read, second).changed == ()
    assert all('"split"' in line for line in (second.path / "cases.jsonl").read_text().splitlines())


steps = st.lists(st.sets(st.sampled_from(range(len(POOL))), min_size=1), min_size=1, max_size=5)


@given(steps, st.randoms())
@settings(max_examples=40, deadline=None)
def test_whatever_is_added_and_retired_the_versions_follow_each_other(
    turns: Sequence[set[int]], random: object
) -> None:
    """Each turn adds what the set has not of some cases, else retires them; the model is a set of questions."""
    with tempfile.TemporaryDirectory() as made:
        folder, expected = Path(made), set[int]()
        for turn in turns:
            new, old = turn - expected, turn & expected
            if new:
                given_order = sorted(new)
                random.shuffle(given_order)  # type: ignore[attr-defined]
                evalsets.add_cases(folder, "help", [POOL[n] for n in given_order], now=NOW)
                expected |= new
            elif old != expected:
                retire(folder, *(POOL[n] for n in old))
                expected -= old
            latest = evalsets.latest(folder, "help")
            assert latest
            data = (latest.path / "cases.jsonl").read_bytes()
            assert latest.sha256 == hashlib.sha256(data).hexdigest()
            assert [one.case_id for one in latest.cases] == sorted(POOL[n].case_id for n in expected)
        found = evalsets.versions(folder, "help")
        assert [one.parent for one in found] == [None, *(one.sha256 for one in found[:-1])]
        assert [one.number for one in found] == list(range(1, len(found) + 1))
