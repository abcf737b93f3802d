"""Versions of eval sets on disk: written once, whole, and never changed."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
from sayso_ingest import evalsets
from sayso_ingest.errors import NotFound, SaysoError, UsageError
from sayso_ingest.evalsets import EvalCase
from unit.evalsets.test_case import case

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ONE, TWO, THREE = (case(text) for text in ("Where is my parcel?", "I lost my password", "Send the invoice"))


def promote(folder: Path, *cases: EvalCase) -> evalsets.Version:
    return evalsets.promote(folder, "help", cases, now=NOW, note="reviewed")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_set_that_is_not_there_has_no_version(tmp_path: Path) -> None:
    assert evalsets.latest(tmp_path, "help") is None
    assert evalsets.versions(tmp_path, "help") == []
    with pytest.raises(NotFound, match="no version 1"):
        evalsets.read(tmp_path, "help", 1)


def test_the_first_version_holds_the_cases_in_order_of_their_ids(tmp_path: Path) -> None:
    version = promote(tmp_path, ONE, TWO)
    assert [one.case_id for one in version.cases] == sorted([ONE.case_id, TWO.case_id])
    assert {one.provenance.since_version for one in version.cases} == {1}
    manifest = json.loads((version.path / "manifest.json").read_bytes())
    assert manifest["created_at"] == "2026-03-01T12:00:00Z"
    assert (manifest["cases"], manifest["added"], manifest["parent"]) == (2, 2, None)
    assert manifest["strata"] == {"mined": 2}


def test_the_next_version_holds_its_parents_cases_and_leaves_the_parent_alone(tmp_path: Path) -> None:
    first = promote(tmp_path, ONE)
    before = files(first.path)
    second = promote(tmp_path, TWO)
    assert files(first.path) == before
    assert (second.number, second.parent) == (2, first.sha256)
    assert {one.case_id: one.provenance.since_version for one in second.cases} == {
        ONE.case_id: 1,
        TWO.case_id: 2,
    }
    assert evalsets.latest(tmp_path, "help") == second
    assert evalsets.versions(tmp_path, "help") == [first, second]
    assert evalsets.compare(first, second).added == (TWO.case_id,)
    assert evalsets.compare(second, first).removed == (TWO.case_id,)


def test_the_same_cases_in_any_order_are_the_same_bytes(tmp_path: Path) -> None:
    promote(tmp_path / "a", ONE, TWO, THREE)
    promote(tmp_path / "b", THREE, ONE, TWO)
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_the_tenth_version_comes_after_the_ninth(tmp_path: Path) -> None:
    for number in range(11):
        promote(tmp_path, case(f"Question {number}"))
    latest = evalsets.latest(tmp_path, "help")
    assert latest
    assert latest.number == 11
    assert len(latest.cases) == 11


def test_nothing_cannot_be_promoted(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="sayso mine --set help"):
        promote(tmp_path)
    assert not files(tmp_path)


def test_a_case_cannot_be_promoted_twice_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"twice at once: {ONE.case_id[:12]}"):
        promote(tmp_path, ONE, case("where is MY parcel"))


def test_a_case_of_the_set_cannot_be_promoted_again(tmp_path: Path) -> None:
    promote(tmp_path, ONE)
    with pytest.raises(UsageError, match="Already in 'help' v1"):
        promote(tmp_path, ONE, TWO)
    assert len(evalsets.versions(tmp_path, "help")) == 1


def test_a_changed_version_is_noticed_when_it_is_read(tmp_path: Path) -> None:
    version = promote(tmp_path, ONE)
    cases = version.path / "cases.jsonl"
    cases.write_bytes(cases.read_bytes().replace(b"On its way", b"Not at all"))
    with pytest.raises(SaysoError, match="was changed after it was written"):
        evalsets.latest(tmp_path, "help")


def test_a_draft_that_a_crash_left_is_no_version(tmp_path: Path) -> None:
    promote(tmp_path, ONE)
    (tmp_path / "evalsets" / "help" / ".v2-x").mkdir()
    (tmp_path / "evalsets" / "half").mkdir()
    assert evalsets.set_names(tmp_path) == ["help"]
    assert promote(tmp_path, TWO).number == 2
    assert [version.number for version in evalsets.all_versions(tmp_path)] == [1, 2]


def test_promotions_at_the_same_time_never_overwrite_each_other(tmp_path: Path) -> None:
    cases = [case(f"Question {number}") for number in range(4)]
    start = Barrier(len(cases))

    def insist(one: EvalCase) -> None:
        start.wait()
        while True:
            try:
                promote(tmp_path, one)
                return
            except SaysoError as error:
                assert "another process meanwhile" in str(error)

    with ThreadPoolExecutor(len(cases)) as pool:
        list(pool.map(insist, cases))
    found = evalsets.versions(tmp_path, "help")
    assert [len(version.cases) for version in found] == [1, 2, 3, 4]
    assert [version.parent for version in found] == [None, *(version.sha256 for version in found[:-1])]
    assert {one.case_id for one in found[-1].cases} == {one.case_id for one in cases}


@pytest.mark.parametrize("name", ["", "..", "a/b", ".hidden", "x" * 65, "a b"])
def test_a_name_that_is_no_folder_of_its_own_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be the name"):
        evalsets.latest(tmp_path, name)


def test_stray_folders_are_no_sets_and_no_versions(tmp_path: Path) -> None:
    first = promote(tmp_path, ONE)
    (tmp_path / "evalsets" / "my set" / "v1").mkdir(parents=True)
    (tmp_path / "evalsets" / "my set" / "v1" / "cases.jsonl").touch()
    (tmp_path / "evalsets" / "help" / "v3").mkdir()
    assert evalsets.all_versions(tmp_path) == [first]
    assert evalsets.latest(tmp_path, "help") == first


@pytest.mark.parametrize("content", [b"{}", b"[]", b"not JSON", b"\xff"])
def test_a_broken_manifest_is_named(tmp_path: Path, content: bytes) -> None:
    manifest = promote(tmp_path, ONE).path / "manifest.json"
    manifest.write_bytes(content)
    with pytest.raises(SaysoError, match=f"{manifest} is not the manifest"):
        evalsets.latest(tmp_path, "help")


@pytest.mark.parametrize("which", [1, 2])
def test_a_version_that_does_not_follow_the_one_before_it_is_noticed(tmp_path: Path, which: int) -> None:
    found = [promote(tmp_path, one) for one in (ONE, TWO, THREE)]
    shutil.rmtree(found[which - 1].path)
    with pytest.raises(SaysoError, match=f"v{which + 1}/manifest.json was not written for a version that"):
        evalsets.versions(tmp_path, "help")


def test_a_set_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "evalsets").write_text("a file in the way")
    with pytest.raises(SaysoError, match=r"evalsets/help cannot be written: .*Check that"):
        evalsets.promote(tmp_path, "help", [ONE])
