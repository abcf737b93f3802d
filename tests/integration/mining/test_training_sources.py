"""What people did and said, as raw examples out of a real warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest
from integration.mining.project import Events, publish
from sayso_ingest.mining import SOURCES, Purpose, Raw, Source, read_raw
from sayso_ingest.warehouse import Published

CANDIDATES = [
    {"id": "a", "output": "Tomorrow.", "score": 0.9},
    {"id": "b", "output": [{"role": "assistant", "content": "Today."}]},
    {"id": "c", "output": "Never.", "score": 0.1},
    {"id": "d", "output": "Soon.", "score": 0.5},
    {"id": "e", "output": "Later.", "score": 0.4},
]


class Project:
    """Events, and what is read of them once they are landed."""

    def __init__(self, folder: Path) -> None:
        self.events = Events()
        self._folder = folder
        self._copy: Published | None = None

    def ask(self, target: str, question: str = "When?", output: str = "Tomorrow.", **fields: Any) -> str:
        person = fields.pop("actor", f"asker of {target}")
        session = {"session": fields.pop("session")} if "session" in fields else {}
        body = {"input": question, "output": output, "prompt": {"name": "reply", "version": "v1"}, **fields}
        return self.events.add("interaction", target, body, actor=person, **session)

    def say(self, kind: str, target: str, *, actor: str = "ann", verified: bool = True, **body: Any) -> str:
        meta = {"meta": body.pop("meta")} if "meta" in body else {}
        return self.events.add(kind, target, body, actor=actor, verified=verified, **meta)

    def read(self, purpose: Purpose, *sources: Source, verified: bool = False) -> list[Raw]:
        if self._copy is None:
            self._copy = publish(self._folder, self.events.sent)
        with TemporaryFile() as aside:
            copy = self._copy
            told = list(read_raw(copy.stream, copy.query, purpose, aside=aside, verified=verified))
        assert {one.source for one in told} <= set(SOURCES[purpose])
        return [one for one in told if not sources or one.source in sources]

    def pairs(self, *sources: Source, verified: bool = False) -> list[tuple[str, str | None, str | None]]:
        raw = self.read(Purpose.PREFERENCES, *sources, verified=verified)
        return [(str(one.source), one.chosen, one.rejected) for one in raw]

    def answers(self, *sources: Source) -> list[tuple[str, str | None, str | None]]:
        return [(str(one.source), one.chosen, one.rejected) for one in self.read(Purpose.RATINGS, *sources)]

    def close(self) -> None:
        if self._copy:
            self._copy.close()


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project(tmp_path / "project")
    yield made
    made.close()


def test_an_edit_prefers_the_final_text_and_keeps_its_lineage(project: Project) -> None:
    project.ask("m1", tags=["post", "late"], model="reed-2")
    event = project.say("suggestion", "m1", outcome="edited", proposed="Tomorrow.", final="Today.")
    (raw,) = project.read(Purpose.PREFERENCES)
    assert (raw.source, raw.chosen, raw.rejected) == (Source.EDIT, "Today.", "Tomorrow.")
    assert (raw.target, raw.part, raw.who, raw.event_ids) == ("m1", "", ("actor:ann",), (event,))
    assert (raw.input, raw.topic, raw.prompt_name, raw.prompt_version) == ("When?", "post", "reply", "v1")
    assert raw.model == "reed-2"


def test_an_edit_without_its_proposal_is_of_the_output(project: Project) -> None:
    project.ask("m1")
    project.say("suggestion", "m1", outcome="edited", original="When", final="Today.")
    assert project.pairs() == [("edit", "Today.", "Tomorrow.")]


def test_an_expected_answer_is_preferred_to_the_output(project: Project) -> None:
    project.ask("m1")
    project.say("comment", "m1", text="no", expected="Today.")
    project.say("annotation", "m1", actor="bob", label="bad", expected="At noon.")
    assert project.pairs() == [("correction", "At noon.", "Tomorrow."), ("correction", "Today.", "Tomorrow.")]


def test_a_choice_prefers_its_candidate_to_at_most_three_others(project: Project) -> None:
    project.ask("m1", candidates=CANDIDATES)
    project.say("preference", "m1", chosen="b")
    assert sorted(project.pairs()) == [
        ("choice", "Today.", "Later."),
        ("choice", "Today.", "Soon."),
        ("choice", "Today.", "Tomorrow."),
    ]


def test_a_choice_that_names_what_it_was_before_is_taken_at_its_word(project: Project) -> None:
    project.ask("m1", candidates=CANDIDATES)
    project.say("preference", "m1", chosen="b", rejected=["c"])
    assert project.pairs() == [("choice", "Today.", "Never.")]


def test_what_chose_a_candidate_is_a_person_or_a_model(project: Project) -> None:
    two = CANDIDATES[:2]
    project.ask("m1", candidates=two, chosen={"id": "a", "by": "user"})
    project.ask("m2", candidates=two, chosen={"id": "a", "by": "critic-1"})
    project.ask("m3", candidates=two, chosen={"id": "a"})
    found = project.read(Purpose.PREFERENCES)
    assert [(raw.target, raw.source, raw.who) for raw in found] == [
        ("m1", Source.CHOICE, ("actor:asker of m1",)),
        ("m2", Source.JUDGEMENT, ("judge:critic-1",)),
    ]


def test_a_choice_of_what_is_not_known_is_read_so_that_it_is_counted(project: Project) -> None:
    project.ask("m1", candidates=CANDIDATES[:2])
    project.say("preference", "m1", chosen="z")
    project.ask("m2", candidates=CANDIDATES[:2])
    project.say("preference", "m2", chosen="a", rejected=["a"])
    project.ask("m3")
    project.say("preference", "m3", chosen="a")
    assert [(raw.target, raw.chosen, raw.rejected) for raw in project.read(Purpose.PREFERENCES)] == [
        ("m1", None, None),
        ("m2", "Tomorrow.", None),
        ("m3", None, None),
    ]


def test_a_candidate_is_what_the_model_said_last_in_words_and_the_first_of_its_id(project: Project) -> None:
    said = {"role": "assistant", "content": "Today."}
    result = {"role": "tool", "content": "2 rows"}
    parts = {"role": "assistant", "content": [{"type": "text", "text": "Today."}]}
    for target, output in (("m1", [result, said]), ("m2", [said, result]), ("m3", [parts])):
        candidates = [
            {"id": "a", "output": output},
            {"id": "b", "output": "No."},
            {"id": "b", "output": "Yes."},
        ]
        project.ask(target, candidates=candidates)
        project.say("preference", target, chosen="a")
    assert [raw.chosen for raw in project.read(Purpose.PREFERENCES)] == ["Today.", None, None]
    assert {raw.rejected for raw in project.read(Purpose.PREFERENCES)} == {"No."}


def test_a_judge_chooses_among_those_that_it_compared(project: Project) -> None:
    project.ask("m1", candidates=CANDIDATES)
    project.say(
        "judgement", "m1", name="preference", judge="k", label="b", meta={"compared": ["b", "c", "e"]}
    )
    project.ask("m2", candidates=CANDIDATES[:2])
    project.say("judgement", "m2", name="preference", judge="k", label="b", meta={"compared": {"a": 1}})
    assert sorted(project.pairs()) == [
        ("judgement", "Today.", "Later."),
        ("judgement", "Today.", "Never."),
        ("judgement", "Today.", "Tomorrow."),
    ]


def test_what_comes_by_lot_or_by_rule_is_nobodys_choice(project: Project) -> None:
    project.ask("m1", candidates=CANDIDATES[:2], chosen={"id": "a", "by": "Random"})
    assert project.pairs() == []


def test_a_judge_that_calls_it_a_tie_chooses_no_candidate_of_that_name(project: Project) -> None:
    project.ask("m1", candidates=[{"id": "tie", "output": "Blue."}, {"id": "bow", "output": "Red."}])
    project.say("judgement", "m1", name="preference", judge="k", label="tie")
    project.say("preference", "m1", chosen="tie")
    assert project.pairs() == [("choice", "Blue.", "Red.")]


def test_a_judge_is_one_however_its_name_is_written(project: Project) -> None:
    for target, output, judge, label in (("m1", "Today.", "Gpt ", "good"), ("m2", "Never.", "gpt", "bad")):
        project.ask(target, output=output)
        project.say("judgement", target, judge=judge, label=label)
    (raw,) = project.read(Purpose.PREFERENCES)
    assert (raw.who, raw.who_against) == (("judge:gpt",), ("judge:gpt",))


def test_annotators_and_judges_choose_by_a_label_that_is_a_candidate(project: Project) -> None:
    project.ask("m1", candidates=CANDIDATES[:2])
    project.say("annotation", "m1", name="preference", label="b")
    project.say("judgement", "m1", name="preference", judge="j", label="a")
    project.say("judgement", "m1", name="preference", judge="k", label="tie")
    assert project.pairs() == [("annotation", "Today.", "Tomorrow."), ("judgement", "Tomorrow.", "Today.")]


def test_what_was_asked_again_and_then_liked_is_preferred_to_the_first_answer(project: Project) -> None:
    project.ask("m1", "When is it?", "Never.", actor="ann")
    signal = project.say("signal", "m1", name="regenerated")
    project.ask("m2", "when is  it", "Today.", actor="ann")
    thumb = project.say("thumb", "m2", value="up")
    project.ask("m3", "When is it?", "At noon.", actor="bob")
    project.say("thumb", "m3", actor="bob", value="up")
    (raw,) = project.read(Purpose.PREFERENCES, Source.REGENERATED)
    assert (raw.target, raw.chosen, raw.rejected, raw.event_ids) == (
        "m2",
        "Today.",
        "Never.",
        (signal, thumb),
    )


def test_it_is_preferred_by_whoever_asked_again_and_by_nobody_else(project: Project) -> None:
    project.ask("m1", "When is it?", "Never.", actor="ann", session="s")
    project.say("signal", "m1", actor="bob", name="regenerated")
    project.ask("m2", "When is it?", "Today.", actor="ann", session="s")
    project.say("thumb", "m2", actor="ann", value="up")
    assert project.pairs(Source.REGENERATED) == []


def test_of_a_question_asked_again_and_again_each_answer_is_held_against_the_next_that_was_liked(
    project: Project,
) -> None:
    for number in range(30):
        project.ask(f"m{number:02}", output=f"Answer {number}.", actor="ann")
        project.say("signal", f"m{number:02}", name="regenerated")
        if number in (10, 20):
            project.say("thumb", f"m{number:02}", value="up")
            project.say("suggestion", f"m{number:02}", outcome="accepted")
    pairs = project.pairs(Source.REGENERATED)
    assert len(pairs) == 20
    assert {chosen for _, chosen, _ in pairs} == {"Answer 10.", "Answer 20."}


def test_what_an_open_browser_key_sent_chooses_and_asks_again_for_nobody_who_is_verified(
    project: Project,
) -> None:
    body = {
        "input": "When?",
        "output": "A.",
        "candidates": CANDIDATES[:2],
        "chosen": {"id": "a", "by": "user"},
    }
    project.events.add("interaction", "m1", body, actor="ann", verified=False)
    project.ask("m2", output="Never.", actor="ann")
    project.say("signal", "m2", name="regenerated", verified=False)
    project.ask("m3", output="Today.", actor="ann")
    project.say("thumb", "m3", value="up")
    assert project.pairs(Source.CHOICE, Source.REGENERATED, verified=True) == []
    assert len(project.pairs(Source.CHOICE, Source.REGENERATED)) == 2


def test_a_later_answer_that_nobody_liked_is_preferred_to_nothing(project: Project) -> None:
    project.ask("m1", output="Never.", actor="ann")
    project.say("signal", "m1", name="regenerated")
    project.ask("m2", output="Today.", actor="ann")
    project.say("thumb", "m2", value="down")
    assert project.pairs(Source.REGENERATED) == []


def test_of_two_answers_to_the_same_question_the_liked_one_is_preferred(project: Project) -> None:
    project.ask("m1", "When is it?", "Today.")
    project.ask("m2", "when is it", "Never.")
    project.ask("m3", "when is it there", "Perhaps.")
    up, down = project.say("thumb", "m1", value="up"), project.say("thumb", "m2", actor="bob", value="down")
    project.say("thumb", "m3", actor="bob", value="down")
    (raw,) = project.read(Purpose.PREFERENCES)
    assert (raw.source, raw.chosen, raw.rejected) == (Source.SAME_QUESTION, "Today.", "Never.")
    assert raw.event_ids == (up, down)
    assert (raw.who, raw.who_against) == (("actor:ann",), ("actor:bob",))


def test_the_same_question_under_another_system_prompt_is_another(project: Project) -> None:
    for target, system, output, value in (
        ("m1", "Be kind.", "Yes.", "up"),
        ("m2", "Be brief.", "No.", "down"),
    ):
        messages = [{"role": "system", "content": system}, {"role": "user", "content": "When?"}]
        project.ask(target, messages, output)  # type: ignore[arg-type]
        project.say("thumb", target, value=value)
    assert project.pairs() == []


def test_of_an_answer_that_some_like_and_some_do_not_nothing_is_preferred(project: Project) -> None:
    project.ask("m1", output="Today.")
    project.ask("m2", output="Never.")
    project.say("thumb", "m1", value="up")
    project.say("thumb", "m1", actor="bob", value="down")
    project.say("thumb", "m2", value="down")
    assert project.pairs() == []


def test_of_a_question_that_is_asked_often_nine_pairs_are_made_at_most(project: Project) -> None:
    for number in range(10):
        project.ask(f"m{number}", output=f"Answer {number}.")
        project.say("thumb", f"m{number}", value="up" if number % 2 else "down")
    assert len(project.pairs()) == 9


def test_models_that_judge_the_same_question_make_judgements_and_no_opinion_of_people(
    project: Project,
) -> None:
    project.ask("m1", output="Today.")
    project.ask("m2", output="Never.")
    project.say("judgement", "m1", judge="j", label="good")
    project.say("judgement", "m2", judge="j", label="bad")
    assert project.pairs() == [("judgement", "Today.", "Never.")]


def test_every_way_to_like_or_to_dislike_an_answer_is_a_rating(project: Project) -> None:
    project.ask("m1")
    project.say("thumb", "m1", value="up")
    project.say("thumb", "m1", actor="bob", value="down")
    project.say("rating", "m1", actor="cleo", value=5, min=1, max=5)
    project.say("rating", "m1", actor="dan", value=1, min=1, max=5)
    project.say("rating", "m1", actor="eve", value=3, min=1, max=5)
    project.say("rating", "m1", actor="fred", value=5)
    project.say("rating", "m1", actor="gus", value=5, min=5, max=5)
    project.say("annotation", "m1", label="good")
    project.say("judgement", "m1", judge="j", label="bad")
    assert project.answers() == [
        ("annotation", "Tomorrow.", None),
        ("disliked", None, "Tomorrow."),
        ("disliked", None, "Tomorrow."),
        ("judgement", None, "Tomorrow."),
        ("liked", "Tomorrow.", None),
        ("liked", "Tomorrow.", None),
    ]


def test_a_label_beside_an_expected_answer_is_of_the_output_and_no_other(project: Project) -> None:
    project.ask("m1")
    project.say("annotation", "m1", label="bad", expected="Today.")
    assert project.answers() == [("annotation", None, "Tomorrow."), ("correction", "Today.", None)]


def test_by_a_rubric_that_says_how_good_its_labels_are_its_scores_count_and_not_their_words(
    project: Project,
) -> None:
    project.ask("m1")
    project.say("judgement", "m1", judge="j", label="yes", score=0, rubric="is it rude@0a1b2c3d")
    project.say("judgement", "m1", judge="k", label="yes", score=0, rubric="is it right")
    assert project.answers() == [("judgement", None, "Tomorrow."), ("judgement", "Tomorrow.", None)]


def test_what_becomes_of_a_suggestion_is_a_rating(project: Project) -> None:
    for target, outcome, texts in (
        ("m1", "accepted", {"proposed": "Today."}),
        ("m2", "rejected", {"proposed": "Never."}),
        ("m3", "edited", {"proposed": "Soon.", "final": "At noon."}),
        ("m4", "undone", {"proposed": "Later."}),
        ("m5", "accepted", {}),
    ):
        project.ask(target)
        project.say("suggestion", target, outcome=outcome, **texts)
    assert project.answers() == [
        ("accepted", "Today.", None),
        ("rejected", None, "Never."),
        ("edit", "At noon.", None),
        ("accepted", "Tomorrow.", None),
    ]


def test_what_was_taken_back_makes_no_example(project: Project) -> None:
    project.ask("m1")
    for event in (
        project.say("suggestion", "m1", outcome="edited", proposed="Tomorrow.", final="Today."),
        project.say("comment", "m1", text="no", expected="At noon."),
        project.say("thumb", "m1", value="up"),
    ):
        project.say("retraction", "", of=event)
    assert project.pairs() == project.answers() == []


def test_what_an_open_browser_key_sent_is_left_out_where_that_is_asked_for(project: Project) -> None:
    project.ask("m1")
    project.say("suggestion", "m1", outcome="edited", final="Today.", verified=False)
    project.say("suggestion", "m1", actor="bob", outcome="edited", final="At noon.")
    assert project.pairs(verified=True) == [("edit", "At noon.", "Tomorrow.")]
    assert len(project.pairs()) == 2


def test_what_belongs_to_no_known_question_is_read_so_that_it_is_counted(project: Project) -> None:
    project.say("suggestion", "unknown", outcome="edited", proposed="Tomorrow.", final="Today.")
    (raw,) = project.read(Purpose.PREFERENCES)
    assert raw.input is None
