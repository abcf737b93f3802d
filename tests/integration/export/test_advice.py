"""Whether fine-tuning is worth it yet, in words and by topic."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from integration.mining.project import Events, publish
from sayso_ingest import evalsets, export, mining
from sayso_ingest.export import Advice

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
QUESTIONS = (
    "how do I export board {} as a spreadsheet",
    "why was invoice {} charged twice this month",
    "can the team of {} people share one calendar",
)


def liked(
    events: Events, number: int, topic: str, *, by: str, model: str = "reed", cost: float = 2.0
) -> None:
    """An answer to a question of its own that somebody likes."""
    asked = f"{QUESTIONS[number % 3].format(number)} {'abcdefghij'[number % 10] * 9}{number * 7919}"
    body = {"input": asked, "output": f"answer {number}", "tags": [topic], "model": model, "cost": cost}
    events.add("interaction", f"{topic}{number:03}", body)
    events.add("thumb", f"{topic}{number:03}", {"value": "up"}, actor=by)


def advice(folder: Path, events: Events, *cases: str) -> Advice:
    project = folder / "project"
    with publish(project, events.sent) as copy:
        if cases:
            written = [evalsets.written_case(case, reason="a test") for case in cases]
            evalsets.promote(project, "help", written, now=NOW)
        versions = evalsets.all_versions(project)
        guard = mining.Guard(export.questions_of(versions))
        return export.advise(export.Reading(copy.stream, copy.query, folder), guard, versions)


def test_of_little_nothing_is_learnt(tmp_path: Path) -> None:
    events = Events()
    for number in range(3):
        liked(events, number, "boards", by=f"u{number}")
    found = advice(tmp_path, events, "what is this")
    assert found.sentences[0].startswith("Not yet: there are 3 good answers by 3 people, and 0 pairs;")


def test_of_nothing_at_all_there_is_advice_too(tmp_path: Path) -> None:
    found = advice(tmp_path, Events())
    assert found.sentences[0].startswith("Not yet: there are 0 good answers by 0 people, and 0 pairs;")
    assert found.rows() == []


def test_without_an_eval_set_nobody_could_tell_whether_it_helped(tmp_path: Path) -> None:
    events = Events()
    for number in range(60):
        liked(events, number, "boards", by=f"u{number}")
    found = advice(tmp_path, events)
    assert "no eval set that would tell whether it helps" in found.sentences[0]
    assert found.sentences[1] == "Nothing is held out: there is no eval set."


def test_with_enough_of_some_topics_it_is_worth_a_try_and_says_of_which_there_is_too_little(
    tmp_path: Path,
) -> None:
    events = Events()
    for number in range(55):
        liked(
            events, number, "boards" if number < 50 else "billing", by="ann" if number < 20 else f"u{number}"
        )
    body = {"outcome": "edited", "proposed": "answer 0 is it", "final": "answer zero is it"}
    events.add("suggestion", "boards000", body, actor="bob")
    events.add("interaction", "asked", {"input": "what is this?", "output": "That."})
    events.add("thumb", "asked", {"value": "up"}, actor="ann")
    found = advice(tmp_path, events, "What is this")
    assert found.sentences == [
        "Worth a try: there are 56 good answers by 37 people, and 1 pairs; 1 of 2 topics have 20 or more. "
        "Too little to learn: billing.",
        "One person gave 36% of the good answers: the model would learn that taste.",
        "1 more are held out, since they ask what the 1 cases of eval sets ask; these would judge the result.",
    ]
    boards, billing = found.rows()
    assert (boards["topic"], boards["good_answers"], boards["written_by_people"], boards["pairs"]) == (
        "boards",
        51,
        1,
        1,
    )
    assert (billing["people"], billing["enough"]) == (5, "15 more")


def test_a_cheaper_model_is_named_that_could_learn_from_a_dearer_one(tmp_path: Path) -> None:
    events = Events()
    for number in range(60):
        liked(events, number, "boards", by=f"u{number}")
    liked(events, 60, "boards", by="u60", model="sprout", cost=0.5)
    found = advice(tmp_path, events, "what is this")
    assert found.sentences[-1] == (
        "sprout could learn from the 60 answers of reed that people took; an answer of reed costs 4.0 times as much."
    )
