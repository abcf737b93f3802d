"""What a test asks is not trained on: as it is, nearly so, or in other words."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.mining.question import normalise, question_key
from sayso_ingest.mining.similarity.duplicates import near_any
from sayso_ingest.mining.training.dropped import Dropped
from sayso_ingest.mining.training.example import Example, Purpose, Source
from sayso_ingest.mining.training.gates import gate
from sayso_ingest.mining.training.leakage import Guard, telling_turns
from unit.mining.builders import raw

LONG = "please tell me how long it takes until the parcel that I ordered on Monday is here in my house"
GUARD = Guard([normalise(text) for text in ("Where is my parcel?", LONG)])


def example(question: str, *, before: str = "") -> Example:
    turns = [{"role": "user", "content": before}, {"role": "assistant", "content": "So."}] if before else []
    messages = [*turns, {"role": "user", "content": question}]
    found = gate(
        raw("today", "tomorrow", Source.CHOICE, input=question, input_messages=messages), Purpose.PREFERENCES
    )
    assert isinstance(found, Example)
    return found


def test_the_same_nearly_the_same_and_the_same_in_other_words_are_told_apart() -> None:
    asked = [
        "where is  my parcel",
        LONG.replace("house", "hands"),
        "My parcel, where is it?",
        f"Hello there. {LONG.replace('please ', '')} as I wait since so many days and my neighbours have nothing",
        "How do I change my password?",
    ]
    assert GUARD.check([example(question) for question in asked]) == [
        Dropped.IN_EVAL_SET,
        Dropped.NEAR_EVAL_SET,
        Dropped.PARAPHRASED,
        Dropped.PARAPHRASED,
        None,
    ]


words = st.lists(st.sampled_from("abcdefghijkl"), min_size=1, max_size=12).map(" ".join)


@settings(deadline=None)
@given(st.lists(words, max_size=5), st.lists(words, max_size=5), st.data())
def test_what_is_nearly_asked_by_a_test_is_never_let_through(
    cases: list[str], texts: list[str], data: st.DataObject
) -> None:
    planted = [f"{data.draw(st.sampled_from(cases))}?" for _ in range(2)] if cases else []
    guard = Guard(cases)
    for text, leak in zip(
        [*texts, *planted], guard.check([example(one) for one in [*texts, *planted]]), strict=True
    ):
        if near_any([normalise(text)], cases)[0]:
            assert leak in (Dropped.IN_EVAL_SET, Dropped.NEAR_EVAL_SET)
        assert (leak == Dropped.IN_EVAL_SET) == (normalise(text) in cases)


def test_an_earlier_turn_counts_too_for_the_answer_to_it_is_learnt() -> None:
    assert GUARD.check([example("And how do I change my password?", before="Where is my parcel?")]) == [
        Dropped.IN_EVAL_SET
    ]


def test_a_turn_of_a_tested_conversation_counts_unless_it_tells_nothing_by_itself() -> None:
    conversation = [
        {"role": "user", "content": "I want to change my password, how does it go?"},
        {"role": "assistant", "content": "Open the settings of your account."},
        {"role": "user", "content": "And then?"},
    ]
    assert telling_turns(conversation) == ("i want to change my password how does it go",)
    assert telling_turns(None) == ()
    guard = Guard(telling_turns(conversation))
    assert guard.check([example("i want to change my password, how does it go"), example("and then")]) == [
        Dropped.IN_EVAL_SET,
        None,
    ]


def test_what_no_reader_sees_does_not_make_it_another_question() -> None:
    hidden = "Whe\u200bre is\u2060 my par\u00adcel?\ufeff"
    assert GUARD.check([example(hidden)]) == [Dropped.IN_EVAL_SET]


def test_a_question_of_a_test_that_a_system_prompt_or_an_answer_says_again_counts() -> None:
    messages = [
        {"role": "system", "content": "Answer kindly. Where is my parcel? It is late."},
        {"role": "user", "content": "How do I change my password?"},
    ]
    for pair, fields in (
        (("today", "tomorrow"), {"input_messages": messages}),
        (("you ask: “Where is  my parcel?” I do not know.", "tomorrow we know more of it"), {}),
        (("tomorrow we know more of it", "you ask where is my parcel and I do not know."), {}),
    ):
        found = gate(raw(*pair, Source.CHOICE, **fields), Purpose.PREFERENCES)
        assert isinstance(found, Example)
        assert GUARD.check([found]) == [Dropped.IN_EVAL_SET]
    other = gate(raw("my parcel is where it is", "tomorrow", Source.CHOICE), Purpose.PREFERENCES)
    assert isinstance(other, Example)
    assert GUARD.check([other]) == [None]


def test_what_stands_around_a_question_hides_it_nowhere() -> None:
    asked = "how do I cancel the plan"
    guard = Guard([asked.lower()])
    marked = [
        "**{}?**",
        "_{}?_",
        "({}?)",
        "[{}?](https://example.org)",
        "<h3>{}?</h3>",
        "and\u2014{}\u2014so",
        "Q:{}?A:",
    ]
    for form in marked:
        answer = f"We are glad to help. {form.format(asked)} It is done in the settings of the account."
        found = gate(raw(answer, "tomorrow", Source.CORRECTION), Purpose.PREFERENCES)
        if isinstance(found, Example):
            assert guard.check([found]) == [Dropped.IN_EVAL_SET], form
        longer = (
            f"Good day to all of you in this house, please tell me {form.format(asked)} with my best regards"
        )
        assert guard.check([example(longer)]) != [None], form


def test_what_the_application_says_before_a_question_makes_no_other_question() -> None:
    for role in ("system", "developer"):
        asked = [{"role": role, "content": "Be kind."}, {"role": "user", "content": "Reset?"}]
        assert question_key("Reset?", asked) == question_key("Reset?") == "reset"


def test_without_eval_sets_nothing_is_kept_out() -> None:
    assert Guard([]).check([example("Where is my parcel?")]) == [None]
