"""Which side of a split an example is on."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.export.split import TRAIN, VALIDATION, SplitBy, split_of
from sayso_ingest.mining import Example, Source

people = st.lists(st.sampled_from([f"actor:{number}" for number in range(20)]), min_size=1, max_size=3)


def example(who: list[str], against: list[str] | None = None, **fields: Any) -> Example:
    given = {"source": Source.SAME_QUESTION, "question": "when", "topic": None, **fields}
    return Example(
        prompt=[{"role": "user", "content": "When?"}],
        chosen="Today.",
        rejected="Never.",
        who=tuple(who),
        who_against=tuple(against or ()),
        target="m1",
        event_ids=("e1",),
        **given,
    )


@given(people, people)
def test_nobody_is_on_both_sides(who: list[str], against: list[str]) -> None:
    alone = {split_of(example([one]), by=SplitBy.ACTOR, share=0.5) for one in (*who, *against)}
    together = split_of(example(who, against), by=SplitBy.ACTOR, share=0.5)
    assert together == (alone.pop() if len(alone) == 1 else None)


def test_without_a_share_all_is_to_train_on() -> None:
    assert split_of(example(["actor:a"], ["actor:b"]), by=SplitBy.ACTOR, share=0) == TRAIN


def test_what_a_model_says_is_split_by_its_question_since_a_model_judges_everything() -> None:
    said = [
        split_of(
            example(["judge:m"], question=f"when {number}", source=Source.JUDGEMENT),
            by=SplitBy.ACTOR,
            share=0.5,
        )
        for number in range(50)
    ]
    assert set(said) == {TRAIN, VALIDATION}


def test_an_example_without_a_topic_is_split_by_its_question() -> None:
    for number in range(20):
        asked = f"when {number}"
        by_topic = split_of(example(["actor:a"], question=asked), by=SplitBy.TOPIC, share=0.5)
        assert by_topic == split_of(example(["actor:a"], question=asked), by=SplitBy.QUESTION, share=0.5)
