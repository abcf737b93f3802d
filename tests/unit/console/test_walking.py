"""The cases of one run, or of two, as somebody walks through them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from sayso_ingest.console.walking import AROUND, ONE, TWO, Filters, Stop, Walk, stops_between, stops_of
from sayso_ingest.evals.compare import LeftOut
from sayso_ingest.evals.runs import Manifest, RanSet, Result, Run
from sayso_ingest.models import Outcome

MANIFEST = Manifest(
    run_id="r", identity="i", created_at="2026-03-01T12:00:00Z", finished_at=None, set=RanSet("s", 1, "0", "all", 1),
    prompt=None, system={"kind": "model", "name": "m"}, samples=1, seed=0, scorers=(), code={},
)  # fmt: skip


def result(
    case_id: str, score: float | None, *, sample: int = 0, topic: str = "t", stratum: str = "mined"
) -> Result:
    return Result(
        case_id, sample, "dev", stratum, topic, Outcome.ANSWERED, "said", "exact", score,  # type: ignore[arg-type]
        None if score is None else score >= 0.5,
    )  # fmt: skip


def run(*results: Result) -> Run:
    return Run(MANIFEST, results, None, Path())


def ids(stops: Sequence[Stop]) -> list[str]:
    return [stop.case_id for stop in stops]


def test_the_cases_of_a_run_begin_with_the_worst_and_end_with_those_without_a_score() -> None:
    stops = stops_of(run(result("a", 1), result("b", None), result("c", 0), result("d", 0.4)))
    assert ids(stops) == ["c", "d", "a", "b"]
    assert [stop.tab for stop in stops] == ["failed", "failed", "passed", "unscored"]


def test_a_case_failed_where_one_of_its_samples_did_and_its_score_is_their_mean() -> None:
    [stop] = stops_of(run(result("a", 1), result("a", 0.2, sample=1)))
    assert (stop.tab, stop.scores, stop.samples) == ("failed", (0.6,), 2)


def test_between_two_runs_what_lost_the_most_comes_first_and_what_one_has_alone_is_left_out() -> None:
    before = run(result("a", 0.5), result("b", 1), result("c", 0.9), result("e", 0.3))
    after = run(result("a", 0.5), result("b", 0), result("c", 0.8), result("d", 1), result("e", 0.4))
    stops = stops_between(before, after)
    assert [(stop.case_id, stop.tab) for stop in stops] == [
        ("b", "worse"), ("c", "worse"), ("a", "same"), ("e", "better"), ("d", "left_out"),
    ]  # fmt: skip
    assert stops[-1].left_out is LeftOut.ONLY_B
    assert stops[-1].result.case_id == "d"


def test_scores_that_differ_by_rounding_alone_are_the_same() -> None:
    [stop] = stops_between(run(result("a", 0.1 + 0.2)), run(result("a", 0.3)))
    assert stop.tab == "same"


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), ["a", "b", "c"]),
        (Filters(topic="money"), ["b"]),
        (Filters(stratum="random"), ["c"]),
        (Filters(split="held_out"), []),
        (Filters(text="IS B"), ["b"]),
    ],
)
def test_filters_choose_by_topic_stratum_split_and_words_of_the_question(
    filters: Filters, expected: list[str]
) -> None:
    stops = stops_of(run(result("a", 0), result("b", 0.1, topic="money"), result("c", 0.2, stratum="random")))
    assert ids(filters.choose(stops, lambda case_id: f"What is {case_id}?")) == expected


def test_a_walk_begins_with_the_first_list_that_has_a_case_and_knows_what_is_around_each() -> None:
    stops = stops_of(run(result("a", 1), result("b", 0.9), result("c", 0.8)))
    walk = Walk.of(stops, tabs=ONE, tab="", case_id="")
    assert (walk.tab, walk.counts) == ("passed", {"failed": 0, "passed": 3, "unscored": 0, "all": 3})
    assert (walk.number, walk.before, walk.after) == (1, None, stops[1])
    last = Walk.of(stops, tabs=ONE, tab="passed", case_id="a")
    assert (last.number, last.before, last.after) == (3, stops[1], None)


def test_what_won_the_most_is_the_first_of_those_that_got_better() -> None:
    stops = stops_between(run(result("a", 0), result("b", 0)), run(result("a", 0.5), result("b", 1)))
    assert ids(Walk.of(stops, tabs=TWO, tab="better", case_id="").listed) == ["b", "a"]


def test_a_case_of_another_list_is_shown_and_leads_to_the_first_of_this_one() -> None:
    stops = stops_of(run(result("a", 1), result("b", 0)))
    walk = Walk.of(stops, tabs=ONE, tab="failed", case_id="a")
    assert (walk.current, walk.number, walk.before, walk.after) == (stops[1], None, None, stops[0])


def test_a_walk_without_a_case_shows_none() -> None:
    walk = Walk.of([], tabs=TWO, tab="worse", case_id="a")
    assert (walk.current, walk.window, walk.after) == (None, (), None)


def test_a_page_has_the_part_of_a_long_list_that_is_around_the_case_it_shows() -> None:
    stops = stops_of(run(*(result(f"{number:04}", 0) for number in range(10_000))))
    walk = Walk.of(stops, tabs=ONE, tab="failed", case_id="0250")
    assert (walk.number, walk.first, len(walk.window)) == (251, 200, AROUND)
    assert ids(walk.window)[0] == "0200"
