"""TRL's preference format, and what is said about files that are not in it."""

from __future__ import annotations

import json

import pytest
from sayso_ingest.errors import UsageError
from sayso_ingest.export import FORMATS
from sayso_ingest.export.formats import find_format
from sayso_ingest.export.trl_dpo import encode, fault, row
from sayso_ingest.mining import Pair

PAIR = Pair(
    prompt=[{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Naïve?\u2028"}],
    chosen="today",
    rejected="tomorrow",
    question="naïve",
    similarity=0.5,
    event_id="e1",
    target="t1",
)
GOOD = row(PAIR)
USER = [{"role": "user", "content": "x"}]


def test_a_pair_is_a_prompt_and_two_answers_of_the_assistant() -> None:
    assert row(PAIR) == {
        "prompt": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Naïve?\u2028"}],
        "chosen": [{"role": "assistant", "content": "today"}],
        "rejected": [{"role": "assistant", "content": "tomorrow"}],
    }


def test_a_pair_is_one_line_whatever_is_in_it() -> None:
    (line,) = encode([PAIR])
    assert line.count(b"\n") == 1
    assert json.loads(line) == GOOD
    assert fault(line) == ""


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "not JSON"),
        ("[]", "exactly the fields"),
        (json.dumps({**GOOD, "weight": 1}), "exactly the fields"),
        (json.dumps({**GOOD, "prompt": []}), "prompt is not a list of messages"),
        (json.dumps({**GOOD, "prompt": "x"}), "prompt is not a list of messages"),
        (
            json.dumps({**GOOD, "chosen": [{"role": "assistant", "content": " "}]}),
            "chosen is not a list of messages",
        ),
        (json.dumps({**GOOD, "chosen": USER}), "one message of the assistant"),
        (json.dumps({**GOOD, "chosen": GOOD["rejected"]}), "both answers are the same"),
    ],
)
def test_a_line_that_is_no_pair_is_told_why(line: str, complaint: str) -> None:
    assert complaint in fault(line.encode())


def test_formats_can_be_printed_and_an_unknown_one_names_them() -> None:
    assert [one.name for one in FORMATS] == ["trl-dpo"]
    assert all(one.summary for one in FORMATS)
    with pytest.raises(UsageError, match="trl-dpo"):
        find_format("csv")
