"""From rows to candidates with their reasons."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.mining import mine
from sayso_ingest.mining.selection.candidates import inclusion_probability
from unit.mining.builders import START

TOPICS = ("parcel is late", "invoice is wrong", "password was lost", "refund for shoes")
NO_INTERACTION = dict.fromkeys(
    ["input_messages", "variables", "prompt_name", "prompt_version", "model", "tags", "output"]
)
NO_VERDICT = (
    dict.fromkeys(["part", "name", "rubric"], "")
    | dict.fromkeys(["value", "score", "reasons", "comment", "original", "proposed", "final"])
    | dict.fromkeys(["expected", "output", "label", "min", "max", "occurred_at"])
)


class Rows:
    """Answers what mining asks with rows given before."""

    def __init__(self, count: int = 80) -> None:
        self.interactions: list[dict[str, Any]] = []
        self.verdicts: list[dict[str, Any]] = []
        self.documents: dict[str, list[str]] = {}
        self.acts: list[dict[str, Any]] = []
        for number in range(count):
            self.ask(f"t{number:03}", f"my {TOPICS[number % 4]}, number {number}")

    def ask(self, target: str, question: str, **fields: Any) -> None:
        known = {
            "event_id": f"asked {target}",
            "target": target,
            "occurred_at": START,
            "who": f"actor:{target}",
        }
        self.interactions.append({**NO_INTERACTION, **known, "input": question, "sampled": True, **fields})

    def say(self, target: str, value: str | None, *, who: str = "actor:a", **fields: Any) -> None:
        known = {"target": target, "who": who, "kind": "thumb", "event_id": f"said {len(self.verdicts):03}"}
        self.verdicts.append({**NO_VERDICT, **known, "value": value, **fields})

    def __call__(self, sql: str, params: Sequence[Any]) -> list[dict[str, Any]]:
        if sql.startswith("-- name: documents\n"):
            (targets,) = params
            return [{"target": one, "documents": of} for one, of in self.documents.items() if one in targets]
        known = {"interactions": self.interactions, "verdicts": self.verdicts, "acts": self.acts}
        return known[sql.partition("\n")[0].removeprefix("-- name: ")]


def test_what_people_dislike_is_picked_first_and_says_why() -> None:
    rows = Rows()
    rows.say("t017", "down", reasons=["wrong amount"])
    rows.say("t017", "down", who="actor:b")
    rows.say("t017", "up", who="actor:c")
    first = mine(rows, budget=1)[0]
    assert first.target == "t017"
    assert first.reason.startswith("2 of 3 people disliked it ('wrong amount'); topic ")
    assert first.reason.endswith("% of traffic")
    assert first.evidence == "said"
    assert first.event_ids == ("asked t017", "said 000", "said 001", "said 002")
    assert first.signals == {"thumb": pytest.approx(2 / 3)}


def test_edits_annotations_and_judgements_are_told_in_the_reason() -> None:
    rows = Rows()
    rows.say("t001", "edited", kind="suggestion", proposed="one two three four", final="one two five four")
    rows.say("t001", "bad", kind="annotation", label="bad", who="actor:annotator")
    rows.say("t001", "0.1", kind="judgement", score=0.1, who="judge:m")
    reason = mine(rows, budget=1)[0].reason
    assert "1 of 1 people edited it (25% changed)" in reason
    assert "1 of 1 annotators marked it down" in reason
    assert "1 of 1 judges marked it down" in reason


@pytest.mark.parametrize("strategy", ["hard", "different", "represent", "rare"])
def test_no_question_is_proposed_twice_or_when_the_set_has_it(strategy: str) -> None:
    rows = Rows()
    for number in range(10):
        rows.ask(f"again{number}", "My parcel is late, number 0!")
    current = [{"input": "my invoice is wrong number 1"}]
    found = mine(rows, current_cases=current, budget=200, strategy=strategy)
    assert len(found) == 79
    assert len({one.question_id for one in found}) == 79
    assert "t001" not in {one.target for one in found}


@pytest.mark.parametrize("strategy", ["hard", "different", "represent", "rare"])
def test_of_questions_that_are_nearly_the_same_one_is_proposed_and_none_that_the_set_nearly_has(
    strategy: str,
) -> None:
    rows = Rows(20)
    long = " ".join(f"word{number}" for number in range(30))
    for number, (begin, end) in enumerate(
        [("", "a"), ("", "b"), ("please", "a"), ("", "a b"), ("and", "a b")]
    ):
        rows.ask(f"again{number}", f"{begin} {long} {end}")
    found = [one.target for one in mine(rows, budget=200, strategy=strategy)]
    assert len(found) == 21
    assert len([target for target in found if target.startswith("again")]) == 1
    found = [one.target for one in mine(rows, current_cases=[{"input": long}], budget=200, strategy=strategy)]
    assert sorted(found) == [f"t{number:03}" for number in range(20)]


def test_the_nearest_case_of_the_set_is_named_by_its_distance() -> None:
    found = mine(Rows(), current_cases=[{"input": "my parcel is late, again"}], budget=5)
    for one in found:
        assert one.distance is not None
        assert f"the nearest case in the set is {one.distance:.2f} away" in one.reason


def test_a_first_version_says_nothing_of_the_empty_set_and_counts_what_was_picked_before() -> None:
    found = mine(Rows(), budget=40)
    assert not [one for one in found if "empty" in one.reason or "no case" in one.reason]
    later = [one.reason for one in found if one.reason.endswith("before this one")]
    assert len(found) - len(later) == len([one for one in found if one.reason.endswith("% of traffic")]) > 0
    assert any("% of traffic and 1 pick before this one" in reason for reason in later)
    assert any("% of traffic and 2 picks before this one" in reason for reason in later)


def test_cases_of_the_set_and_picks_of_the_run_are_told_apart() -> None:
    found = mine(Rows(), current_cases=[{"input": "my parcel is late, again"}], budget=40)
    assert any(one.reason.endswith("% of traffic and no case") for one in found)
    assert any("% of traffic, no case and 1 pick before this one" in one.reason for one in found)
    assert any("% of traffic, 1 case and 1 pick before this one" in one.reason for one in found)


def test_known_dislikes_come_first_and_guesses_are_at_most_a_quarter() -> None:
    rows = Rows(200)
    for number in range(80):
        rows.say(f"t{number:03}", "down", who=f"actor:{number}")
    found = [one.evidence for one in mine(rows, budget=40)]
    assert found == sorted(found, key=["said", "guessed", "random"].index)
    assert found.count("random") == 4
    assert found.count("guessed") <= 36 / 4


def test_where_little_is_known_guesses_fill_the_budget() -> None:
    rows = Rows()
    rows.say("t003", "down")
    found = mine(rows, budget=20)
    assert len(found) == 20
    assert [one.target for one in found if one.evidence == "said"] == ["t003"]


@pytest.mark.parametrize("strategy", ["hard", "different", "represent", "rare"])
def test_a_guess_says_nothing_that_cannot_be_checked(strategy: str) -> None:
    for one in mine(Rows(), budget=20, strategy=strategy):
        assert "likelihood" not in one.reason
        assert ("nobody has judged it" in one.reason) == (strategy == "hard" and one.stratum == "mined")


def test_a_guess_that_has_proved_itself_says_how_answers_like_it_fared() -> None:
    rows = Rows(0)
    for number in range(120):
        question = f"my {TOPICS[number % 4]}, number {number}"
        far = number % 2 == 0
        rows.ask(
            f"t{number:03}", question, output="We open at nine." if far else f"About {question}: it is fine."
        )
        if number < 80:
            rows.say(f"t{number:03}", "down" if far else "up", who=f"actor:{number}")
    guesses = [one.reason for one in mine(rows, budget=100) if one.evidence == "guessed"]
    told = "nobody has judged it; answers about as far from their question were disliked 20 of 20 times"
    assert any(reason.startswith(told) for reason in guesses)


def test_between_equally_hard_ones_those_with_an_expected_answer_are_picked() -> None:
    rows = Rows(0)
    for number in range(40):
        rows.ask(f"t{number:03}", f"my {TOPICS[number % 4]}, number {number}", output="An answer.")
        fields = {"label": "bad", "expected": "Another." if number >= 36 else None}
        rows.say(f"t{number:03}", "bad", kind="annotation", who=f"actor:{number}", **fields)
    found = mine(rows, budget=4)
    assert [one.reference_kind for one in found] == ["annotation"] * 4


def test_the_different_strategy_leaves_the_covered_topic_for_last() -> None:
    rows = Rows()
    current = [{"input": f"my parcel is late, number {number}"} for number in range(0, 80, 4)]
    found = mine(rows, current_cases=current, budget=20, strategy="different")
    assert not [one for one in found if "parcel" in one.input and one.stratum == "mined"]


def test_a_tenth_of_the_budget_is_drawn_at_random_with_its_probability() -> None:
    found = mine(Rows(), budget=40)
    drawn = [one for one in found if one.stratum == "random"]
    assert len(found) == 40
    assert len(drawn) == 4
    assert all(one.inclusion_probability == pytest.approx(4 / 80) for one in drawn)
    assert all("drawn at random, a chance of 1 in 20" in one.reason for one in drawn)
    assert all(one.inclusion_probability is None for one in found if one.stratum == "mined")


def test_inclusion_probabilities_are_how_often_a_question_is_drawn() -> None:
    random = np.random.default_rng(0)
    hits = np.mean([(random.permutation(30)[:6] < 4).any() for _ in range(20_000)])
    assert inclusion_probability(4, drawn=6, of=30) == pytest.approx(hits, abs=0.02)


@pytest.mark.parametrize(
    ("times", "drawn", "of", "expected"), [(1, 0, 5, 0), (1, 5, 5, 1), (2, 2, 5, 0.7), (3, 3, 5, 1)]
)
def test_inclusion_probability_at_its_ends(times: int, drawn: int, of: int, expected: float) -> None:
    assert inclusion_probability(times, drawn=drawn, of=of) == pytest.approx(expected)


def test_the_same_rows_and_seed_give_the_same_candidates() -> None:
    rows = Rows()
    rows.say("t005", "down")
    assert mine(rows, budget=20, seed=4) == mine(rows, budget=20, seed=4)
    assert mine(rows, budget=20, seed=4) != mine(rows, budget=20, seed=5)


@pytest.mark.parametrize(
    ("value", "fields", "expected", "kind"),
    [
        ("edited", {"kind": "suggestion", "proposed": "a b", "final": "a c"}, "a c", "human_edit"),
        ("x", {"kind": "comment", "expected": "30 days"}, "30 days", "human_edit"),
        ("bad", {"kind": "annotation", "label": "bad", "expected": "30 days"}, "30 days", "annotation"),
        ("accepted", {"kind": "suggestion"}, "the answer", "accepted"),
        ("edited", {"kind": "suggestion", "proposed": "a", "final": "b", "part": "p"}, None, "none"),
        ("down", {}, None, "none"),
    ],
)
def test_the_expected_answer_is_one_that_people_gave(
    value: str, fields: dict[str, Any], expected: str | None, kind: str
) -> None:
    rows = Rows(0)
    rows.ask("t1", "a question", output="the answer")
    rows.say("t1", value, **fields)
    found = mine(rows, budget=1)[0]
    assert (found.expected, found.reference_kind) == (expected, kind)


def test_one_loud_person_does_not_take_the_whole_budget() -> None:
    rows = Rows(400)
    for number in range(0, 300):
        rows.say(f"t{number:03}", "down", who="actor:loud")
    for number in range(300, 320):
        rows.say(f"t{number:03}", "down", who=f"actor:{number}")
    found = mine(rows, budget=20)
    quiet = [one for one in found if one.stratum == "mined" and "t300" <= one.target < "t320"]
    assert len(quiet) >= 9  # of 18 that are mined; by number of dislikes it would be 1


def test_judged_interactions_outside_the_sample_can_be_mined_but_not_drawn() -> None:
    rows = Rows()
    for number in range(40):
        rows.ask(f"judged{number}", f"my {TOPICS[number % 4]}, and again {number}", sampled=False)
        rows.say(f"judged{number}", "down", who=f"actor:{number}")
    found = mine(rows, budget=40)
    assert any(one.target.startswith("judged") for one in found if one.stratum == "mined")
    assert not any(one.target.startswith("judged") for one in found if one.stratum == "random")


def test_what_needs_a_rare_document_that_no_case_needs_is_preferred_and_says_so() -> None:
    rows = Rows()
    alone = [f"t{number:03}" for number in range(40, 56)]
    rows.documents = {f"t{number:03}": ["usual"] for number in range(80)}
    rows.documents |= {target: ["usual", f"tariff of {target}"] for target in alone}
    has = {
        "input": "my password was lost, number 42",
        "provenance": {"target": "t042"},
    }  # which has one of them
    found = mine(rows, current_cases=[has], budget=10, strategy="rare")
    needing = [one for one in found if one.stratum == "mined" and one.target in alone]
    assert len(needing) >= 5  # of 9 that are mined; of any 9 it would be 2
    for one in needing:
        assert f"no case needs document 'tariff of {one.target}', which 1 of 80 do" in one.reason
    assert not any("tariff of t042" in one.reason for one in found)


def test_a_document_without_a_name_is_none_and_a_name_without_end_is_cut() -> None:
    rows = Rows()
    rows.documents = {f"t{number:03}": ["usual"] for number in range(80)}
    rows.documents |= {"t040": ["usual", "", " "], "t041": ["usual", "tariff " + "x" * 10_000]}
    reasons = {one.target: one.reason for one in mine(rows, budget=80, strategy="rare")}
    assert "no case needs document 'usual', which 80 of 80 do" in reasons["t040"]
    assert "no case needs document 'tariff xxx" in reasons["t041"]
    assert len(reasons["t041"]) < 300


def test_where_only_questions_without_an_answer_were_judged_a_guess_says_no_more_than_it_is_one() -> None:
    rows = Rows(160)
    for number in range(140):
        rows.say(f"t{number:03}", "down" if number % 4 < 2 else "up", who=f"actor:{number}")
    for number in range(160, 200):
        rows.ask(f"t{number:03}", f"my {TOPICS[number % 4]}, number {number}", output="We will look into it.")
    told: list[str] = []
    found = mine(rows, budget=60, tell=told.extend)
    assert "how like questions fared" in told[-1]
    assert any(one.reason.startswith("nobody has judged it; topic") for one in found if one.output)


def test_an_answer_that_a_crowd_speaks_of_takes_no_longer_than_as_many_answers_of_which_one_does() -> None:
    rows = Rows()
    for number in range(20_000):
        rows.say("t040", "down" if number % 2 else "up", who=f"actor:{number}")
    began = time.process_time()
    (said,) = (one for one in mine(rows, budget=5) if one.evidence == "said")
    assert time.process_time() - began < 20  # each beside each of the others took a minute and more
    assert said.reason.startswith("10000 of 20000 people disliked it")


def test_a_strategy_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(UsageError, match="hard, different, represent, rare"):
        mine(Rows(), budget=1, strategy="best")


def test_a_budget_of_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="at least 1"):
        mine(Rows(), budget=0)


def test_an_empty_warehouse_says_what_to_send() -> None:
    with pytest.raises(NotFound, match=r"client\.interaction"):
        mine(Rows(0), budget=1)
