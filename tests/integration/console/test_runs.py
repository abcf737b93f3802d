"""Runs: the list with its filters, one run in full, and cases one after the other, alone or two runs side by side."""

from __future__ import annotations

import dataclasses
import time
from datetime import timedelta
from pathlib import Path

import pytest
from integration.console.mined import case
from integration.console.people import NOW, console, project, words
from integration.console.ran_sets import NEW, Ran, decided, erased, keep_run, large, ran, result
from landed import event
from sayso_ingest import evalsets
from sayso_ingest.models import Outcome


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "default"


@pytest.fixture
def two(folder: Path) -> Ran:
    return ran(folder)


def pair(two: Ran) -> str:
    return f"a={two.worse.run_id}&b={two.better.run_id}"


def test_where_nothing_was_run_the_page_says_what_to_type(folder: Path) -> None:
    project(folder, event())
    assert "sayso eval run --set NAME --prompt FILE" in words(console(folder).get("/runs"))


def test_runs_are_listed_newest_first_with_prompt_commit_score_with_interval_counts_and_cost(
    folder: Path, two: Ran
) -> None:
    page = words(console(folder).get("/runs"))
    commit = two.better.manifest.prompt.commit[:10]
    newest = f"help v2 commit {commit} 66.0 % 31–89 % small-1 helpdesk v1 4 of 5 1 0.012 59 minutes ago"
    assert newest in page
    assert page.index(newest) < page.index("help v1 commit")
    assert "not finished" not in page.split("Choose")[1]


def test_the_list_is_narrowed_by_the_address(folder: Path, two: Ran) -> None:
    client = console(folder)
    page = client.get("/runs?version=v2&set=helpdesk&prompt=help&by=small-1&state=finished")
    assert two.better.run_id in page.text
    assert two.worse.run_id not in page.text
    assert "No run is like this." in words(client.get("/runs?by=other"))


def test_a_run_that_is_not_finished_says_how_far_it_is_and_how_to_go_on(folder: Path, two: Ran) -> None:
    begun = keep_run(
        folder,
        two.version,
        two.worse.results[:2],
        version_of="v3",
        at=NOW - timedelta(minutes=1),
        finished=False,
    )
    client = console(folder)
    assert "help v3 commit" in words(client.get("/runs?state=not+finished"))
    assert "not finished: 2 of 6 cases" in words(client.get("/runs"))
    page = words(client.get(f"/runs/{begun.run_id}"))
    assert "It goes on where it ended when the same sayso eval run is typed again." in page


def test_a_run_that_has_answered_nothing_yet_says_so(folder: Path, two: Ran) -> None:
    begun = keep_run(folder, two.version, [], version_of="v3", finished=False)
    client = console(folder)
    assert "No case has been answered yet." in words(client.get(f"/runs/{begun.run_id}"))
    assert "No case is here." in words(client.get(f"/runs/{begun.run_id}/cases"))


def test_a_run_that_somebody_changed_is_listed_and_says_what_to_do(folder: Path, two: Ran) -> None:
    (two.better.path / "results.jsonl").write_bytes(b"")
    client = console(folder)
    page = words(client.get("/runs"))
    assert "cannot be read" in page
    assert "was changed after the run" in page
    assert client.get(f"/runs/{two.better.run_id}").status_code == 503


def test_many_runs_are_shown_a_page_at_a_time(folder: Path, two: Ran) -> None:
    for number in range(60):
        keep_run(
            folder, two.version, two.worse.results, version_of=f"w{number}", at=NOW - timedelta(days=number)
        )
    client = console(folder)
    first, second = (client.get(f"/runs{query}").text for query in ("", "?from=50"))
    assert (first.count('name="run"'), second.count('name="run"')) == (50, 12)
    assert "62 runs in all." in first
    assert 'rel="next"' in first
    assert 'rel="next"' not in second


