"""Which edits make a training pair."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.mining.pairs import Dropped, Pair, gate, make_pairs
from unit.mining.builders import edit

GOOD = ("we send it tomorrow by mail", "we send it today by mail")


def test_an_edit_prefers_what_the_person_kept() -> None:
    pair = gate(edit(*GOOD))
    assert isinstance(pair, Pair)
    assert (pair.rejected, pair.chosen) == GOOD
    assert pair.prompt == [{"role": "user", "content": "Write to the customer."}]


@pytest.mark.parametrize(
    ("proposed", "final", "fields", "reason"),
    [
        (*GOOD, {"input": None}, Dropped.NO_QUESTION),
        (*GOOD, {"input_messages": [{"role": "user", "content": [{"type": "image"}]}]}, Dropped.NOT_TEXT),
        (*GOOD, {"input_messages": [{"role": "user", "content": " "}]}, Dropped.NOT_TEXT),
        (*GOOD, {"part": "paragraph 2"}, Dropped.PART),
        ("a text", "  ", {}, Dropped.EMPTY),
        (None, "a text", {}, Dropped.EMPTY),
        ("We send it.", "we  send it", {}, Dropped.COSMETIC),
        (
            " ".join(f"w{n}" for n in range(100)),
            " ".join(f"w{n}" for n in range(99)) + " x",
            {},
            Dropped.COSMETIC,
        ),
        ("one two three four", "five six seven four", {}, Dropped.REWRITE),
        ("yes " + "x" * 100 + " no", "yes no", {}, Dropped.LENGTH),
    ],
)
def test_every_gate_drops_with_its_reason(
    proposed: str | None, final: str, fields: dict[str, Any], reason: Dropped
) -> None:
    assert gate(edit(proposed, final, **fields)) == reason


def test_an_edit_without_its_proposal_is_compared_with_the_output() -> None:
    assert isinstance(gate(edit(None, GOOD[1], output=GOOD[0])), Pair)


def test_the_same_pair_is_kept_once_and_opposite_ones_not_at_all() -> None:
    same = [edit(*GOOD, event_id=name) for name in ("b", "a")]
    pairs, dropped = make_pairs(same)
    assert [pair.event_id for pair in pairs] == ["a"]
    assert dropped == {Dropped.DUPLICATE: 1}
    pairs, dropped = make_pairs([*same, edit(*reversed(GOOD), event_id="c")])
    assert not pairs
    assert dropped == {Dropped.CONFLICT: 3}


def test_a_question_of_an_eval_set_is_never_trained_on() -> None:
    pairs, dropped = make_pairs([edit(*GOOD)], eval_questions=frozenset({"write to the customer"}))
    assert not pairs
    assert dropped == {Dropped.IN_EVAL_SET: 1}


LONG = " ".join(f"word{number}" for number in range(30))


def test_a_question_that_is_nearly_one_of_an_eval_set_is_not_trained_on_either() -> None:
    eval_questions = frozenset({LONG, "something else"})
    asked = [edit(*GOOD, input=f"{LONG.capitalize()} {more}.") for more in ("", "please", LONG.upper()[::-1])]
    pairs, dropped = make_pairs(asked, eval_questions=eval_questions)
    assert [pair.prompt[0]["content"] for pair in pairs] == [asked[2].input]
    assert dropped == {Dropped.IN_EVAL_SET: 1, Dropped.NEAR_EVAL_SET: 1}


texts = st.lists(st.sampled_from(["we", "send", "it", "today", "tomorrow", "by", "mail"]), max_size=8).map(
    " ".join
)
edits = st.lists(st.tuples(texts, texts, st.sampled_from(["Ask A", "ask a?", "Ask B"])), max_size=15)


@settings(deadline=None)
@given(edits, st.randoms(use_true_random=False))
def test_every_edit_is_kept_or_counted_and_their_order_does_not_matter(
    said: list[tuple[str, str, str]], random: Any
) -> None:
    rows = [
        edit(before, after, input=question, event_id=f"{number:03}")
        for number, (before, after, question) in enumerate(said)
    ]
    pairs, dropped = make_pairs(rows)
    assert len(pairs) + dropped.total() == len(rows)
    random.shuffle(rows)
    assert make_pairs(rows) == (pairs, dropped)
