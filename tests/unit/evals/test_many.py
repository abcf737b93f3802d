"""Many runs at once: the best, and whether choosing among so many explains it."""

from __future__ import annotations

import numpy as np
import pytest
from sayso_ingest.analysis import Outcome
from sayso_ingest.analysis.stats.several import expected_largest
from sayso_ingest.evals.compare import Seen, choices_by, compare_many, foresight, sides_of, warning
from sayso_ingest.evals.compare.foretold import in_words as foresight_in_words
from sayso_ingest.evals.compare.many import in_words
from unit.evals.scored import cases, scored_run


def test_the_best_is_named_with_those_that_may_be_as_good() -> None:
    every = cases(100)
    runs = [
        scored_run("a", every, [1.0] * 50 + [0.0] * 50),
        scored_run("b", every, [1.0] * 90 + [0.0] * 10),
        scored_run("c", every, [0.0] * 2 + [1.0] * 86 + [0.0] * 12),
    ]
    table = compare_many(runs, every)
    assert (table.best, table.like_best) == ("answer@b", ("answer@c",))
    assert [entry.outcome for entry in table.entries] == [None, Outcome.BETTER, Outcome.BETTER]
    assert in_words(table) == (
        "answer@b is the best of 3 on helpdesk v3, beyond what choosing among so many explains. answer@c may be as "
        "good."
    )


def test_where_all_are_alike_the_best_may_be_chance() -> None:
    every = cases(30)
    random = np.random.default_rng(1)
    runs = [scored_run(name, every, [float(x) for x in random.integers(0, 2, 30)]) for name in "abcd"]
    assert in_words(compare_many(runs, every)).startswith("Not enough data to say which of 4 is best")


def test_intervals_hold_for_all_together_and_so_are_wider() -> None:
    every = cases(60)
    runs = [
        scored_run(name, every, [float(n % 3 > place) for n in range(60)]) for place, name in enumerate("ab")
    ]
    alone = compare_many(runs, every).entries[1].paired
    among = compare_many([*runs, scored_run("c", every, [1.0] * 60)], every).entries[1].paired
    assert alone
    assert among
    assert among.interval.low < alone.interval.low
    assert among.difference == alone.difference


def test_among_ten_that_are_alike_one_is_seldom_called_better_or_worse() -> None:
    every, random, called = cases(60), np.random.default_rng(3), 0
    for _ in range(25):
        hard = random.random(60)
        runs = [scored_run(f"v{k}", every, [float(x) for x in random.random(60) < hard]) for k in range(10)]
        table = compare_many(runs, every)
        called += any(entry.outcome in (Outcome.BETTER, Outcome.WORSE) for entry in table.entries)
    assert called <= 3


@pytest.mark.parametrize("count", [1, 2, 5, 20])
def test_the_expected_largest_of_normal_values_is_what_drawing_them_gives(count: int) -> None:
    drawn = np.random.default_rng(2).normal(size=(100_000, count)).max(axis=1).mean()
    assert expected_largest(count) == pytest.approx(drawn, abs=0.01)


def test_a_set_that_was_chosen_by_too_often_is_warned_of() -> None:
    every = cases(40)
    runs = [scored_run(f"v{k}", every, [float((n * 7 + k) % 5 > 1) for n in range(40)]) for k in range(12)]
    found = choices_by("helpdesk", 3, [run.manifest for run in [*runs, runs[0]]], (runs[0], runs[1]))
    assert (found.runs, found.candidates) == (13, 12)
    assert found.luck
    assert 0.02 < found.luck < 0.3
    assert "used to choose among 12 candidates" in (warning(found) or "")
    few = choices_by("helpdesk", 3, [run.manifest for run in runs[:3]], None)
    assert (few.luck, warning(few)) == (None, None)


def test_the_luck_of_the_best_is_what_simulated_choices_give() -> None:
    random, size, count = np.random.default_rng(8), 100, 20
    every, gained, told = cases(size, topics=size), [], []
    for _ in range(20):
        runs = [
            scored_run(f"v{k}", every, [float(x) for x in random.random(size) < 0.6]) for k in range(count)
        ]
        best = max(np.mean([one.score for one in run.results]) for run in runs)
        gained.append(best - 0.6)
        found = choices_by("helpdesk", 3, [run.manifest for run in runs], (runs[0], runs[1]))
        assert found.luck
        told.append(found.luck)
    assert np.mean(told) == pytest.approx(np.mean(gained), rel=0.2)


def test_how_much_better_a_run_is_on_cases_that_it_may_have_been_chosen_by() -> None:
    every = cases(40)
    run = scored_run("a", every, [float(case.split == "dev") for case in every])
    sides = sides_of(run, "answer@a")
    assert sides
    assert (sides.dev, sides.held_out, sides.difference) == (1.0, 0.0, 1.0)
    dev = [case for case in every if case.split == "dev"]
    assert sides_of(scored_run("a", dev, [1.0] * len(dev)), "answer@a") is None


def test_scores_that_foretell_what_people_say_agree_in_sign() -> None:
    seen = [Seen("answer", f"v{k}", offline=0.5 + k / 20, online=0.6 + k / 30) for k in range(5)]
    found = foresight(seen)
    assert (found.versions, found.pairs, found.agreed, found.agreement) == (5, 10, 10, 1.0)
    assert found.correlation == pytest.approx(1.0)
    assert found.low < 0.6  # five versions are four differences, however many pairs they make
    assert "in 10 (100%" in foresight_in_words(found)


def test_of_few_versions_nothing_is_said_yet() -> None:
    few = [Seen("answer", "a", 0.5, 0.6), Seen("answer", "b", 0.6, 0.7), Seen("other", "c", 0.9, 0.1)]
    assert foresight_in_words(foresight(few)).startswith("Not enough versions yet")
    assert not foresight([]).enough
