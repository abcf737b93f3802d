"""Whether a signal says what others say of the same interaction, and what becomes of one that does not."""

from __future__ import annotations

import numpy as np
import pytest
from sayso_ingest.mining.hardness.acts import Act
from sayso_ingest.mining.hardness.foundation import described
from sayso_ingest.mining.hardness.hard import Evidence, weigh
from sayso_ingest.mining.hardness.prior import Prior
from sayso_ingest.mining.hardness.reliability import COMPARED, CONCLUSIVE, Reliability
from sayso_ingest.mining.rows import Verdict
from unit.mining.builders import verdict


def thumbs(count: int) -> list[Verdict]:
    """Two people an interaction, who agree; every second one is disliked."""
    return [
        verdict("down" if n % 2 else "up", target=f"t{n}", who=f"actor:{who} of {n}")
        for n in range(count)
        for who in range(2)
    ]


def judged(count: int, *, bad: list[bool]) -> list[Verdict]:
    return [
        verdict(None, kind="judgement", label="bad" if bad[n] else "good", target=f"t{n}", who="judge:j")
        for n in range(count)
    ]


def reliability(evidence: Evidence) -> dict[str, Reliability]:
    return {one.kind: one for one in evidence.reliability}


def weighed(count: int, verdicts: list[Verdict]) -> Evidence:
    return weigh([f"t{n}" for n in range(count)], verdicts)


def test_a_signal_that_says_what_others_say_is_in_use() -> None:
    size = COMPARED
    found = reliability(weighed(size, [*thumbs(size), *judged(size, bad=[n % 2 == 1 for n in range(size)])]))
    assert found["judgement"] == Reliability("judgement", said=size, compared=size, auc=1.0)
    assert found["thumb"].auc == 1


def test_nothing_is_said_of_a_signal_where_too_few_others_spoke() -> None:
    size = COMPARED - 1
    found = reliability(weighed(size, thumbs(size)))
    assert found["thumb"] == Reliability("thumb", said=size, compared=size, auc=None)


def test_nothing_is_said_of_a_signal_where_all_others_agree() -> None:
    found = weighed(
        COMPARED, [verdict("up", target=f"t{n}", who=f"actor:{w}") for n in range(COMPARED) for w in "ab"]
    )
    assert reliability(found)["thumb"].auc is None


def test_a_judge_who_tosses_a_coin_has_a_column_and_no_vote() -> None:
    size = 4 * CONCLUSIVE
    tossed = [n % 4 in (1, 2) for n in range(size)]
    evidence = weighed(size, [*thumbs(size), *judged(size, bad=tossed)])
    found = reliability(evidence)
    assert not found["judgement"].used
    assert found["judgement"].auc == pytest.approx(0.5)
    assert found["thumb"].used
    assert evidence.columns["judgement"][1] == 1
    assert np.array_equal(evidence.votes, weighed(size, thumbs(size)).votes)
    assert np.array_equal(evidence.disliked, weighed(size, thumbs(size)).disliked)


def test_of_two_signals_that_contradict_each_other_the_judge_goes_before_the_people() -> None:
    size = 2 * CONCLUSIVE
    alone = [one for one in thumbs(size) if "1 of" not in one.who]
    found = reliability(weighed(size, [*alone, *judged(size, bad=[n % 4 in (1, 2) for n in range(size)])]))
    assert (found["thumb"].used, found["judgement"].used) == (True, False)


def test_where_people_say_nothing_else_a_signal_on_which_they_disagree_stays_in_use() -> None:
    size = 4 * CONCLUSIVE
    first = [one for one in thumbs(size) if "1 of" not in one.who]
    second = [verdict("down" if n % 4 in (1, 2) else "up", target=f"t{n}", who=f"b{n}") for n in range(size)]
    found = weighed(size, [*first, *second])
    assert reliability(found)["thumb"] == Reliability("thumb", said=size, compared=size, auc=0.5)
    assert (found.votes == 2).all()


def test_a_coin_is_not_left_out_before_enough_was_compared() -> None:
    size = CONCLUSIVE - 1
    found = reliability(
        weighed(size, [*thumbs(size), *judged(size, bad=[n % 4 in (1, 2) for n in range(size)])])
    )
    assert found["judgement"].used


def test_one_person_is_not_compared_with_themselves() -> None:
    own = [verdict(value, target=f"t{n}", name=value) for n in range(50) for value in ("up", "down")]
    assert reliability(weighed(50, own))["thumb"].compared == 0


def test_an_interaction_counts_once_however_many_spoke_of_it() -> None:
    crowd = [verdict("down", target="t0", who=f"actor:{n}") for n in range(500)]
    assert reliability(weighed(1, crowd))["thumb"].compared == 1


def test_what_hardness_rests_on_is_told_a_line_a_signal_and_an_act() -> None:
    lines = described(
        [
            Reliability("thumb", said=1200, compared=20, auc=None),
            Reliability("judgement", said=90, compared=90, auc=0.5, used=False),
        ],
        [
            Act("regenerated", done=40, judged=12, disliked=11, odds=1.5),
            Act("solved", done=9, judged=6, disliked=0, odds=-0.5),
            Act("a\nname " + "x" * 90, done=3, judged=0, disliked=0, odds=0),
        ],
        Prior(np.zeros(1), "base rate of 100 judged"),
    )
    assert [line.split("  ")[0] for line in lines[:-1]] == [
        "thumb",
        "judgement",
        "regenerated",
        "solved",
        "a name " + "x" * 32 + "…",
    ]
    assert lines[0].endswith("  others spoke of 20 of these: too few to measure it  in use")
    assert lines[1].endswith("  not in use: no better than a coin")
    assert lines[2].endswith(" 11 of the 12 that somebody spoke of were disliked   in use: harder")
    assert lines[3].endswith("  in use: easier")
    assert lines[4].endswith("  not in use: tells nothing yet")
    assert lines[5] == "nobody spoke: base rate of 100 judged"
    assert "\n" not in "".join(lines)
