"""What a judge says is corrected by what people say, and nothing is claimed of few."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from sayso_ingest.judge.said import Said
from sayso_ingest.judge.standing import ENOUGH, disagreements, preferences, standings

JUDGED = Said("small", "works@1", "", "t", "good", 1.0, good=True, chance=1.0)


def traffic(count: int, labelled: int, *, seed: int = 0, uneven: bool = False) -> list[Said]:
    """People like 60 %; the judge finds 70 % of the rest. With `uneven` what it calls bad is drawn more often."""
    random = np.random.default_rng(seed)
    said = []
    for _ in range(count):
        liked = bool(random.random() < 0.6)
        good = liked or bool(random.random() < 0.3)
        chance = (0.25 if good else 1.0) if uneven else 1.0
        if random.random() < chance:
            said.append(_said(good, chance, liked if random.random() < labelled / count else None))
    return said


@cache
def _said(good: bool, chance: float, liked: bool | None) -> Said:
    """One thing that was judged; there are a few kinds of them, and to make hundreds of thousands anew takes long."""
    return replace(
        JUDGED,
        value="good" if good else "bad",
        score=float(good),
        good=good,
        chance=chance,
        annotated=None if liked is None else [liked],
    )


def test_the_corrected_rate_holds_what_people_think_and_the_raw_one_does_not() -> None:
    held, raw = 0, 0
    for seed in range(200):
        [found] = standings(traffic(800, 150, seed=seed))
        assert found.corrected
        held += found.corrected.low <= 0.6 <= found.corrected.high
        raw += found.raw > 0.65
    assert held >= 180
    assert raw == 200


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
    said = [replace(JUDGED, target=f"t{n}", annotated=[n % 2 == 0]) for n in range(ENOUGH - 1)]
    [found] = standings(said)
    assert (found.corrected, found.labelled) == (None, ENOUGH - 1)
    assert found.agreement
    assert found.agreement.same == pytest.approx(25 / 49)
    assert found.found_bad
    assert (found.found_bad.hits, found.found_bad.things) == (0, 24)
    assert found.error == pytest.approx(24 / 49)
    assert standings([*said, replace(JUDGED, target="t", annotated=[False])])[0].corrected


def test_annotations_come_before_thumbs_where_there_are_enough() -> None:
    thumbs = [replace(JUDGED, target=f"t{n}", thumbs=[True]) for n in range(60)]
    some = [replace(one, annotated=[False]) for one in thumbs[:49]]
    assert standings([*some, *thumbs[49:]])[0].people_by == "thumbs"
    assert standings([*some, replace(thumbs[49], annotated=[True]), *thumbs[50:]])[0].people_by == "annotated"
    assert standings([JUDGED])[0].people_by == ""


def test_people_who_spoke_of_the_same_thing_are_the_ceiling() -> None:
    said = [replace(JUDGED, target=f"t{n}", annotated=[True, n > 1, None]) for n in range(8)]
    [found] = standings(said)
    assert found.ceiling
    assert (found.ceiling.things, found.ceiling.same) == (8, 6 / 8)
    assert found.labelled == 6  # two of them balance
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
