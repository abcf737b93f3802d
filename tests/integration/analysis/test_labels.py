"""Annotators, judges and expected answers; the worst answers; prompts in git."""

from __future__ import annotations

from pathlib import Path

import pytest
from integration.analysis.history import History
from sayso_ingest.judge import read_said


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path)


def _label(history: History, target: str, by: str, label: str, **body: object) -> str:
    return history.add("annotation", target, {"label": label, "rubric": "r1", **body}, by=by)


def _judge(history: History, target: str, label: str) -> str:
    return history.add("judgement", target, {"label": label, "judge": "reed", "rubric": "r1"})


def test_two_annotators_agree_on_what_both_labelled(history: History) -> None:
    for target, one, other in (("m1", "good", "good"), ("m2", "bad", "good"), ("m3", "bad", "bad")):
        _label(history, target, "ann", one)
        _label(history, target, "bob", other)
    _label(history, "m4", "ann", "good")
    pair = ("", "r1", "actor:ann", "actor:bob")
    assert history.ask("annotator_agreement") == [(*pair, 3, 2, 0.667, 0.208, 0.939)]
    with history.publish() as copy:
        rows = copy.query("SELECT label, other_label, n FROM annotation_pairs")
    assert [tuple(row.values()) for row in rows] == [
        ("bad", "bad", 1),
        ("bad", "good", 1),
        ("good", "good", 1),
    ]


def test_a_corrected_label_counts_and_one_that_was_taken_back_does_not(history: History) -> None:
    _label(history, "m1", "ann", "bad")
    _label(history, "m1", "ann", "good")
    _label(history, "m1", "bob", "good")
    history.take_back(_label(history, "m1", "cyn", "good"), "cyn")
    assert history.ask("annotator_agreement", "one", "other", "both", "agreed") == [
        ("actor:ann", "actor:bob", 1, 1)
    ]


def test_labels_by_different_rubrics_are_not_compared(history: History) -> None:
    _label(history, "m1", "ann", "good")
    _label(history, "m1", "bob", "good", rubric="r2")
    assert history.ask("annotator_agreement") == []


def test_a_judge_is_held_against_thumbs_and_annotators_apart(history: History) -> None:
    for target, judged, thumb, label in (
        ("m1", "pass", "up", "good"),
        ("m2", "pass", "down", "bad"),
        ("m3", "fail", "down", "bad"),
        ("m4", "fail", "up", "unclear"),
    ):
        _judge(history, target, judged)
        history.thumb(target, f"u {target}", thumb)
        _label(history, target, "ann", label)
    columns = (
        "judge",
        "rubric",
        "people_by",
        "n",
        "people",
        "both_good",
        "judge_good",
        "people_good",
        "both_bad",
    )
    rates = ("agree_rate", "found_rate", "false_rate")
    assert history.ask("judge_against_people", *columns, *rates) == [
        ("reed", "r1", "annotation", 3, 1, 1, 1, 0, 1, 0.667, 0.5, 0.0),
        ("reed", "r1", "thumb", 4, 4, 1, 1, 1, 1, 0.5, 0.5, 0.5),
    ]


def test_by_a_rubric_that_scores_its_labels_no_may_be_good(history: History) -> None:
    for target, label, score in (("m1", "yes", 0.0), ("m2", "no", 1.0)):
        history.answer(target)
        history.thumb(target, "ann", "down")
        body = {"label": label, "score": score, "judge": "reed", "rubric": "is it rude@0123abcd"}
        history.add("judgement", target, body)
    assert history.ask("judge_against_people", "both_bad", "judge_good") == [(1, 1)]
    assert history.ask("worst", "target", "judged_bad") == [("m2", 0), ("m1", 1)]
    assert history.ask("judge_rates", "judged", "agree_rate") == [(2, 0.5)]
    bad = [row for row in history.ask("what_goes_wrong", "source", "what", "n") if row[0] == "judge"]
    assert bad == [("judge", "yes", 1)]


def test_an_annotation_by_a_rubric_that_scores_its_labels_is_read_by_it_too(history: History) -> None:
    rubric = "is it rude@0123abcd"
    for target, label, score in (("m1", "yes", 0.0), ("m2", "no", 1.0)):
        history.answer(target)
        history.thumb(target, "bob", "down")
        _label(history, target, "ann", label, score=score, rubric=rubric)
        body = {"label": label, "score": score, "judge": "reed", "rubric": rubric}
        history.add("judgement", target, body)
    assert history.ask("worst", "target", "annotated_bad", "judged_bad") == [("m2", 0, 0), ("m1", 1, 1)]
    columns = ("people_by", "both_good", "both_bad")
    assert history.ask("judge_against_people", *columns) == [("annotation", 1, 1), ("thumb", 0, 1)]
    assert history.ask("judge_rates", "people_by", "agree_rate") == [("annotation", 1.0)]
    assert history.ask("model_performance", "judged", "good_rate") == [(2, 0.5)]
    with history.publish() as copy:
        said = {one.target: one.people("annotated") for one in read_said(copy.query)}
    assert said == {"m1": [False], "m2": [True]}


