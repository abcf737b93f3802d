"""Mining asks the real views: from events to candidates and coverage."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from integration.mining.project import Events, publish
from sayso_ingest import mining
from sayso_ingest.cli import run
from sayso_ingest.mining import rows
from sayso_ingest.places import coverage_file


@pytest.fixture
def events() -> Events:
    filled = Events()
    filled.traffic(40)
    return filled


def test_every_kind_of_dislike_reaches_its_column_and_the_reason(events: Events, tmp_path: Path) -> None:
    thumb = events.add("thumb", "t007", {"value": "down"}, actor="ann")
    events.add("detail", "t007", {"about": thumb, "reasons": ["wrong amount"]}, actor="ann")
    events.add("rating", "t007", {"value": 1, "min": 1, "max": 5}, actor="bob")
    events.add("suggestion", "t007", {"outcome": "rejected", "proposed": "Wait."}, actor="cem")
    events.add("annotation", "t007", {"label": "wrong", "expected": "You get 20 back."}, actor="annotator")
    events.add("judgement", "t007", {"judge": "m", "score": 0.25})
    events.add("comment", "t007", {"text": "no", "expected": "You get 20 back."}, actor="dee")
    with publish(tmp_path, events.sent) as copy:
        first = mining.mine(copy.query, budget=4)[0]
    assert first.target == "t007"
    assert first.signals == {
        "thumb": 1,
        "rating": 1,
        "suggestion": 1,
        "annotation": 1,
        "judgement": 0.75,
        "comment": 1,
    }
    assert "3 of 3 people disliked it ('wrong amount'); 1 of 1 people rejected it" in first.reason
    assert (first.expected, first.reference_kind) == ("You get 20 back.", "annotation")
    assert thumb in first.event_ids
    assert (first.prompt_name, first.prompt_version, first.tags) == ("reply", "v1", ("help",))


def test_what_was_retracted_is_no_dislike(events: Events, tmp_path: Path) -> None:
    events.add("thumb", "t003", {"value": "down"}, actor="ann")
    events.add("thumb", "t003", {"value": None}, actor="ann")
    gone = events.add("thumb", "t005", {"value": "down"}, actor="bob")
    events.add("retraction", "t005", {"of": gone}, actor="bob")
    with publish(tmp_path, events.sent) as copy:
        assert all(not one.signals for one in mining.mine(copy.query, budget=40))


def test_feedback_on_a_session_is_no_verdict_on_its_interactions(events: Events, tmp_path: Path) -> None:
    events.add("interaction", "s1", {"input": "hello", "output": "hi"}, session="a session")
    events.add("thumb", "a session", {"value": "down"}, actor="ann")
    with publish(tmp_path, events.sent) as copy:
        assert rows.read_verdicts(copy.query) == []


def test_a_conversation_comes_back_whole(events: Events, tmp_path: Path) -> None:
    messages = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Where is it?"}]
    events.add("interaction", "c1", {"input": messages, "output": "Here."}, actor="ann")
    events.add("thumb", "c1", {"value": "down"}, actor="ann")
    with publish(tmp_path, events.sent) as copy:
        (found,) = (one for one in mining.mine(copy.query, budget=50) if one.target == "c1")
    assert found.input == "Where is it?"
    assert found.input_messages == messages


def test_a_sample_of_traffic_keeps_what_was_judged(events: Events, tmp_path: Path) -> None:
    events.add("thumb", "t011", {"value": "down"}, actor="ann")
    with publish(tmp_path, events.sent) as copy:
        samples = [rows.read_interactions(copy.query, seed=seed, limit=5) for seed in (1, 1, 2)]
    for sample in samples:
        assert sum(one.sampled for one in sample) == 5
        assert "t011" in {one.target for one in sample}
    assert samples[0] == samples[1] != samples[2]


def test_the_same_facts_with_other_event_ids_are_mined_and_measured_the_same(tmp_path: Path) -> None:
    found = []
    for name, scramble in (("one", 0), ("two", 0xABC)):
        events = Events()
        events.traffic(60)
        for number in range(0, 60, 3):
            events.add("thumb", f"t{number:03}", {"value": "down"})  # of nobody: who is the event's id
        for number in range(20):
            events.add("interaction", f"n{number}", {"input": f"nobody asks {number}", "output": "no"})
        sent = [{**one, "id": str(UUID(int=(UUID(one["id"]).int ^ scramble)))} for one in events.sent]
        with publish(tmp_path / name, sent) as copy:
            mined = [replace(one, event_ids=()) for one in mining.mine(copy.query, budget=20)]
            found.append((mined, mining.measure_coverage(copy.query, cases=[{"input": mined[0].input}])))
    assert found[0] == found[1]


def test_what_was_done_with_answers_is_read_as_it_stands_now(events: Events, tmp_path: Path) -> None:
    events.add("signal", "t001", {"name": "copied"}, actor="ann")
    events.add("signal", "t001", {"name": "copied"}, actor="bob")
    taken_back = events.add("signal", "t002", {"name": "regenerated"}, actor="ann")
    events.add("retraction", "t002", {"of": taken_back}, actor="ann")
    events.add("outcome", "t003", {"name": "solved", "value": False}, actor="ann")
    events.add("outcome", "t003", {"name": "solved", "value": True}, actor="ann")
    events.add("outcome", "t004", {"name": "solved", "value": False}, actor="bob")
    events.add("outcome", "t005", {"name": "refund", "value": 12.5}, actor="bob")
    events.add("outcome", "t006", {"name": "ticket", "value": "escalated"}, actor="bob")
    with publish(tmp_path, events.sent) as copy:
        found = rows.read_acts(copy.query, [f"t{number:03}" for number in range(1, 7)])
        assert rows.read_acts(copy.query, ["t000"]) == []
    assert [(one.target, one.act) for one in found] == [
        ("t001", "copied"),
        ("t003", "solved"),
        ("t004", "no solved"),
        ("t006", "ticket escalated"),
    ]
    assert [len(one.event_ids) for one in found] == [2, 1, 1, 1]


def test_what_was_done_with_a_silent_answer_makes_it_a_candidate_and_is_told(
    events: Events, tmp_path: Path
) -> None:
    for number in range(30):
        events.add("thumb", f"t{number:03}", {"value": "down" if number < 10 else "up"}, actor=f"u{number}")
    for number in range(9):
        events.add("signal", f"t{number:03}", {"name": "regenerated"}, actor=f"u{number}")
    acted = events.add("signal", "t035", {"name": "regenerated"}, actor="u35")
    told: list[str] = []
    with publish(tmp_path, events.sent) as copy:
        found = mining.mine(copy.query, budget=30, tell=told.extend)
    (silent,) = (one for one in found if one.target == "t035")
    assert (
        "nobody has judged it, but 'regenerated' speaks against it: 9 of 9 such were disliked"
        in silent.reason
    )
    assert acted in silent.event_ids
    assert any(line.startswith("regenerated") and line.endswith("in use: harder") for line in told)


def test_a_browser_and_the_person_it_turned_out_to_belong_to_are_one(events: Events, tmp_path: Path) -> None:
    events.add("interaction", "before", {"input": "hello"}, anonymous="a browser")
    events.add("thumb", "t001", {"value": "up"}, anonymous="a browser", actor="ann")
    with publish(tmp_path, events.sent) as copy:
        (found,) = (one for one in rows.read_interactions(copy.query) if one.target == "before")
    assert found.who == "actor:ann"


def test_interactions_without_an_input_are_left_out(events: Events, tmp_path: Path) -> None:
    events.add("interaction", "empty", {"input": "  ", "output": "?"}, actor="ann")
    events.add("interaction", "nothing", {"output": "?"}, actor="ann")
    with publish(tmp_path, events.sent) as copy:
        assert len(rows.read_interactions(copy.query)) == 40


def test_coverage_grows_with_the_cases_that_mining_proposes(events: Events, tmp_path: Path) -> None:
    with publish(tmp_path, events.sent) as copy:
        found = mining.mine(copy.query, budget=4, strategy="represent")
        before = mining.measure_coverage(copy.query, cases=[], topics=4)
        after = mining.measure_coverage(copy.query, cases=[{"input": one.input} for one in found], topics=4)
    assert before.levels[0].share == 0
    assert after.levels[0].share > 0.85
    assert before.interactions == after.interactions == 40
    assert before.gaps[0].share == pytest.approx(0.25)


def test_coverage_is_of_what_people_spoke_against_too(events: Events, tmp_path: Path) -> None:
    for number in range(0, 40, 4):  # the parcels
        events.add("thumb", f"t{number:03}", {"value": "down"}, actor=f"user {number}")
    with publish(tmp_path, events.sent) as copy:
        found = mining.measure_coverage(copy.query, cases=[{"input": "my invoice is wrong"}], topics=4)
    assert found.disliked is not None
    assert found.disliked.share == 0
    assert found.levels[0].share > 0.1


def test_coverage_by_document_asks_for_what_answers_were_made_from(events: Events, tmp_path: Path) -> None:
    for number in range(4):
        contexts = [{"id": "returns", "text": "Send it back."}, {"text": "No id."}]
        events.add("interaction", f"d{number}", {"input": f"shoes do not fit {number}", "contexts": contexts})
    case = {"input": "shoes do not fit", "provenance": {"target": "d0"}}
    with publish(tmp_path, events.sent) as copy:
        (axis,) = mining.measure_coverage(copy.query, cases=[case], topics=4, by=["document"]).axes
    assert [(one.value, one.interactions, one.cases) for one in axis.values] == [("returns", 4, 1)]
    assert axis.without == 40


def test_a_measurement_is_printed_along_the_axes_and_kept(
    events: Events, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(tmp_path / "default", events.sent).close()
    command = ["coverage", "--set", "help", "--by", "tag", "--by", "prompt_name", "--data", str(tmp_path)]
    for words in ([*command, "--format", "json"], command):
        assert run(words) == 0
    printed, table = capsys.readouterr().out.split("\n}\n", 1)
    said = json.loads(printed + "}")
    assert [axis["name"] for axis in said["axes"]] == ["tag", "prompt_name"]
    assert [(row["of"], row["coverage"]) for row in said["levels"]] == [("traffic", 0)] * 3
    assert "By tag\n0% [0% to" in table
    assert (
        "Adding these 12 raises traffic in a topic with an eval case from 0% to 100%, in one with at least 3 from 0% "
        "to 100%."
    ) in table
    assert "Before: 0%, without a version, 0 cases, on " in table
    kept = mining.read_measurements(coverage_file(tmp_path / "default", "help"))
    assert len(kept) == 2
    assert kept[0].version is None
    assert kept[0].interactions == sum(topic.interactions for topic in kept[0].map) == 40


def test_where_every_topic_has_a_case_only_what_more_cases_bring_is_printed(
    events: Events, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(tmp_path / "default", events.sent).close()
    for words in (
        ["mine", "--set", "help", "--budget", "8", "--strategy", "represent"],
        ["evalset", "promote", "help", "--all"],
        ["coverage", "--set", "help", "--topics", "4"],
    ):
        assert run([*words, "--data", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert " raises traffic in a topic with at least 3 eval cases from " in told
    assert "in a topic with an eval case from" not in told


def test_an_axis_that_is_none_is_wrong_usage(events: Events, tmp_path: Path) -> None:
    publish(tmp_path / "default", events.sent).close()
    assert run(["coverage", "--set", "help", "--by", "language", "--data", str(tmp_path)]) == 2
