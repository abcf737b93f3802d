"""What was done with an answer, where nobody said a word."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.mining.hardness.acts import LEAST, MOST, Acts
from sayso_ingest.mining.rows import Done

TARGETS = [f"t{number:03}" for number in range(200)]


def judged(disliked: int, of: int = 100) -> np.ndarray:
    """The rate of the first `of` interactions, those before `disliked` disliked; nobody spoke of the others."""
    rate = np.full(len(TARGETS), np.nan)
    rate[:of] = 0.0
    rate[:disliked] = 1.0
    return rate


def acts_of(done: list[tuple[str, str]], rate: np.ndarray) -> Acts:
    return Acts.of(TARGETS, [Done(target, act, (f"{act} {target}",)) for target, act in done], rate)


def test_what_goes_with_dislike_makes_a_silent_answer_harder_and_what_goes_with_liking_easier() -> None:
    done = [(target, "regenerated") for target in [*TARGETS[:10], TARGETS[150]]]
    done += [(target, "copied") for target in [*TARGETS[50:90], TARGETS[151]]]
    acts = acts_of(done, judged(30))
    guess = acts.heeded(np.full(len(TARGETS), 0.3))
    assert guess[150] > 0.6
    assert guess[151] < 0.1
    assert guess[152] == 0.3
    assert [act.name for act in acts.against(150)] == ["regenerated"]
    assert acts.against(151) == []
    assert acts.behind(150) == {"regenerated t150"}
    assert acts.behind(151) == set()


def test_an_act_that_goes_with_neither_changes_nothing() -> None:
    acts = acts_of([(target, "opened") for target in TARGETS[::2]], judged(30))
    assert acts.acts[0].odds == 0
    assert (acts.heeded(np.full(len(TARGETS), 0.3)) == 0.3).all()


@pytest.mark.parametrize("spoken", [0, LEAST - 1])
def test_an_act_that_few_spoke_of_changes_nothing(spoken: int) -> None:
    done = [(target, "regenerated") for target in [*TARGETS[:spoken], *TARGETS[120:]]]
    acts = acts_of(done, judged(30))
    assert (acts.acts[0].done, acts.acts[0].judged, acts.acts[0].odds) == (spoken + 80, spoken, 0)


@pytest.mark.parametrize("disliked", [0, 100])
def test_where_all_that_was_said_is_the_same_nothing_can_be_told_from_it(disliked: int) -> None:
    acts = acts_of([(target, "copied") for target in TARGETS[:50]], judged(disliked))
    assert acts.acts[0].odds == 0


def test_nobody_spoke_and_nothing_was_done_is_fine() -> None:
    acts = acts_of([], np.full(len(TARGETS), np.nan))
    assert acts.acts == []
    assert (acts.heeded(np.full(len(TARGETS), 0.4)) == 0.4).all()


def test_names_without_end_are_bounded_to_the_most_usual() -> None:
    done = [(target, f"odd {n}") for n in range(2 * MOST) for target in TARGETS[n : n + LEAST]]
    done += [(target, "copied") for target in TARGETS]
    acts = acts_of(done, judged(30))
    assert len(acts.acts) == MOST
    assert "copied" in {act.name for act in acts.acts}


def test_what_an_application_calls_anew_each_time_is_not_looked_at() -> None:
    done = [(target, f"order {target}") for target in TARGETS] + [
        (target, "copied") for target in TARGETS[:LEAST]
    ]
    assert [act.name for act in acts_of(done, judged(30)).acts] == ["copied"]


@given(
    st.lists(st.tuples(st.sampled_from(TARGETS), st.sampled_from(["a", "b", "c"])), max_size=400),
    st.integers(0, 100),
)
def test_a_guess_stays_a_probability_whatever_was_done(done: list[tuple[str, str]], disliked: int) -> None:
    acts = acts_of(done, judged(disliked))
    guess = acts.heeded(np.linspace(0, 1, len(TARGETS)))
    assert ((guess >= 0) & (guess <= 1)).all()
    assert all(act.disliked <= act.judged <= act.done for act in acts.acts)