def test_somebody_with_a_hundred_thumbs_counts_for_five_against_the_judge(history: History) -> None:
    for number in range(100):
        _judge(history, f"m{number}", "pass")
        history.thumb(f"m{number}", "loud", "down")
    for number in range(15):
        history.thumb("m0", f"quiet {number}", "up")
    assert history.ask("judge_against_people", "n", "people", "agree_rate") == [(115, 16, 0.75)]


def test_answers_are_measured_by_what_they_should_have_been(history: History) -> None:
    for target, output in (("m1", "Paris"), ("m2", "paris."), ("m3", "It is Paris"), ("m4", "London")):
        history.answer(target, model="reed", output=output)
        _label(history, target, "ann", "good" if target != "m4" else "bad", expected="Paris")
    history.add("comment", "m4", {"text": "No!", "expected": "Paris"}, by="bob")
    columns = (
        "source",
        "model",
        "expected",
        "people",
        "exact_rate",
        "same_rate",
        "overlap",
        "judged",
        "good_rate",
    )
    assert history.ask("model_performance", *columns) == [
        ("annotation", "reed", 4, 1, 0.25, 0.5, 0.625, 4, 0.75),
        ("comment", "reed", 1, 1, 0.0, 0.0, 0.0, 0, None),
    ]


def test_an_annotator_with_a_hundred_labels_is_no_loud_person_for_answers_count_there(
    history: History,
) -> None:
    for number in range(100):
        history.answer(f"m{number}")
        _label(history, f"m{number}", "ann", "good" if number % 2 else "bad")
    assert history.ask("model_performance", "judged", "good_rate", "good_low", "good_high") == [
        (100, 0.5, 0.403, 0.597)
    ]


def test_the_answers_that_most_people_disliked_come_first_with_their_reasons(history: History) -> None:
    history.answer("m1", input="How?", output="No idea.")
    history.answer("m2")
    history.thumb("m1", "ann", "down", why=["wrong", "rude"])
    history.thumb("m1", "bob", "down", why=["wrong"])
    history.thumb("m1", "cyn", "up")
    history.add("suggestion", "m1", {"outcome": "rejected"}, by="bob")
    history.add("comment", "m1", {"text": "This is no help"}, by="bob")
    _label(history, "m1", "eve", "bad")
    _judge(history, "m1", "fail")
    history.thumb("m2", "ann", "down")
    history.thumb("m3", "ann", "up")
    columns = (
        "target",
        "people",
        "down",
        "up",
        "rejected",
        "annotated_bad",
        "judged_bad",
        "reasons",
        "comments",
        "input",
    )
    assert history.ask("worst", *columns) == [
        ("m1", 2, 2, 1, 1, 1, 1, ["wrong", "rude"], ["This is no help"], "How?"),
        ("m2", 1, 1, 0, 0, 0, 0, None, None, "ask"),
    ]


def test_an_answer_that_one_person_dislikes_in_many_parts_counts_one_person(history: History) -> None:
    for part in range(50):
        history.add("thumb", "m1", {"value": "down"}, by="loud", part=f"p{part}")
    history.thumb("m2", "ann", "down")
    history.thumb("m2", "bob", "down")
    assert history.ask("worst", "target", "people", "down") == [("m2", 2, 2), ("m1", 1, 50)]


def test_a_version_leads_to_its_commit_and_its_figures(history: History) -> None:
    written = {
        "name": "reply",
        "version": "v1",
        "commit": "abc123",
        "dirty": False,
        "path": "prompts/reply.md",
    }
    history.answer("m1", prompt=written)
    history.answer("m2", prompt=written, day=1)
    history.answer("m3", prompt=written | {"dirty": True}, day=2)
    history.thumb("m1", "ann", "up")
    columns = (
        "prompt_version",
        "prompt_commit",
        "prompt_dirty",
        "prompt_path",
        "interactions",
        "thumbs",
        "up_rate",
    )
    (clean, dirty) = history.ask("prompts_in_git", *columns, "first_at", "last_at")
    assert clean[:-2] == ("v1", "abc123", False, "prompts/reply.md", 2, 1, 1.0)
    assert dirty[:-2] == ("v1", "abc123", True, "prompts/reply.md", 1, 0, None)
    assert [moment.isoformat() for moment in clean[-2:]] == ["2026-03-01T12:00:00", "2026-03-02T12:00:01"]
