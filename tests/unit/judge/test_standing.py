"""What a judge says is corrected by what people say, and nothing is claimed of few."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import count as numbers

import numpy as np
import pytest
from sayso_ingest.judge.said import Said
from sayso_ingest.judge.standing import ENOUGH, disagreements, preferences, standings

JUDGED = Said("small", "works@1", "", "t", "good", 1.0, good=True, chance=1.0)
SOMEBODY = numbers()


def traffic(count: int, labelled: int, *, seed: int = 0, uneven: bool = False) -> list[Said]:
    """People like 60 %; the judge finds 70 % of the rest. With `uneven` what it calls bad is drawn more often."""
    random = np.random.default_rng(seed)
    said = []
    for _ in range(count):
        liked = bool(random.random() < 0.6)
        good = liked or bool(random.random() < 0.3)
        chance = (0.25 if good else 1.0) if uneven else 1.0
        if random.random() < chance:
            one = _said(good, chance)
            said.append(annotated(one, liked) if random.random() < labelled / count else one)
    return said


@cache
def _said(good: bool, chance: float) -> Said:
    """One thing that was judged; there are a few kinds of them, and to make hundreds of thousands anew takes long."""
    return replace(JUDGED, value="good" if good else "bad", score=float(good), good=good, chance=chance)


def annotated(one: Said, *goods: bool | None, by: Sequence[str] = ()) -> Said:
    """The same with what annotators say of it: each somebody who says nothing else, if nobody is named."""
    return replace(one, annotated=goods, annotated_by=by or [str(next(SOMEBODY)) for _ in goods])


def thumbed(one: Said, *goods: bool) -> Said:
    return replace(one, thumbs=goods, thumbs_by=[str(next(SOMEBODY)) for _ in goods])


def test_the_corrected_rate_holds_what_people_think_and_the_raw_one_does_not() -> None:
    held, raw = 0, 0
    for seed in range(200):
        [found] = standings(traffic(800, 150, seed=seed))
        assert found.corrected
        held += found.corrected.low <= 0.6 <= found.corrected.high
        raw += bool(found.raw and found.raw > 0.65)
    assert held >= 180
    assert raw == 200


def test_one_person_who_says_much_is_one_and_the_interval_is_as_wide_as_people_differ() -> None:
    said = traffic(800, 150)
    apart, alike = [], []
    for one in said:
        if one.annotated:
            [good] = one.annotated
            alike.append(annotated(one, good, by=[f"p{len(alike) % 6}"]))
            apart.append(annotated(one, good, by=["p5" if good else f"p{len(apart) % 5}"]))
    rest = [one for one in said if not one.annotated]
    [each], [some], [few] = (standings([*rest, *some]) for some in ([*_alone(said)], alike, apart))
    assert [one.people for one in (each, some, few)] == [len(alike), 6, 6]
    assert each.corrected
    assert some.corrected
    assert few.corrected
    assert each.corrected.rate == pytest.approx(some.corrected.rate) == pytest.approx(few.corrected.rate)
    widths = [one.corrected.high - one.corrected.low for one in (each, some, few) if one.corrected]
    assert widths[0] <= widths[1]
    assert 2 * widths[1] < widths[2]


def _alone(said: Sequence[Said]) -> list[Said]:
    return [one for one in said if one.annotated]


def test_unequal_probabilities_are_weighed() -> None:
    held, naive = 0, []
    for seed in range(60):
        said = traffic(2_000, 500, seed=seed, uneven=True)
        [found] = standings(said)
        assert found.corrected
        assert found.weighed
        held += found.corrected.low <= 0.6 <= found.corrected.high
        naive.append(standings([replace(one, chance=1.0) for one in said])[0].corrected)
        assert found.raw == pytest.approx(0.72, abs=0.05)
    assert held >= 54
    assert sum(one is not None and one.high < 0.6 for one in naive) > 50  # so that this test can fail


def test_fewer_than_fifty_labels_are_not_enough_and_the_rest_is_still_said() -> None:
    said = [annotated(replace(JUDGED, target=f"t{n}"), n % 2 == 0) for n in range(ENOUGH - 1)]
    [found] = standings(said)
    assert (found.corrected, found.raw) == (None, None)
    assert (found.labelled, found.missing) == (ENOUGH - 1, 1)
    assert found.agreement
    assert found.agreement.same == pytest.approx(25 / 49)
    assert found.found_bad
    assert (found.found_bad.hits, found.found_bad.things) == (0, 24)
    assert found.error == pytest.approx(24 / 49)
    [found] = standings([*said, annotated(replace(JUDGED, target="t"), False)])
    assert found.corrected
    assert (found.raw, found.missing) == (1, 0)


def test_annotations_come_before_thumbs_where_there_are_enough() -> None:
    thumbs = [thumbed(replace(JUDGED, target=f"t{n}"), True) for n in range(60)]
    some = [annotated(one, False) for one in thumbs[:49]]
    assert standings([*some, *thumbs[49:]])[0].people_by == "thumbs"
    assert standings([*some, annotated(thumbs[49], True), *thumbs[50:]])[0].people_by == "annotated"
    assert standings([JUDGED])[0].people_by == ""


def test_annotations_that_balance_do_not_put_many_thumbs_aside() -> None:
    thumbs = [thumbed(replace(JUDGED, target=f"t{n}"), n % 3 > 0) for n in range(120)]
    some = [annotated(one, True) for one in thumbs[: ENOUGH - 1]]
    [found] = standings([*some, annotated(thumbs[ENOUGH - 1], True, False), *thumbs[ENOUGH:]])
    assert (found.people_by, found.labelled) == ("thumbs", 120)
    assert found.corrected


def test_people_who_spoke_of_the_same_thing_are_the_ceiling() -> None:
    said = [annotated(replace(JUDGED, target=f"t{n}"), True, n > 1, None) for n in range(8)]
    [found] = standings(said)
    assert found.ceiling
    assert (found.ceiling.things, found.ceiling.same) == (8, 6 / 8)
    assert found.labelled == 6  # two of them balance
    assert found.people == 16  # who say neither are not counted
    assert not math.isnan(found.ceiling.alpha)


def test_versions_of_a_prompt_stand_by_themselves_where_there_are_several() -> None:
    one = replace(JUDGED, prompt_name="help", prompt_version="v1")
    assert [found.prompt for found in standings([one])] == [""]
    two = replace(one, target="u", prompt_version="v2")
    assert [found.prompt for found in standings([one, two])] == ["", "help v1", "help v2"]


def test_pairs_have_their_swaps_and_ties_counted() -> None:
    pair = replace(JUDGED, name="preference", value="a", good=None, pairs=3, consistent=2, preferred=["a"])
    [found] = preferences([pair, replace(pair, target="u", value="tie", consistent=0), JUDGED])
    assert (found.judged, found.ties) == (2, 1)
    assert found.swap
    assert (found.swap.hits, found.swap.things) == (2, 6)
    assert found.people
    assert (found.people.hits, found.people.things) == (1, 2)
    assert len(standings([pair, JUDGED])) == 1


def test_two_judges_are_compared_on_what_both_judged() -> None:
    other = replace(JUDGED, judge="large", value="bad", good=False)
    [found] = disagreements([JUDGED, other, replace(other, target="u")])
    assert (found.one, found.other, found.agreement.things, found.agreement.same) == (
        "large",
        "small",
        1,
        0.0,
    )
    assert disagreements([JUDGED, replace(other, rubric="other@2")]) == []
