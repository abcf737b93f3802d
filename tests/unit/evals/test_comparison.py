"""Two runs of a set: which is better, how sure that is, where, and what is left out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.analysis import Outcome
from sayso_ingest.errors import UsageError
from sayso_ingest.evals.compare import LeftOut, Traffic, compare_runs, details, sentence
from unit.evals.scored import cases, scored_run

SCORES = st.lists(st.tuples(*[st.sampled_from([0.0, 0.5, 1.0])] * 2), min_size=12, max_size=40)


def test_who_knows_no_statistics_reads_which_is_better_by_how_much_and_how_sure_that_is() -> None:
    every = cases(120)
    # 74 pass both ways, 19 only with the second, 5 only with the first, 22 with neither.
    a = [1.0] * 74 + [0.0] * 19 + [1.0] * 5 + [0.0] * 22
    b = [1.0] * 74 + [1.0] * 19 + [0.0] * 5 + [0.0] * 22
    found = compare_runs(scored_run("91bc", every, a), scored_run("3f2a", every, b), every)
    assert found.outcome is Outcome.BETTER
    assert sentence(found) == (
        "answer@3f2a is better than answer@91bc on helpdesk v3: 78% of 120 cases passed instead of 66%, +12 points "
        "(95 % interval +3.7 to +20). It won 19 cases and lost 5."
    )


def test_the_same_the_other_way_round_is_worse() -> None:
    every = cases(60)
    a, b = scored_run("a", every, [1.0] * 60), scored_run("b", every, [0.0] * 20 + [1.0] * 40)
    found = compare_runs(a, b, every)
    assert found.outcome is Outcome.WORSE
    assert (len(found.losses), len(found.wins)) == (20, 0)
    assert "answer@b is worse than answer@a" in sentence(found)


@given(SCORES)
def test_the_difference_is_antisymmetric_and_so_is_the_outcome(scores: list[tuple[float, float]]) -> None:
    every = cases(len(scores))
    a, b = zip(*scores, strict=True)
    one, other = scored_run("a", every, a), scored_run("b", every, b)
    there, back = compare_runs(one, other, every), compare_runs(other, one, every)
    assert there.paired
    assert back.paired
    assert there.paired.difference == pytest.approx(-back.paired.difference, abs=1e-12)
    opposite = {Outcome.BETTER: Outcome.WORSE, Outcome.WORSE: Outcome.BETTER}
    assert back.outcome is opposite.get(there.outcome, there.outcome)
    assert [pair.case_id for pair in there.wins] == [pair.case_id for pair in back.losses] or (
        {pair.case_id for pair in there.wins} == {pair.case_id for pair in back.losses}
    )


def test_too_few_cases_are_not_enough_however_they_ended() -> None:
    every = cases(9)
    found = compare_runs(scored_run("a", every, [0.0] * 9), scored_run("b", every, [1.0] * 9), every)
    assert found.outcome is Outcome.UNKNOWN
    assert found.more_cases >= 1
    assert sentence(found).startswith("Not enough data to tell answer@b from answer@a on helpdesk v3")


def test_where_cases_are_missing_it_says_about_how_many() -> None:
    every = cases(40)
    a, b = [0.0, 1.0] * 20, [1.0, 0.0] * 8 + [0.0, 1.0] * 12
    found = compare_runs(scored_run("a", every, a), scored_run("b", every, b), every)
    assert found.outcome is Outcome.UNKNOWN
    assert found.more_cases > 500
    assert f"about {found.more_cases:,} more cases like these" in sentence(found)


def test_two_that_hardly_differ_are_the_same_where_there_are_cases_enough() -> None:
    every = cases(600)
    a = [1.0] * 400 + [0.0] * 200
    b = [1.0] * 398 + [0.0] * 2 + [1.0] * 2 + [0.0] * 198
    found = compare_runs(scored_run("a", every, a), scored_run("b", every, b), every)
    assert found.outcome is Outcome.SAME
    assert "No difference between answer@b and answer@a on helpdesk v3 larger than" in sentence(found)


def test_graded_scores_are_told_as_scores() -> None:
    every = cases(30)
    found = compare_runs(scored_run("a", every, [0.25] * 30), scored_run("b", every, [0.75, 0.5] * 15), every)
    assert "30 cases scored 62.5 of 100 instead of 25.0" in sentence(found)


def test_what_does_not_count_is_listed_with_why() -> None:
    every = cases(16)
    a = scored_run("a", every[:14], [None] + [1.0] * 13)
    b = scored_run("b", every[1:], [1.0, None] + [1.0] * 13)
    left = compare_runs(a, b, every, changed={every[5].case_id}).left_out
    assert left == {
        LeftOut.ONLY_A: (every[0].case_id,),
        LeftOut.ONLY_B: tuple(sorted(case.case_id for case in every[14:])),
        LeftOut.EXPECTED: (every[5].case_id,),
        LeftOut.UNSCORED_B: (every[2].case_id,),
    }
    found = compare_runs(a, b, every)
    assert any("2 cases, only the second run has it" in line for line in details(found))
    assert found.cases == 12


def test_cases_that_were_scored_in_different_ways_are_left_out() -> None:
    every = cases(12)
    a = scored_run("a", every, [1.0] * 12)
    found = compare_runs(a, scored_run("b", every, [1.0] * 12, scorer="judge:helpful@1"), every)
    assert list(found.left_out) == [LeftOut.SCORERS]
    assert found.paired is None
    assert "both scored 0 cases" in sentence(found)


def test_versions_of_one_set_are_compared_over_what_both_have_and_that_is_said() -> None:
    every = cases(30)
    a = scored_run("a", every[:20], [0.0] * 20, set_version=2)
    found = compare_runs(a, scored_run("b", every, [1.0] * 30), every)
    assert found.cases == 20
    assert any("different versions (v2 and v3)" in line for line in details(found))


def test_runs_of_different_sets_or_one_run_twice_are_wrong_usage() -> None:
    every = cases(3)
    a = scored_run("a", every, [1.0] * 3)
    with pytest.raises(UsageError, match="different sets"):
        compare_runs(a, scored_run("b", every, [1.0] * 3, set_name="other"), every)
    with pytest.raises(UsageError, match="with itself"):
        compare_runs(a, a, every)


def test_sides_strata_topics_and_themes_are_compared_by_themselves() -> None:
    every = [
        replace(case, stratum="random" if number % 2 else "manual") for number, case in enumerate(cases(60))
    ]
    themes = {case.case_id: "too long" for case in every[:20]}
    a, b = scored_run("a", every, [0.0] * 60), scored_run("b", every, [1.0, 0.0, 1.0] * 20)
    found = compare_runs(a, b, every, themes=themes)
    assert [part.name for part in found.splits] == ["dev", "held_out"]
    assert [(part.name, part.cases) for part in found.strata] == [("manual", 30), ("random", 30)]
    assert [part.name for part in found.topics] == ["topic 1", "topic 0", "topic 2"]
    assert [(part.name, part.cases) for part in found.themes] == [("too long", 20)]
    assert sum(part.cases for part in found.splits) == 60
    assert any(
        line.startswith("Better on topics: topic 0 +100, topic 2 +100 points") for line in details(found)
    )


def test_reweighted_to_traffic_a_group_counts_as_much_as_it_is_asked() -> None:
    every = cases(30, topics=2)
    group = {case.case_id: case.topic for case in every}
    a, b = scored_run("a", every, [0.0] * 30), scored_run("b", every, [1.0, 0.0] * 15)
    shares = {"topic 0": 0.1, "topic 1": 0.6, "never asked about": 0.3}
    found = compare_runs(a, b, every, traffic=Traffic("topic", shares, group)).traffic
    assert found
    assert found.paired.difference == pytest.approx(0.1 / 0.7)
    assert found.covered == pytest.approx(0.7)


@given(st.lists(st.booleans(), min_size=12, max_size=40).filter(lambda won: len(won) % 2 == 0))
def test_reweighted_by_equal_shares_is_what_it_was(won: list[bool]) -> None:
    every = cases(len(won), topics=2)
    group = {case.case_id: case.topic for case in every}
    a, b = scored_run("a", every, [0.0] * len(won)), scored_run("b", every, [float(one) for one in won])
    found = compare_runs(a, b, every, traffic=Traffic("topic", {"topic 0": 0.5, "topic 1": 0.5}, group))
    assert found.traffic
    assert found.paired
    assert found.traffic.paired.difference == pytest.approx(found.paired.difference)


def test_without_known_groups_cases_drawn_at_random_count_for_one_over_their_chance() -> None:
    every = [
        replace(case, stratum="random", inclusion_probability=0.5 if number < 10 else 0.1)
        for number, case in enumerate(cases(20))
    ]
    a, b = scored_run("a", every, [0.0] * 20), scored_run("b", every, [1.0] * 10 + [0.0] * 10)
    found = compare_runs(a, b, every).traffic
    assert found
    assert found.how == "from the 20 cases that were drawn at random"
    assert found.paired.difference == pytest.approx(20 / 120)
    assert found.covered is None


def test_the_largest_changes_come_first_with_both_answers() -> None:
    every = cases(12)
    a, b = (
        scored_run("a", every, [1.0, 1.0, 0.0] + [1.0] * 9),
        scored_run("b", every, [0.5, 0.0, 1.0] + [1.0] * 9),
    )
    found = compare_runs(a, b, every)
    assert [pair.case_id for pair in found.changes] == [every[n].case_id for n in (1, 0, 2)]
    assert (found.losses[0].input, found.losses[0].a.output) == (every[1].input, "answer 1 of a")


def test_runs_of_one_prompt_are_called_by_what_answered() -> None:
    every = cases(12)
    a = scored_run("a", every, [1.0] * 12)
    found = compare_runs(a, scored_run("a", every, [1.0] * 12, system="large"), every)
    assert (found.a.label, found.b.label) == ("small", "large")
