"""What a failing case opens with: what people said in production about questions like it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from integration.mining.project import Events, publish
from sayso_ingest import evalsets
from sayso_ingest.evals.improve import Around, Feedback
from sayso_ingest.warehouse import Published

REFUND = "How long does a refund take"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """Fourteen who disliked an answer about refunds, three who liked one, and traffic about other things."""
    events = Events()
    events.traffic(20)
    for number in range(17):
        liked, target = number >= 14, f"refund{number}"
        asked = {"input": f"{REFUND} for order {number}?", "output": f"Some time, {number}."}
        events.add("interaction", target, asked | {"prompt": {"name": "answer", "version": "v1"}})
        click = events.add("thumb", target, {"value": "up" if liked else "down"}, actor=f"p{number}")
        if number == 3:
            detail = {"about": click, "reasons": ["vague"], "comment": "Say how many days."}
            events.add("detail", target, detail, actor="p3")
            events.add("annotation", target, {"label": "bad", "expected": "Five days."}, actor="ann")
            events.add("judgement", target, {"judge": "m", "label": "good"})
    events.add("interaction", "silent", {"input": f"{REFUND}?", "output": "Hm."})
    with publish(tmp_path_factory.mktemp("nearest"), events.sent) as copy:
        yield copy


def around(published: Published, question: str) -> Around:
    case = evalsets.written_case(question, reason="to ask")
    return Feedback.read(published.query).nearest(published.query, case)


def test_a_case_opens_with_how_many_people_disliked_what_was_answered_to_questions_like_it(
    published: Published,
) -> None:
    found = around(published, f"{REFUND}?")
    assert found.sentence == "People disliked these 14, and liked 3 near this question."
    assert {one.target for one in found.liked} == {"refund14", "refund15", "refund16"}
    assert all(0.3 <= one.likeness <= 1 and one.prompt_version == "v1" for one in found.disliked)


def test_what_people_wrote_and_expected_stands_beside_the_answer(published: Published) -> None:
    [told] = [one for one in around(published, f"{REFUND}?").disliked if one.target == "refund3"]
    assert (told.said, told.expected) == (("Say how many days.", "vague"), "Five days.")
    assert (told.output, told.people, told.dislike) == ("Some time, 3.", 2, 1.0)


def test_the_same_question_is_the_nearest(published: Published) -> None:
    found = around(published, f"{REFUND} for order 5?")
    assert (found.disliked[0].target, round(found.disliked[0].likeness, 6)) == ("refund5", 1.0)


def test_where_nobody_said_anything_of_such_a_question_that_is_said(published: Published) -> None:
    found = around(published, "Pourquoi le ciel est bleu")
    assert (found.disliked, found.liked) == ((), ())
    assert found.sentence.startswith("Nobody has said yet")
