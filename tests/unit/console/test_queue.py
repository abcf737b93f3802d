"""Which answer is labelled next."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.console.queue import Pools, following

targets = st.lists(st.sampled_from([f"t{n}" for n in range(12)]), unique=True, max_size=8)
pools = st.builds(
    Pools,
    targets,
    st.dictionaries(
        st.sampled_from([f"t{n}" for n in range(12)]), st.sampled_from(["actor:ana", "actor:ben"])
    ),
    targets,
)


@given(pools, st.integers(0, 100), st.sets(st.sampled_from([f"t{n}" for n in range(12)])))
def test_nobody_gets_an_answer_again_nor_their_own_for_a_second_reading(
    waiting: Pools, turn: int, done: set[str]
) -> None:
    chosen = following(waiting, who="actor:ana", turn=turn, done=done, taken=())
    own = {target for target, who in waiting.second.items() if who == "actor:ana"}
    allowed = ({*waiting.disliked, *waiting.random, *waiting.second} - done) - (
        own - {*waiting.disliked, *waiting.random}
    )
    assert chosen in allowed if allowed else chosen is None


@given(pools, st.integers(0, 100))
def test_what_another_has_just_labelled_is_read_again_only_when_it_was_drawn_for_that(
    waiting: Pools, turn: int
) -> None:
    taken = {*waiting.disliked, *waiting.random}
    chosen = following(waiting, who="actor:ana", turn=turn, done=(), taken=taken)
    assert chosen is None or waiting.second.get(chosen) == "actor:ben"


def test_of_each_five_turns_three_are_disliked_answers_one_is_a_second_reading_and_one_is_drawn() -> None:
    waiting = Pools(
        [f"bad {n}" for n in range(50)],
        {f"twice {n}": "actor:ben" for n in range(50)},
        [f"any {n}" for n in range(50)],
    )
    done: list[str] = []
    for turn in range(50):
        chosen = following(waiting, who="actor:ana", turn=turn, done=done, taken=())
        assert chosen
        done.append(chosen)
    assert Counter(target.split()[0] for target in done) == {"bad": 30, "twice": 10, "any": 10}
    assert done[0] == "bad 0"
