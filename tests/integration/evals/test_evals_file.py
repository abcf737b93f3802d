"""evals.duckdb: what SQL knows of eval sets and runs, made anew by whatever changes them."""

from __future__ import annotations

import hashlib
import json
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from landed import append, event, land
from ran import PROMPT, Function, a_plan, a_run, a_version, number_of, wrong_for
from sayso_ingest import evalsets
from sayso_ingest.cli import run
from sayso_ingest.errors import WarehouseError
from sayso_ingest.evals import publish
from sayso_ingest.evals.runs.carry_out import Carried, carry_out
from sayso_ingest.evals.runs.draft import open_draft
from sayso_ingest.evalsets import EvalCase, Provenance
from unit.evalsets.test_case import case

ONE, TWO = case("Where is my parcel?"), case("I lost my password")
JOINED = """
SELECT c.input, v.value, v.who
FROM evals.eval_cases c
JOIN verdicts v ON list_contains(c.event_ids, v.event_id)
WHERE c.latest AND c.set_name = 'help'
ORDER BY c.input
"""


def ask(sql: str, data: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = run(["sql", sql, "--format", "json", "--data", str(data)])
    out, err = capsys.readouterr()
    return code, out or err


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(folder / "evals.duckdb", read_only=True) as connection:
        return connection.execute(sql).fetchall()


def of(target: str, text: str, *event_ids: str) -> EvalCase:
    return case(text, provenance=Provenance(target, event_ids, "disliked", "hard", "hash"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A project whose set has a case that somebody disliked, and one that nobody spoke of."""
    said = event(target="t1", body={"value": "down"}, actor="ann")
    asked = [event("interaction", target=f"t{n}", body={"input": f"question {n}"}) for n in (1, 2)]
    append(tmp_path / "default", *asked, said)
    land(tmp_path / "default")
    cases = [of("t1", "question 1", asked[0]["id"], said["id"]), of("t2", "question 2", asked[1]["id"])]
    evalsets.propose(tmp_path / "default", "help", cases)
    return tmp_path


def test_an_analyst_joins_cases_with_what_people_said(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evalset", "promote", "help", "--all", "--data", str(data)]) == 0
    capsys.readouterr()
    code, out = ask(JOINED, data, capsys)
    assert code == 0, out
    assert json.loads(out) == [{"input": "question 1", "value": "down", "who": "actor:ann"}]


def test_each_command_that_changes_a_set_lets_sql_know(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = (proposal.case.case_id[:12] for proposal in evalsets.proposals(data / "default", "help"))
    counts = (
        "SELECT (SELECT count(*) FROM evals.eval_sets) AS versions, list(state ORDER BY input) AS states "
    )
    counts += "FROM evals.eval_candidates"
    for words, versions, states in (
        (["review", "help", one], 0, ["reviewed", "candidate"]),
        (["decline", "help", two], 0, ["reviewed", "declined"]),
        (["promote", "help", "--all"], 1, ["promoted", "declined"]),
        (["add", "help", "--input", "Do you ship to Malta?"], 2, ["promoted", "declined"]),
        (["retire", "help", one, "--reason", "old"], 3, ["declined", "declined"]),
    ):
        assert run(["evalset", *words, "--data", str(data)]) == 0, capsys.readouterr()
        capsys.readouterr()
        _, out = ask(counts, data, capsys)
        assert json.loads(out) == [{"versions": versions, "states": states}]


def test_where_nobody_keeps_a_set_sql_is_as_it_was(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = ask("SELECT count(*) AS n, 'evals' AS word FROM verdicts", data, capsys)
    assert (code, json.loads(out)) == (0, [{"n": 1, "word": "evals"}])
    code, out = ask(JOINED, data, capsys)
    assert (code, "Nothing is known of eval sets yet" in out) == (1, True)
    assert "Nothing is known" not in ask("FROM nothing", data, capsys)[1]


def test_nobody_can_write_the_file_and_a_reader_keeps_what_it_opened(tmp_path: Path) -> None:
    evalsets.add_cases(tmp_path, "help", [ONE])
    publish(tmp_path)
    assert (tmp_path / "evals.duckdb").stat().st_mode & 0o777 == 0o444
    with duckdb.connect() as reader:
        reader.execute(f"ATTACH '{tmp_path}/evals.duckdb' AS evals (READ_ONLY)")
        evalsets.add_cases(tmp_path, "help", [TWO])
        publish(tmp_path)
        assert reader.execute("SELECT count(*) FROM evals.eval_sets").fetchall() == [(1,)]
    assert rows(tmp_path, "SELECT version, latest, cases, added FROM eval_sets ORDER BY version") == [
        (1, False, 1, 1),
        (2, True, 2, 1),
    ]


def test_whoever_publishes_last_of_many_at_once_knows_all(tmp_path: Path) -> None:
    def add(number: int) -> None:
        evalsets.propose(tmp_path, f"set{number}", [ONE])
        publish(tmp_path)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(6)))
    assert rows(tmp_path, "SELECT count(*) FROM eval_candidates") == [(6,)]
    assert {path.name for path in tmp_path.iterdir()} == {"mining", "evals.duckdb", ".evals.lock"}


def test_a_set_that_cannot_be_read_is_left_out_and_told(tmp_path: Path) -> None:
    evalsets.add_cases(tmp_path, "help", [ONE])
    broken = evalsets.add_cases(tmp_path, "broken", [TWO])
    (broken.path / "cases.jsonl").write_text("")
    [problem] = publish(tmp_path)
    assert "was changed after it was written" in problem
    assert rows(tmp_path, "SELECT set_name FROM eval_cases") == [("help",)]


def test_a_file_that_cannot_be_written_leaves_the_sets_as_they_are(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "default" / "evals.duckdb").mkdir()
    assert run(["evalset", "promote", "help", "--all", "--data", str(data)]) == 1
    assert "sets and runs themselves are as they should be" in capsys.readouterr().err
    assert evalsets.latest(data / "default", "help")
    with pytest.raises(WarehouseError, match=r"evals\.duckdb cannot be written"):
        publish(data / "default")


def test_what_a_process_that_was_killed_left_goes_with_the_next_file(tmp_path: Path) -> None:
    (tmp_path / ".evals-left").mkdir()
    (tmp_path / "evals.duckdb.wal").write_bytes(b"of a writer that was killed")
    evalsets.add_cases(tmp_path, "help", [ONE])
    publish(tmp_path)
    assert not {".evals-left", "evals.duckdb.wal"} & {path.name for path in tmp_path.iterdir()}


def test_runs_and_their_results_are_tables_that_join_with_cases(tmp_path: Path) -> None:
    version = a_version(tmp_path)
    run = a_run(tmp_path, version, wrong_for(version.cases[:2]), samples=2)
    assert publish(tmp_path) == []
    [(run_id, name, answered, scored, passed, mean, low, high)] = rows(
        tmp_path,
        "SELECT run_id, prompt_version, answered, scored, passed, mean, low, high FROM eval_runs "
        "JOIN eval_sets USING (set_name, version)",
    )
    assert (run_id, name, answered, scored, passed) == (run.run_id, "3f2a9c1b77aa", 12, 12, 8)
    assert mean == pytest.approx(4 / 6)
    assert 0 < low < mean < high < 1
    assert rows(
        tmp_path,
        "SELECT c.input, count(*) FROM eval_results JOIN eval_runs r USING (run_id) "
        "JOIN eval_cases c USING (set_name, version, case_id) WHERE score < 1 GROUP BY c.input ORDER BY c.input",
    ) == sorted((case.input, 2) for case in version.cases[:2])
    assert rows(tmp_path, "SELECT target FROM eval_results LIMIT 1") == [
        (f"eval:{run.run_id}:{run.results[0].case_id}:0",)
    ]


def test_a_run_that_goes_on_is_known_without_results(tmp_path: Path) -> None:
    plan, carried = a_plan(a_version(tmp_path), Function(number_of)), Carried()
    with open_draft(tmp_path, plan) as draft:
        next(carry_out(plan, draft, carried, at_once=1, stopped=threading.Event()))
        assert publish(tmp_path) == []
    assert rows(tmp_path, "SELECT cases, finished_at, mean FROM eval_runs") == [(6, None, None)]
    assert rows(tmp_path, "SELECT count(*) FROM eval_results") == [(0,)]


def test_a_run_that_cannot_be_read_is_left_out_and_told(tmp_path: Path) -> None:
    version = a_version(tmp_path)
    kept, changed, broken = (a_run(tmp_path, version) for _ in range(3))
    (changed.path / "results.jsonl").write_text("")
    (broken.path / "manifest.json").write_text("{}")
    problems = publish(tmp_path)
    assert [str(run.path) in problem for run, problem in zip((changed, broken), problems, strict=True)] == [
        True,
        True,
    ]
    assert rows(tmp_path, "SELECT run_id FROM eval_runs") == [(kept.run_id,)]
    assert rows(tmp_path, "SELECT DISTINCT run_id FROM eval_results") == [(kept.run_id,)]


def test_many_results_pass_through_without_being_held(tmp_path: Path) -> None:
    run = a_run(tmp_path, a_version(tmp_path))
    path = run.path / "results.jsonl"
    first = json.loads(path.read_text().splitlines()[0]) | {"output": "x" * 4000}
    with path.open("w") as file:
        for number in range(10_000):
            file.write(json.dumps(first | {"sample": number}) + "\n")
    manifest = json.loads((run.path / "manifest.json").read_text())
    manifest["results_sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (run.path / "manifest.json").write_text(json.dumps(manifest))
    tracemalloc.start()
    try:
        publish(tmp_path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert rows(tmp_path, "SELECT count(*) FROM eval_results") == [(10_000,)]
    assert peak < 4 << 20


@given(st.text(st.characters()), st.text(st.characters()))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_answered_is_found_again_but_for_halves_of_characters(
    tmp_path: Path, answer: str, name: str
) -> None:
    folder = tmp_path / str(uuid4())
    folder.mkdir()
    a_run(folder, a_version(folder, 1), lambda _: answer, prompt=replace(PROMPT, name=f"p{name}"))
    assert publish(folder) == []
    [(output, prompt)] = rows(
        folder, "SELECT output, prompt_name FROM eval_results JOIN eval_runs USING (run_id)"
    )
    assert (output, prompt) == (_whole(answer), _whole(f"p{name}"))


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(
    texts, st.none() | texts, st.lists(texts, max_size=3), st.none() | st.dictionaries(texts, st.integers())
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_case_holds_is_found_again_as_it_is(
    tmp_path: Path, text: str, expected: str | None, tags: list[str], variables: dict[str, int] | None
) -> None:
    folder = tmp_path / str(uuid4())
    folder.mkdir()
    made = case(text, expected=expected, tags=tuple(tags), variables=variables)
    evalsets.propose(folder, "help", [made])
    publish(folder)
    [(question, answer, listed)] = rows(folder, "SELECT input, expected, topic FROM eval_candidates")
    assert (question, answer, listed) == (text, expected, "parcel")