def test_a_run_has_its_manifest_in_words_its_proxies_its_worst_cases_and_the_text_of_its_prompt(
    folder: Path, two: Ran
) -> None:
    page = words(console(folder).get(f"/runs/{two.better.run_id}"))
    assert "6 cases of helpdesk v1 (all of it), 59 minutes ago" in page
    assert "Where it failed 1 How do I export? 20 % by judge:helpful · export / money It says 20% of" in page
    assert "Answered 5 83.3 % Unavailable 1 16.7 %" in page
    assert "200 ms in the middle" in page
    assert "Tokens 180 read, 72 written Cost 0.012" in page
    assert "Answered by model small-1 · temperature 0.0 Scored by judge:helpful , then overlap" in page
    assert NEW in page
    assert "1 case has no score" in page


def test_a_case_of_a_run_is_shown_with_what_was_asked_expected_and_answered_and_why_it_failed(
    folder: Path, two: Ran
) -> None:
    page = words(console(folder).get(f"/runs/{two.better.run_id}/cases"))
    assert "Failed 1 Passed 4 No score 1 All 6" in page
    assert "Asked How do I export? Expected, as a person put it right Open the menu, then export." in page
    assert "Open the window, then leave. failed 20 % by judge:helpful · 10 % by overlap" in page
    assert "Why: It says 20% of what matters." in page


def test_a_case_comes_with_what_people_said_in_production_near_its_question(folder: Path, two: Ran) -> None:
    page = words(console(folder).get(f"/runs/{two.better.run_id}/cases"))
    near = page.split("What people said in production")[1]
    assert near.startswith(" People disliked")
    assert "How do I export? 100 % alike in wording · 1 person · prompt help v1 That is wrong" in near


def test_where_nothing_is_published_a_case_is_shown_all_the_same(folder: Path) -> None:
    folder.mkdir()
    one = case("refund")
    version = evalsets.promote(folder, "helpdesk", [one], note="first", now=NOW)
    run = keep_run(folder, version, [result(one, 0.1, "So.")])
    page = words(console(folder).get(f"/runs/{run.run_id}/cases"))
    assert "Asked How do I refund?" in page
    assert "Nothing has been published yet" in page


def test_an_answer_without_a_text_says_how_it_ended(folder: Path, two: Ran) -> None:
    page = words(console(folder).get(f"/runs/{two.better.run_id}/cases?tab=unscored"))
    assert "no score unavailable no answer in 3 attempts" in page


def test_two_runs_that_were_ticked_get_an_address_of_their_own_the_earlier_first(
    folder: Path, two: Ran
) -> None:
    client = console(folder)
    answer = client.get(f"/runs/compare?run={two.better.run_id}&run={two.worse.run_id}")
    assert answer.headers["Location"] == f"/runs/compare?{pair(two)}"
    for query in ("", f"?run={two.worse.run_id}", f"?a={two.better.run_id}&b={two.better.run_id}"):
        refused = client.get(f"/runs/compare{query}")
        assert refused.status_code == 400
        assert "Choose two runs to compare" in words(refused)


def test_a_comparison_lists_what_got_worse_and_what_got_better(folder: Path, two: Ran) -> None:
    page = words(console(folder).get(f"/runs/compare?{pair(two)}"))
    assert "Is help@v2 better than help@v1 ?" in page
    worse = "Where it got worse 1 How do I export? 90 % to 20 % · export / money A Open the menu, then export. B Open"
    assert worse in page
    assert "Where it got better 1 How do I refund? 10 % to 100 % · refund / money" in page
    assert "Left out: 1 case, the second run has no score for it, through no fault of what answers." in page


def test_a_comparison_begins_with_a_plain_sentence_that_says_how_sure_it_is(folder: Path) -> None:
    two = decided(folder)
    page = words(console(folder).get(f"/runs/compare?{pair(two)}"))
    said = "help@v2 is better than help@v1 on helpdesk v1: 98% of 40 cases passed instead of 50%, +48 points (95 %"
    assert said in page
    assert "What it rests on Smallest difference that 40 such cases show" in page


