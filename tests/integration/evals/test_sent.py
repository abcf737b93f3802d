"""Answers of a run come back as interactions: thumbs on them join its results, and nothing counts them as traffic."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from landed import append, event, land, thumb
from ran import a_run, a_version
from sayso_ingest.backfill import time_ordered_id
from sayso_ingest.evals import publish
from sayso_ingest.evals.runs import Run
from sayso_ingest.evals.sent import interactions, target_of
from sayso_ingest.evalsets import find_cases, latest, promote
from sayso_ingest.warehouse import Published, Subject, belongings_of, evals_of
from sayso_ingest.warehouse.definition import read_statements

LEFT_OUT = """
SELECT (SELECT count(*) FROM interactions), (SELECT sum(interactions) FROM by_day), (SELECT sum(thumbs) FROM by_day),
    (SELECT sum(interactions) FROM by_variant), (SELECT count(*) FROM worst), (SELECT count(*) FROM what_goes_wrong),
    (SELECT sum(interactions) FROM prompt_versions)
"""


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """A run of a case that came from traffic and of one that was written, sent twice and thumbed."""
    append(
        tmp_path,
        event("interaction", target="t1", actor="ann", body={"input": "What is it?", "output": "No."}),
    )
    append(tmp_path, thumb("up", target="t1", actor="ann"))
    land(tmp_path)
    with Published.open(tmp_path) as copy:
        found = find_cases(copy.query, ["t1"], reason="r")
    promote(tmp_path, "numbers", [*a_version(tmp_path, 1, name="other").cases, *found])
    version = latest(tmp_path, "numbers")
    assert version
    run = a_run(tmp_path, version, lambda _: "a long enough answer of a run")
    sent = events_of(run, version.cases)
    append(tmp_path, *sent)
    append(tmp_path, *sent)
    for one in sent:
        append(tmp_path, thumb("down", target=one["target"], actor="bea"))
    land(tmp_path)
    publish(tmp_path)
    yield run


def events_of(run: Run, cases: Any) -> list[dict[str, Any]]:
    at = datetime(2026, 12, 1, tzinfo=UTC)
    return list(
        interactions(
            run,
            {case.case_id: case for case in cases},
            id_for=lambda target: time_ordered_id([target], at=at),
        )
    )


def test_nothing_counts_them_as_traffic(tmp_path: Path, run: Run) -> None:
    with Published.open(tmp_path) as copy:
        assert copy.table("SELECT count(*) FROM events WHERE starts_with(target, 'eval:')")[1] == [(4,)]
        assert copy.table(LEFT_OUT)[1] == [(1, 1, 1, None, 0, 0, 1)]


def test_what_people_say_of_them_joins_the_results(tmp_path: Path, run: Run) -> None:
    with Published.open(tmp_path, attached=[evals_of(tmp_path)]) as copy:
        found = copy.table(
            "SELECT run_id, v.scope, v.value, x.output, count(*) "
            "FROM verdicts v JOIN evals.eval_results x USING (target) GROUP BY ALL"
        )[1]
    assert found == [(run.run_id, "eval", "down", "a long enough answer of a run", 2)]


def test_one_of_them_is_shown_to_be_labelled(tmp_path: Path, run: Run) -> None:
    sql = read_statements(files("sayso_ingest.console.pages") / "annotate.sql")["interaction"]
    with Published.open(tmp_path) as copy:
        for target in ("t1", target_of(run.run_id, run.results[0])):
            [row] = copy.query(sql, {"target": target})
            assert row["output"] in ("No.", "a long enough answer of a run")


def test_what_is_sent_names_the_run_and_no_prompt(tmp_path: Path, run: Run) -> None:
    version = latest(tmp_path, "numbers")
    assert version
    first, again = events_of(run, version.cases), events_of(run, version.cases)
    assert first == again
    assert [one["target"] for one in first] == [target_of(run.run_id, result) for result in run.results]
    assert {one["body"]["variant"]["experiment"] for one in first} == {"eval numbers v1"}
    assert [one["body"].get("parent") for one in first].count("t1") == 1
    assert not any("prompt" in one["body"] for one in first)


def test_who_erases_the_answer_a_case_was_made_of_erases_what_was_sent_of_it(
    tmp_path: Path, run: Run
) -> None:
    found = belongings_of(tmp_path, Subject(actor="ann"))
    assert found.events == {"interaction": 2, "thumb": 2}
    assert "What is it?" not in found.shared
