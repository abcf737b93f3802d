"""What trainers are given, and what is said about rows that they would not take."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from sayso_ingest.errors import UsageError
from sayso_ingest.export import TRAINING, TrainingFormat, find_format
from sayso_ingest.export.selection import Kept
from sayso_ingest.mining import Example, Source

SYSTEM = {"role": "system", "content": "Be kind."}
TURNS = [{"role": "user", "content": "Naïve?\u2028"}, {"role": "assistant", "content": "Yes."}]
LAST = {"role": "user", "content": "And now?"}
PROMPT = [SYSTEM, *TURNS, LAST]


def kept(chosen: str | None = "today", rejected: str | None = "tomorrow") -> Kept:
    example = Example(
        prompt=PROMPT,
        chosen=chosen,
        rejected=rejected,
        source=Source.EDIT,
        question="and now",
        who=("actor:a",),
        target="t1",
        event_ids=("e1",),
        topic="post",
    )
    return Kept(example, split="train", confidence=0.75, voices=2, event_ids=("e1", "e2"))


def said(text: str) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": text}]


@pytest.mark.parametrize(
    ("name", "example", "row"),
    [
        ("trl-sft", kept(rejected=None), {"prompt": PROMPT, "completion": said("today")}),
        ("trl-dpo", kept(), {"prompt": PROMPT, "chosen": said("today"), "rejected": said("tomorrow")}),
        (
            "trl-kto",
            kept(rejected=None),
            {"prompt": PROMPT, "completion": said("today"), "label": True},
        ),
        (
            "trl-kto",
            kept(chosen=None),
            {"prompt": PROMPT, "completion": said("tomorrow"), "label": False},
        ),
        (
            "openai-sft",
            kept(rejected=None),
            {"messages": [SYSTEM, TURNS[0], {**TURNS[1], "weight": 0}, LAST, *said("today")]},
        ),
        (
            "openai-dpo",
            kept(),
            {
                "input": {"messages": PROMPT},
                "preferred_output": said("today"),
                "non_preferred_output": said("tomorrow"),
            },
        ),
    ],
)
def test_each_format_is_as_its_trainer_reads_it(name: str, example: Kept, row: dict[str, Any]) -> None:
    format = find_format(name)
    assert format.row(example) == row
    assert format.fault(format.row(example)) == ""


@pytest.mark.parametrize("name", ["jsonl", "parquet"])
def test_the_plain_formats_say_all_that_is_known(name: str) -> None:
    row = find_format(name).row(kept())
    assert find_format(name).fault(row) == ""
    assert row["event_ids"] == ["e1", "e2"]
    assert (row["confidence"], row["voices"], row["topic"], row["source"]) == (0.75, 2, "post", "edit")


def broken(row: Any) -> list[Any]:
    """The row with one thing of it missing, empty or of another type, in every way that there is for the whole row."""
    others: list[Any] = ["text", None, [], {**row, "more": 1}]
    for field in row:
        others.append({name: value for name, value in row.items() if name != field})
        others += [{**row, field: wrong} for wrong in (7, "", {"role": "user"})]
    return others


@pytest.mark.parametrize("format", [one for one in TRAINING if one.purpose], ids=lambda one: one.name)
def test_a_row_that_is_not_of_the_format_has_a_fault(format: TrainingFormat) -> None:
    row = format.row(kept(rejected=None) if "sft" in format.name or "kto" in format.name else kept())
    for wrong in broken(row):
        assert format.fault(wrong), wrong


@pytest.mark.parametrize(
    "format", [find_format("trl-dpo"), find_format("openai-dpo")], ids=lambda one: one.name
)
def test_two_answers_that_are_the_same_prefer_nothing(format: TrainingFormat) -> None:
    assert "the same" in format.fault(format.row(kept(rejected="today")))


def test_an_answer_that_the_assistant_does_not_give_is_none() -> None:
    format = find_format("openai-sft")
    row = copy.deepcopy(dict(format.row(kept(rejected=None))))
    row["messages"][-1]["role"] = "user"
    assert "assistant" in format.fault(row)


def test_an_unknown_format_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="trl-sft, trl-dpo, trl-kto, openai-sft"):
        find_format("csv")
