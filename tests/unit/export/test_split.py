"""Which side of a split an example is on."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.export.split import TRAIN, VALIDATION, SplitBy, placed
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
        event_ids=tuple(f"e{place}" for place in range(len((*who, *(against or ()))))),
        **given,
    )


@given(people, people)
def test_nobody_is_on_both_sides(who: list[str], against: list[str]) -> None:
    found = placed(example(who, against), by=SplitBy.ACTOR, share=0.5)
    if found is None:
        alone = [
            placed(example([one], [other]), by=SplitBy.ACTOR, share=0.5) for one in who for other in against
        ]
        assert alone == [None] * len(alone)
    else:
        side, said = found
        assert {said_alone(one) for one in said.people} == {side}
        assert said.event_ids == tuple(
            f"e{place}" for place, one in enumerate((*who, *against)) if said_alone(one) == side
        )


def said_alone(one: str) -> str:
    found = placed(example([one]), by=SplitBy.ACTOR, share=0.5)
    assert found is not None
    return found[0]


def test_what_many_rated_stays_with_those_of_its_side() -> None:
    many = [f"actor:{number}" for number in range(20)]
    found = placed(example(many[:10], many[10:]), by=SplitBy.ACTOR, share=0.1)
    assert found is not None
    assert 10 < len(found[1].people) <= 20


def test_without_a_share_all_is_to_train_on() -> None:
    both = example(["actor:a"], ["actor:b"])
    assert placed(both, by=SplitBy.ACTOR, share=0) == (TRAIN, both)


def test_what_a_model_says_is_split_by_its_question_since_a_model_judges_everything() -> None:
    said = [example(["judge:m"], question=f"when {number}", source=Source.JUDGEMENT) for number in range(50)]
    found = [placed(one, by=SplitBy.ACTOR, share=0.5) for one in said]
    assert {one and one[0] for one in found} == {TRAIN, VALIDATION}


def test_an_example_without_a_topic_is_split_by_its_question() -> None:
    for number in range(20):
        one = example(["actor:a"], question=f"when {number}")
        assert placed(one, by=SplitBy.TOPIC, share=0.5) == placed(one, by=SplitBy.QUESTION, share=0.5)
