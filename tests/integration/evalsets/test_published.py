"""What a set knows of traffic: cases found by their target, where each comes from, and what was said since."""

from __future__ import annotations

from pathlib import Path

import pytest
from integration.mining.project import Events, publish
from sayso_ingest import evalsets
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.evalsets import Problem
from sayso_ingest.warehouse import Published


def project(folder: Path) -> tuple[Events, Published]:
    events = Events()
    events.traffic(8)
    events.add("suggestion", "t001", {"outcome": "accepted"}, actor="ann")
    down = events.add("thumb", "t002", {"value": "down"}, actor="ben")
    events.add("detail", "t002", {"about": down, "reasons": ["wrong"], "comment": "not mine"}, actor="ben")
    events.add(
        "annotation",
        "t002",
        {"label": "bad", "expected": "Please pay 5.", "note": "see the bill"},
        actor="cem",
    )
    events.add("interaction", "t008", {"input": " ", "output": "?"}, actor="dan")
    return events, publish(folder, events.sent)


def test_a_case_is_found_by_its_target_with_what_people_expect(tmp_path: Path) -> None:
    _, copy = project(tmp_path)
    with copy:
        found = evalsets.find_cases(copy.query, ["t002", "t001", "t000"], reason="picked by hand")
    assert [one.provenance.target for one in found] == ["t002", "t001", "t000"]
    assert [(one.reference_kind, one.expected is None) for one in found] == [
        ("annotation", False),
        ("accepted", False),
        ("none", True),
    ]
    assert {one.stratum for one in found} == {"manual"}
    assert len(found[0].provenance.event_ids) == 3


def test_a_target_without_interaction_or_question_is_refused(tmp_path: Path) -> None:
    _, copy = project(tmp_path)
    with copy:
        with pytest.raises(NotFound, match="No interaction of target x, y"):
            evalsets.find_cases(copy.query, ["x", "t001", "y"], reason="")
        with pytest.raises(UsageError, match="t008 has no input"):
            evalsets.find_cases(copy.query, ["t008"], reason="")


def test_the_lineage_of_a_case_leads_to_each_click_with_who_and_what(tmp_path: Path) -> None:
    _, copy = project(tmp_path)
    with copy:
        [case] = evalsets.find_cases(copy.query, ["t002"], reason="")
        told = evalsets.lineage(copy.query, case)
    assert [(one.kind, one.who, one.said, one.state) for one in told] == [
        ("interaction", "actor:user 2", "asked and answered, by reply v1", ""),
        ("thumb", "actor:ben", 'down; wrong; "not mine"', "stands"),
        ("annotation", "actor:cem", 'bad; "see the bill"; expected "Please pay 5."', "stands"),
    ]
    assert all(one.occurred_at for one in told)


def test_a_click_that_was_changed_or_taken_back_or_is_gone_says_so(tmp_path: Path) -> None:
    events, copy = project(tmp_path)
    with copy:
        [case] = evalsets.find_cases(copy.query, ["t002"], reason="")
    events.add("thumb", "t002", {"value": "up"}, actor="ben")
    annotation = next(one["id"] for one in events.sent if one["kind"] == "annotation")
    events.add("retraction", "t002", {"of": annotation}, actor="cem")
    asked = next(one for one in events.sent if one["target"] == "t002" and one["kind"] == "interaction")
    events.sent.remove(asked)
    with publish(tmp_path / "later", events.sent) as later:
        told = evalsets.lineage(later.query, case)
    assert [(one.kind, one.state) for one in told] == [
        ("thumb", "changed since"),
        ("annotation", "taken back"),
        ("", ""),
    ]
    assert "not there any more" in told[-1].said


def test_what_was_said_since_flags_a_case_and_what_it_was_made_of_does_not(tmp_path: Path) -> None:
    events, copy = project(tmp_path)
    with copy:
        cases = evalsets.find_cases(copy.query, ["t000", "t001", "t002"], reason="")
        first = evalsets.add_cases(tmp_path, "help", cases)
        made = evalsets.made_at([first])
        traffic = evalsets.read_traffic(copy.query, first.cases)
        assert evalsets.check_cases(first, traffic, made=made) == []
    events.add("thumb", "t001", {"value": "down"}, actor="ann")
    events.add("suggestion", "t001", {"outcome": "undone"}, actor="ann")
    events.add("annotation", "t002", {"label": "bad", "expected": "Please pay 7."}, actor="cem")
    with publish(tmp_path / "later", events.sent) as later:
        flags = evalsets.check_cases(first, evalsets.read_traffic(later.query, first.cases), made=made)
    found = {flag.problem: flag for flag in flags}
    assert set(found) == {Problem.DISLIKED, Problem.CORRECTED}
    assert found[Problem.CORRECTED].target == "t002"
    assert "1 of 1 person dislikes" in found[Problem.DISLIKED].sentence
