"""Who says the same, who says the opposite, and what stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.mining.training.dropped import Dropped
from sayso_ingest.mining.training.example import Example, Purpose, Source
from sayso_ingest.mining.training.gates import gate
from sayso_ingest.mining.training.voices import Ballot, Verdicts
from unit.mining.builders import raw


def count(*said: tuple[str, str, str] | tuple[str, str, str, Source]) -> Verdicts:
    """Who said it, what is preferred and what is not, each an answer to the same question."""
    ballot = Ballot()
    for who, chosen, rejected, *source in said:
        example = gate(raw(chosen, rejected, *(source or [Source.CHOICE]), who=(who,)), Purpose.PREFERENCES)
        assert isinstance(example, Example)
        ballot.add(example)
    return ballot.count()


def test_one_voice_is_believed_by_two_thirds_and_each_more_by_more() -> None:
    verdicts = count(("ann", "a", "b"), ("bob", "c", "d"), ("cleo", "A.", "b"))
    assert verdicts.kept.tolist() == [True, True, False]
    assert verdicts.confidence == pytest.approx([3 / 4, 2 / 3, 3 / 4])
    assert verdicts.voices.tolist() == [2, 1, 2]
    assert verdicts.firsts.tolist() == [0, 1, 0]
    assert verdicts.counts() == {Dropped.DUPLICATE: 1}


def test_who_says_it_twice_has_one_voice() -> None:
    assert count(("ann", "a", "b"), ("ann", "a", "b")).voices.tolist() == [1, 1]


def test_as_many_for_as_against_leaves_neither() -> None:
    verdicts = count(("ann", "a", "b"), ("bob", "b", "a"))
    assert verdicts.counts() == {Dropped.CONFLICT: 2}


def test_two_to_one_stays_and_the_one_is_outvoted() -> None:
    verdicts = count(("ann", "a", "b"), ("bob", "a", "b"), ("cleo", "b", "a"))
    assert verdicts.counts() == {Dropped.DUPLICATE: 1, Dropped.OUTVOTED: 1}
    assert verdicts.kept.tolist() == [True, False, False]
    assert verdicts.confidence[0] == pytest.approx(3 / 5)


def test_what_one_model_alone_says_is_left_out_and_what_two_say_is_not() -> None:
    judge = Source.JUDGEMENT
    assert count(("judge:m", "a", "b", judge)).counts() == {Dropped.LONE_JUDGE: 1}
    assert count(("judge:m", "a", "b", judge), ("judge:n", "a", "b", judge)).kept.tolist() == [True, False]
    assert count(("judge:m", "a", "b", judge), ("ann", "a", "b")).kept.tolist() == [True, False]


def test_models_have_no_voice_where_people_spoke() -> None:
    judge = Source.JUDGEMENT
    verdicts = count(("ann", "a", "b"), ("judge:m", "b", "a", judge), ("judge:n", "b", "a", judge))
    assert verdicts.kept.tolist() == [True, False, False]
    assert verdicts.confidence[0] == pytest.approx(2 / 3)
    assert verdicts.counts() == {Dropped.OUTVOTED: 2}


def test_an_answer_under_another_system_prompt_is_another_thing() -> None:
    ballot = Ballot()
    for system in ("Be kind.", "Be brief."):
        messages = [{"role": "system", "content": system}, {"role": "user", "content": "When?"}]
        example = gate(raw("a", "b", Source.CHOICE, input_messages=messages), Purpose.PREFERENCES)
        assert isinstance(example, Example)
        ballot.add(example)
    assert ballot.count().kept.all()


def test_the_bad_and_the_good_of_one_answer_are_opposites() -> None:
    ballot = Ballot()
    for who, chosen, rejected in (("ann", "a", None), ("bob", None, "a")):
        example = gate(raw(chosen, rejected, Source.LIKED, who=(who,)), Purpose.RATINGS)
        assert isinstance(example, Example)
        ballot.add(example)
    assert ballot.count().counts() == {Dropped.CONFLICT: 2}


def compared(rejected_by: tuple[str, ...], chosen_by: tuple[str, ...], source: Source) -> Verdicts:
    """Two answers that nobody compared: some call one good, some call the other bad."""
    ballot = Ballot()
    example = gate(raw("a", "b", source, who=chosen_by, who_against=rejected_by), Purpose.PREFERENCES)
    assert isinstance(example, Example)
    ballot.add(example)
    return ballot.count()


@pytest.mark.parametrize(
    ("chosen_by", "rejected_by", "voices"),
    [(("ann",), ("ann",), 1), (("ann",), ("bob",), 1), (("ann", "bob", "cleo"), ("dan", "ann"), 2)],
)
def test_two_answers_that_nobody_compared_have_the_voices_of_the_weaker_side(
    chosen_by: tuple[str, ...], rejected_by: tuple[str, ...], voices: int
) -> None:
    assert compared(rejected_by, chosen_by, Source.SAME_QUESTION).voices.tolist() == [voices]


def test_two_models_of_which_each_saw_one_answer_are_one_that_compared_them() -> None:
    assert compared(("judge:m",), ("judge:n",), Source.JUDGEMENT).counts() == {Dropped.LONE_JUDGE: 1}


def test_who_compared_and_who_rated_one_of_the_two_are_counted_together() -> None:
    ballot = Ballot()
    for who, against, source in (
        (("ann",), ("bob",), Source.SAME_QUESTION),
        (("ann",), (), Source.EDIT),
        (("bob",), (), Source.CHOICE),
    ):
        example = gate(
            raw("we go now", "we go soon", source, who=who, who_against=against), Purpose.PREFERENCES
        )
        assert isinstance(example, Example)
        ballot.add(example)
    verdicts = ballot.count()
    assert verdicts.voices.tolist() == [2, 2, 2]
    assert sorted(ballot.made_by(verdicts)) == [1, 1]


def test_a_model_is_none_of_the_people_who_made_examples() -> None:
    ballot = Ballot()
    for who in ("judge:m", "judge:n"):
        example = gate(raw("a", "b", Source.JUDGEMENT, who=(who,)), Purpose.PREFERENCES)
        assert isinstance(example, Example)
        ballot.add(example)
    assert len(ballot.made_by(ballot.count())) == 0


def test_what_is_held_back_has_no_voice_in_what_is_trained_on() -> None:
    ballot = Ballot()
    for who, pair, held_back in (("ann", ("a", "b"), False), ("bob", ("b", "a"), True)):
        example = gate(raw(*pair, Source.CHOICE, who=(who,)), Purpose.PREFERENCES)
        assert isinstance(example, Example)
        ballot.add(example, held_back=held_back)
    verdicts = ballot.count()
    assert verdicts.kept.all()
    assert verdicts.voices.tolist() == [1, 1]


def test_of_those_that_say_the_same_one_of_the_wanted_sources_stays() -> None:
    ballot = Ballot()
    for source in (Source.DISLIKED, Source.REJECTED):
        example = gate(raw(None, "a", source), Purpose.RATINGS)
        assert isinstance(example, Example)
        ballot.add(example)
    assert ballot.count([Source.REJECTED]).kept.tolist() == [False, True]
    assert ballot.count().kept.tolist() == [True, False]


letters = st.sampled_from("abc")
votes = st.lists(
    st.tuples(st.sampled_from(["ann", "bob", "cleo", "dan"]), letters, letters).filter(
        lambda v: v[1] != v[2]
    ),
    max_size=20,
)


@given(votes)
def test_of_each_statement_at_most_one_stays_and_never_with_its_opposite(
    said: list[tuple[str, str, str]],
) -> None:
    verdicts = count(*said)
    stays = [
        (chosen, rejected) for (_, chosen, rejected), kept in zip(said, verdicts.kept, strict=True) if kept
    ]
    assert len(set(stays)) == len(stays)
    assert not {pair[::-1] for pair in stays} & set(stays)
    assert len(stays) + sum(verdicts.counts().values()) == len(said)