def test_few_cases_are_said_not_to_be_enough(folder: Path, two: Ran) -> None:
    page = words(console(folder).get(f"/runs/compare?{pair(two)}"))
    assert "Not enough data to tell help@v2 from help@v1 on helpdesk v1" in page


def test_differences_by_topic_and_split_lead_to_their_cases(folder: Path) -> None:
    two = decided(folder)
    client = console(folder)
    page = client.get(f"/runs/compare?{pair(two)}")
    rows = words(page).split("Where it differs")[1].split("What it rests on")[0]
    assert "all of them 40 +47.5" in rows
    assert "By split dev" in rows
    assert "topic 0 10 +90.0 +48.8 to +98.2 0 % 90 % 9 0" in rows
    assert "topic=topic+0" in page.text
    assert "All 10" in words(client.get(f"/runs/compare/cases?{pair(two)}&topic=topic+0"))


def test_three_runs_that_were_ticked_are_compared_at_once(folder: Path) -> None:
    two = decided(folder)
    third = keep_run(folder, two.version, two.worse.results, version_of="v3", at=NOW)
    ticked = "&".join(f"run={one}" for one in (two.worse.run_id, two.better.run_id, third.run_id))
    client = console(folder)
    page = words(client.get(f"/runs/compare?{ticked}"))
    assert "Which of 3 runs is best? help@v2 is the best of 3 on helpdesk v1" in page
    assert "help@v1 50.0 %" in page
    assert "better small-1 40 help@v3 50.0 %" in page
    many = "&".join(f"run={keep_run(folder, two.version, [], version_of=f'w{n}').run_id}" for n in range(21))
    refused = client.get(f"/runs/compare?{many}")
    assert refused.status_code == 400
    assert "at most 20 runs" in words(refused)


def test_runs_of_different_sets_are_not_compared(folder: Path, two: Ran) -> None:
    other = evalsets.promote(folder, "other", list(two.version.cases), note="other", now=NOW)
    run = keep_run(folder, other, [], version_of="v3")
    refused = console(folder).get(f"/runs/compare?a={two.worse.run_id}&b={run.run_id}")
    assert refused.status_code == 400
    assert "These are runs of different sets" in words(refused)


def test_a_set_by_which_many_were_chosen_is_warned_of(folder: Path, two: Ran) -> None:
    for number in range(9):
        keep_run(folder, two.version, two.worse.results, version_of=f"w{number}", text=f"Answer {number}.")
    page = words(console(folder).get(f"/runs/compare?{pair(two)}"))
    assert "has been used to choose among 11 candidates" in page


def test_a_case_of_a_set_leads_to_what_came_of_it_in_runs(folder: Path, two: Ran) -> None:
    page = console(folder).get(f"/evalsets/helpdesk/{case('export').case_id[:12]}")
    told = words(page).split("In runs")[1].split("Signals")[0]
    assert "help v2 small-1 failed 20 % by judge:helpful · 2026-03-01 Open the window, then leave." in told
    assert told.index("help v2") < told.index("help v1")
    assert f"/runs/{two.better.run_id}/cases?tab=all&amp;case=" in page.text


def test_both_answers_stand_side_by_side_with_their_words_marked(folder: Path, two: Ran) -> None:
    page = console(folder).get(f"/runs/compare/cases?{pair(two)}&tab=worse").text.replace("\n", "")
    assert "Open the <del>menu</del>, then <del>export</del>." in page
    assert "Open the <ins>window</ins>, then <ins>leave</ins>." in page
    assert "worse: 90 % to 20 %" in page


