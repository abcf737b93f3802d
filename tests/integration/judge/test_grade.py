"""A verdict is whole or is none: what failed is named, and the next run asks for nothing but that."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from chat_server import says, serving
from grader import grader, read
from model_server import Answer, Asked, ModelServer, as_json
from sayso_ingest.judge import Asking, Graded, Rubric, judge
from sayso_ingest.judge.material import Candidate, Material
from sayso_ingest.models import Address, Advice, Budget, ChatModel, KeptReplies, Outcome

THREE = Asking(samples=3)
PAIRS = Asking(pairs=True)
GONE = as_json({"choices": []})
"""An answer that may come the next time."""
DECLINED = says(None, refusal="No.")
"""An answer that will be the same each time."""


def material(*candidates: str) -> Material:
    texts = [Candidate(f"c{place}", text) for place, text in enumerate(candidates)]
    return Material("t1", datetime(2026, 1, 1, tzinfo=UTC), "How?", "", (), "It works.", tuple(texts))


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving(grader) as server:
        yield server


@pytest.fixture
def rubric(tmp_path: Path) -> Rubric:
    file = tmp_path / "works.md"
    file.write_text("An answer is good if it works.")
    return Rubric.read(file)


@pytest.fixture
def grade(server: ModelServer, rubric: Rubric, tmp_path: Path) -> Callable[..., Graded]:
    """Judges as a run does, beside the replies that earlier ones kept."""

    def run(asking: Asking, *candidates: str, **options: Any) -> Graded:
        advice = Advice("--model", "SAYSO_MODEL_KEY")
        with KeptReplies(tmp_path / "replies.sqlite") as kept:
            model = ChatModel(
                Address(server.url, "small"), advice=advice, kept=kept, backoff=0.001, **options
            )
            return judge(model, rubric, material(*candidates), asking)

    return run


def test_a_missing_sample_leaves_no_verdict_and_the_next_run_asks_for_that_one_alone(
    server: ModelServer, grade: Callable[..., Graded]
) -> None:
    server.next = [grader, GONE, grader]
    first = grade(THREE)
    assert (first.judgement, first.hindrance) == (None, Outcome.EMPTY)
    assert first.outcomes == (Outcome.ANSWERED, Outcome.EMPTY, Outcome.ANSWERED)
    whole = grade(THREE)
    assert whole.judgement is not None
    assert whole.judgement.meta == {"samples": 3, "agreed": 1.0, "mean_score": 1.0}
    assert (whole.recalled, len(server.asked)) == (2, 4)


def test_the_score_is_that_of_the_label_which_most_samples_say(
    server: ModelServer, grade: Callable[..., Graded]
) -> None:
    unclear = says({"rationale": "Who knows?", "label": "unclear"})
    server.next = [grader, unclear, unclear]
    judgement = grade(THREE).judgement
    assert judgement is not None
    assert (judgement.label, judgement.score, judgement.meta["mean_score"]) == ("unclear", None, 1.0)


def test_a_sample_that_will_never_be_answered_is_left_out_and_the_verdict_says_so(
    server: ModelServer, grade: Callable[..., Graded]
) -> None:
    server.next = [DECLINED]
    for _ in range(2):
        found = grade(THREE)
        assert found.judgement is not None
        assert found.judgement.meta == {"samples": 2, "agreed": 1.0, "mean_score": 1.0, "unanswered": 1}
        assert found.outcomes.count(Outcome.DECLINED) == 1
        assert found.hindrance is None
    assert len(server.asked) == 3


def test_what_is_declined_each_time_has_no_verdict_and_says_why_also_when_it_is_recalled(
    server: ModelServer, grade: Callable[..., Graded]
) -> None:
    server.rule = lambda _: DECLINED
    first, again = grade(THREE), grade(THREE)
    assert (first.judgement, first.hindrance) == (None, Outcome.DECLINED)
    assert first.problem == again.problem == "the model will not answer"


@pytest.mark.parametrize(("asking", "candidates"), [(Asking(samples=5), ()), (PAIRS, ("Yes.", "No."))])
def test_what_an_endpoint_refuses_is_asked_once_and_no_further_sample_of_it(
    server: ModelServer, grade: Callable[..., Graded], asking: Asking, candidates: tuple[str, ...]
) -> None:
    server.rule = lambda _: as_json({"error": "the context has 9000 tokens, 8192 are allowed"}, 400)
    found = grade(asking, *candidates)
    assert (found.judgement, found.hindrance, found.outcomes) == (None, Outcome.REFUSED, (Outcome.REFUSED,))
    assert "8192 are allowed" in found.problem
    assert len(server.asked) == 1


def order(asked: Asked) -> str:
    """Which candidate an endpoint is shown first."""
    parts, _ = read("\n\n".join(message["content"] for message in asked["messages"]))
    found = re.search(r"answer (\w)", parts["first"])
    assert found is not None
    return found[1]


def test_two_samples_of_one_order_are_not_both_orders(
    server: ModelServer, grade: Callable[..., Graded]
) -> None:
    asking = Asking(samples=2, pairs=True)
    server.rule = lambda asked: DECLINED if order(asked) == "b" else grader(asked)
    found = grade(asking, "answer a is right", "answer b")
    assert (found.judgement, found.hindrance) == (None, Outcome.DECLINED)
    assert found.outcomes.count(Outcome.ANSWERED) == 2


def test_a_pair_that_was_never_compared_leaves_no_winner(
    server: ModelServer, grade: Callable[..., Graded]
) -> None:
    def rule(asked: Asked) -> Answer:
        prompt = json.dumps(asked)
        return DECLINED if "answer b" in prompt and "answer c" in prompt else grader(asked)

    server.rule = rule
    assert grade(PAIRS, "answer a is right", "answer b", "answer c").judgement is None
    server.rule = grader
    whole = grade(PAIRS, "answer a is right", "answer b", "answer d")
    assert whole.judgement is not None
    assert (whole.judgement.label, whole.judgement.meta["pairs"]) == ("c0", 3)


def test_what_is_unaffordable_stops_within_one_thing_and_is_completed_by_the_next_run(
    server: ModelServer, grade: Callable[..., Graded]
) -> None:
    found = grade(Asking(samples=5), budget=Budget(max_calls=2))
    assert (found.judgement, found.hindrance) == (None, Outcome.UNAFFORDABLE)
    assert found.outcomes == (Outcome.ANSWERED, Outcome.ANSWERED, Outcome.UNAFFORDABLE)
    assert grade(Asking(samples=5), budget=Budget(max_calls=3)).judgement is not None
    assert len(server.asked) == 5


def test_a_stop_holds_within_one_thing_and_what_was_answered_is_kept(
    server: ModelServer, grade: Callable[..., Graded]
) -> None:
    stopped = threading.Event()

    def rule(asked: Asked) -> Answer:
        stopped.set()
        return grader(asked)

    server.rule = rule
    found = grade(Asking(samples=5), hung_up=stopped)
    assert (found.judgement, found.hindrance) == (None, Outcome.STOPPED)
    assert len(server.asked) == 1
    assert grade(Asking(samples=5)).recalled == 1
