"""Which of what people said can be trained on."""

from __future__ import annotations

from typing import Any

import pytest
from sayso_ingest.mining.training.dropped import Dropped
from sayso_ingest.mining.training.example import Example, Purpose, Source
from sayso_ingest.mining.training.gates import gate
from unit.mining.builders import raw

PAIR = ("we send it today by mail", "we send it tomorrow by mail")


def preferred(*pair: str | None, **fields: Any) -> Example | Dropped:
    return gate(raw(*pair, **fields), Purpose.PREFERENCES)


def test_an_edit_prefers_what_the_person_kept() -> None:
    example = preferred(*PAIR)
    assert isinstance(example, Example)
    assert (example.chosen, example.rejected) == PAIR
    assert example.prompt == [{"role": "user", "content": "Write to the customer."}]
    assert example.question == "write to the customer"
    assert example.similarity == pytest.approx(5 / 6, abs=1e-4)


WORDS = " ".join(f"w{n}" for n in range(100))


@pytest.mark.parametrize(
    ("chosen", "rejected", "fields", "reason"),
    [
        (*PAIR, {"input": None}, Dropped.NO_QUESTION),
        (*PAIR, {"input_messages": [{"role": "user", "content": [{"type": "image"}]}]}, Dropped.NOT_TEXT),
        (*PAIR, {"input_messages": [{"role": "user", "content": " "}]}, Dropped.NOT_TEXT),
        (*PAIR, {"input_messages": [{"role": "tool", "content": "x"}]}, Dropped.ROLE),
        (*PAIR, {"input_messages": [{"role": "assistant", "content": "Hello."}]}, Dropped.ROLE),
        (*PAIR, {"part": "paragraph 2"}, Dropped.PART),
        ("  ", "a text", {}, Dropped.EMPTY),
        ("a text", None, {}, Dropped.EMPTY),
        ("we  send it", "We send it.", {}, Dropped.COSMETIC),
        (WORDS.replace("w99", "x"), WORDS, {}, Dropped.COSMETIC),
        (WORDS.replace("w99", "x"), WORDS, {"source": Source.CORRECTION}, Dropped.COSMETIC),
        ("five six seven four", "one two three four", {}, Dropped.REWRITE),
        ("we send it today, which one?", "we send it today, that one.", {}, Dropped.NEW_QUESTION),
        ("yes no", "yes " + "x" * 100 + " no", {}, Dropped.LENGTH),
        ("mail ann@example.org today", "mail us today", {}, Dropped.PERSONAL),
    ],
)
def test_every_gate_leaves_out_with_its_reason(
    chosen: str, rejected: str | None, fields: dict[str, Any], reason: Dropped
) -> None:
    assert preferred(chosen, rejected, **fields) == reason


@pytest.mark.parametrize("source", [Source.CORRECTION, Source.CHOICE, Source.REGENERATED, Source.JUDGEMENT])
def test_what_is_no_edit_may_be_another_text_altogether(source: Source) -> None:
    assert isinstance(preferred("five six seven?", "one two three", source=source), Example)


def test_what_names_somebody_passes_where_that_is_asked_for() -> None:
    pair = raw("mail ann@example.org today", "mail ann@example.org soon")
    assert gate(pair, Purpose.PREFERENCES) == Dropped.PERSONAL
    assert isinstance(gate(pair, Purpose.PREFERENCES, personal=True), Example)


def test_a_rewrite_teaches_what_is_good_although_it_is_no_pair() -> None:
    example = gate(raw("five six seven", None), Purpose.DEMONSTRATIONS)
    assert isinstance(example, Example)
    assert (example.chosen, example.rejected, example.similarity) == ("five six seven", None, None)


def test_a_conversation_keeps_its_turns_and_its_system_prompt() -> None:
    messages = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "My parcel?"},
        {"role": "assistant", "content": "It is late."},
        {"role": "user", "content": "When?"},
    ]
    example = preferred(*PAIR, input_messages=messages)
    assert isinstance(example, Example)
    assert example.prompt == messages
    assert example.asked == ("user: my parcel\nassistant: it is late\nuser: when", "my parcel", "when")


def test_an_example_is_the_same_after_it_was_put_aside() -> None:
    example = preferred("today\ud83d\u2028", "tomorrow today", topic="post")
    assert isinstance(example, Example)
    assert Example.decode(example.encode()) == example
    assert example.encode().count(b"\n") == 1