def test_a_list_of_cases_is_narrowed_by_the_address_and_says_so_where_it_is_empty(
    folder: Path, two: Ran
) -> None:
    client = console(folder)
    page = words(client.get(f"/runs/compare/cases?{pair(two)}&topic=refund+/+money"))
    assert "Worse 0 Better 1 Same 0 Left out 0 All 1" in page
    assert "Asked How do I refund?" in page
    assert "No case is here. Show all of them" in words(
        client.get(f"/runs/compare/cases?{pair(two)}&text=nowhere")
    )


def test_samples_of_a_case_are_shown_one_at_a_time(folder: Path, two: Ran) -> None:
    [one, *_] = two.version.cases
    run = keep_run(
        folder,
        two.version,
        [result(one, 0.2, f"Answer {n}.", sample=n) for n in range(3)],
        version_of="v3",
        samples=3,
    )
    client = console(folder)
    address = f"/runs/{run.run_id}/cases"
    assert "Answer 0." in words(client.get(address))
    second = words(client.get(f"{address}?sample=1"))
    assert "Answer 1." in second
    assert "Answer 0." not in second
    assert "Answer 2." in words(client.get(f"{address}?sample=99"))


def test_what_was_erased_is_shown_as_erased_also_where_it_was_shown_before(folder: Path, two: Ran) -> None:
    client = console(folder)
    address = f"/runs/compare/cases?{pair(two)}&tab=worse"
    assert "Open the window" in client.get(address).text.replace("<ins>", "").replace("</ins>", "")
    erased(folder, two.better)
    page = words(client.get(address))
    assert "(erased)" in page
    assert "Why it was scored so was erased." in page
    assert "leave" not in page


def test_a_run_whose_set_is_gone_is_shown_without_the_questions(folder: Path, two: Ran) -> None:
    two.version.path.joinpath("manifest.json").unlink()
    client = console(folder)
    assert "The questions cannot be shown" in words(client.get(f"/runs/{two.better.run_id}"))
    page = words(client.get(f"/runs/{two.better.run_id}/cases"))
    assert "What was asked is not known any more" in page
    assert "Open the window, then leave." in page


def test_what_there_is_not_is_not_found(folder: Path, two: Ran) -> None:
    client = console(folder)
    for path in (
        "/runs/none",
        "/runs/none/cases",
        f"/runs/compare?a=none&b={two.better.run_id}",
        "/runs/..%2f..",
    ):
        assert client.get(path).status_code == 404, path


def test_a_run_of_ten_thousand_cases_is_shown_in_parts(folder: Path) -> None:
    run = large(folder, 10_000)
    client = console(folder)
    client.get(f"/runs/{run.run_id}/cases")  # reads it
    began = time.perf_counter()
    page = client.get(f"/runs/{run.run_id}/cases?tab=all")
    assert time.perf_counter() - began < 5
    assert page.text.count("<li") < 200
    assert len(page.data) < 200_000
    assert "1 to 100 of 10,000" in words(page)


def test_a_run_of_another_version_is_compared_over_what_both_have(folder: Path, two: Ran) -> None:
    more = evalsets.promote(folder, "helpdesk", [case("merge")], note="more", now=NOW)
    later = keep_run(folder, more, [result(one, 0.7, "So.") for one in more.cases], version_of="v3")
    page = words(console(folder).get(f"/runs/compare?a={two.worse.run_id}&b={later.run_id}"))
    assert "They ran different versions (v1 and v2): only the cases that both have are compared." in page
    assert "Left out: 1 case, only the second run has it." in page


def test_an_answer_that_a_system_declined_is_a_failure(folder: Path, two: Ran) -> None:
    [one, *_] = two.version.cases
    declined = dataclasses.replace(
        result(one, 0.0, ""), outcome=Outcome.DECLINED, why="", problem="It says that it will not."
    )
    run = keep_run(folder, two.version, [declined], version_of="v3")
    page = words(console(folder).get(f"/runs/{run.run_id}/cases"))
    assert "(no answer) failed 0 %" in page
    assert "declined It says that it will not." in page
