"""Which version of a prompt should ship, said to people who write no code."""

from __future__ import annotations

import pytest
from sayso_ingest.analysis import Outcome
from sayso_ingest.console.shipping import Candidate, advise

BETTER, WORSE, SAME, UNKNOWN = Outcome.BETTER, Outcome.WORSE, Outcome.SAME, Outcome.UNKNOWN


def said(*candidates: Candidate, answers: bool = True) -> tuple[str, bool, str]:
    found = advise("v1", candidates, answers=answers)
    return found.ship, found.sure, found.sentence


def test_what_scores_better_should_ship_where_people_do_not_say_otherwise() -> None:
    assert said(Candidate("v2", offline=BETTER)) == (
        "v2",
        True,
        "v2 should ship: it scores better on the eval set than v1, which answers now, and people have not met it yet.",
    )
    assert said(Candidate("v2", offline=BETTER, online=SAME))[2].endswith("and people do not say otherwise.")


def test_of_several_that_score_better_the_best_should_ship() -> None:
    assert (
        said(Candidate("v2", offline=BETTER, gain=0.1), Candidate("v3", offline=BETTER, gain=0.2))[0] == "v3"
    )


def test_what_people_like_more_should_ship_before_what_only_scores_better() -> None:
    ship, sure, sentence = said(
        Candidate("v2", offline=BETTER, gain=0.5), Candidate("v3", online=BETTER, offline=BETTER, liked=0.1)
    )
    assert (ship, sure) == ("v3", True)
    assert sentence == (
        "v3 should ship: people like it more than v1, which answers now, and it scores better on the eval set, too."
    )


@pytest.mark.parametrize(
    ("online", "offline", "told"),
    [
        (WORSE, BETTER, "v2 scores better on the eval set, but people like it less"),
        (BETTER, WORSE, "people like v2 more, but it scores worse on the eval set"),
    ],
)
def test_where_people_and_the_set_disagree_nothing_ships(
    online: Outcome, offline: Outcome, told: str
) -> None:
    ship, sure, sentence = said(Candidate("v2", online=online, offline=offline))
    assert (ship, sure) == ("v1", False)
    assert told in sentence
    assert sentence.startswith("Keep v1, which answers now: ")


def test_too_little_data_is_no_reason_to_ship() -> None:
    assert said(Candidate("v2", offline=UNKNOWN)) == (
        "v1",
        False,
        "Keep v1, which answers now: there is not enough data yet to call another version better.",
    )


@pytest.mark.parametrize("offline", [WORSE, SAME])
def test_what_is_no_better_does_not_ship(offline: Outcome) -> None:
    assert said(Candidate("v2", offline=offline)) == (
        "v1", True, "Keep v1, which answers now: no other version is better.",
    )  # fmt: skip


def test_what_was_never_compared_is_not_judged() -> None:
    ship, sure, sentence = said(Candidate("v2"), answers=False)
    assert (ship, sure) == ("v1", False)
    assert sentence.startswith(
        "Nothing tells yet whether another version should ship than v1, which was run first"
    )
