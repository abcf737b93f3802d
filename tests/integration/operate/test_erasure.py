"""Whoever is erased is nowhere in the installation, everybody else is as if they had never been there."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path

import pytest
from integration.operate.ann import (
    ANN,
    ANSWER,
    ASKED,
    BROWSER,
    SESSION,
    THUMB_ID,
    TRACES,
    asked,
    erase,
    make,
    make_and_erase,
)
from integration.operate.traces import found_in
from landed import append, land, thumb
from made import made_once
from processes import wait_until
from ran import Function, a_plan, number_of
from sayso_ingest.analysis import catalog
from sayso_ingest.errors import WarehouseError
from sayso_ingest.evals.runs import read_run, runs_of
from sayso_ingest.evals.runs.draft import open_draft
from sayso_ingest.evalsets import latest, versions
from sayso_ingest.eventlog import open_reader
from sayso_ingest.mining import VectorStore, question_id
from sayso_ingest.operate.backup import back_up
from sayso_ingest.operate.erasure import erase as carry_out
from sayso_ingest.operate.erasure.derived import ALERTS, CONSOLE
from sayso_ingest.places import (
    KEYS_FILE,
    USERS_FILE,
    live_warehouse,
    log_folder,
    project_folder,
    vectors_folder,
)
from sayso_ingest.warehouse import FILE as COPY
from sayso_ingest.warehouse import Publisher, Subject, Warehouse, aside
from service import Service, run_here

MANUAL = Path(__file__).parents[3] / "ingest" / "README.md"
LIVE = live_warehouse(Path("p"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Ann is in everything that an installation keeps; bea is, too."""
    made_once(tmp_path / "data", make)
    return tmp_path / "data"


@pytest.fixture
def erased(tmp_path: Path) -> tuple[Path, str, str]:
    """The same without ann, and what the command said."""
    out, err = made_once(tmp_path / "data", make_and_erase)
    return tmp_path / "data", out, err


def test_nothing_is_left_of_a_person_anywhere(erased: tuple[Path, str, str]) -> None:
    """Each store is decoded: SQL of every table, the log, JSON, arrays, and the bytes of every file as they are."""
    data, out, err = erased
    assert found_in(data, *TRACES, question_id(ASKED[0], None)) == []
    assert "1 annotation, 1 comment, 1 detail, 1 interaction, 2 thumb" in out
    assert "1 rejects" in out
    assert "not reached" not in out
    assert "Eval set main: 1 cases are gone from v2" in err


def test_vectors_of_what_others_asked_are_kept(erased: tuple[Path, str, str]) -> None:
    """They may have taken hours, or money."""
    vectors = VectorStore(vectors_folder(project_folder(erased[0], "default")))
    assert vectors.kept().tolist() == vectors.keys(ASKED[1:]).tolist()


def test_everybody_else_is_as_if_that_person_had_never_been_there(erased: tuple[Path, str, str]) -> None:
    data = erased[0]
    assert asked(data, "SELECT target, who, value FROM verdicts") == [("answer-2", "actor:bea", "up")]
    assert asked(data, "SELECT target, input FROM interactions") == [("answer-2", "What is it?")]
    assert asked(data, "SELECT count(*) FROM identities") == [(0,)]
    assert asked(data, "SELECT events, rejects FROM published") == [(2, 1)]
    why = "SELECT why, what, n FROM removals ORDER BY what"
    kinds = [
        ("annotation", 1),
        ("comment", 1),
        ("detail", 1),
        ("interaction", 1),
        ("rejects", 1),
        ("thumb", 2),
    ]
    assert asked(data, why) == [("erasure by actor", what, n) for what, n in kinds]
    assert run_here("verify", "--data", data).returncode == 0


def test_an_eval_set_goes_on_with_a_tombstone(erased: tuple[Path, str, str]) -> None:
    """Its versions are read as ever, whose hashes follow from each other, and SQL knows no more of it than they."""
    data = erased[0]
    folder = project_folder(data, "default")
    first, second, third = versions(folder, "main")
    assert [len(version.cases) for version in (first, second, third)] == [1, 1, 1]
    assert [(one.case_id, one.reason) for one in third.retired] == [("erased", "erased on request")]
    assert json.loads((second.path / "manifest.json").read_text())["erased"] == 1
    outcome = run_here("sql", "SELECT count(*) FROM evals.eval_cases", "--data", data, "--format", "csv")
    assert outcome.stdout.split() == ["count_star()", "3"]


def test_runs_keep_scores_of_what_is_gone_and_are_compared_as_before(erased: tuple[Path, str, str]) -> None:
    """What quotes somebody goes out of the answers to others' questions, too; these keep their case."""
    data, _, err = erased
    folder = project_folder(data, "default")
    finished, unfinished = (read_run(folder, manifest.run_id) for manifest in runs_of(folder))
    for run in (finished, unfinished):
        assert f"Run {run.run_id}: what was answered in 3 results is gone" in err
        assert run.manifest.erased == 3
        assert [(one.sample, one.output is None) for one in run.results] == [
            (0, False), (1, True), (0, True), (1, True),
        ]  # fmt: skip
        assert [one.case_id.startswith("erased-") for one in run.results] == [False, False, True, True]
    assert list(finished.by_case()) == list(unfinished.by_case())
    assert finished.manifest.totals["answered"] == 4
    assert "named what was erased" in (finished.path / "README.md").read_text()
    sql = "SELECT count(*), count(output), count(target) FROM evals.eval_results"
    outcome = run_here("sql", sql, "--data", data, "--format", "csv")
    assert outcome.stdout.split()[-1] == "4,1,2"


def test_an_eval_set_that_is_run_meanwhile_has_to_end_first(data: Path) -> None:
    """It has read the cases, and would write their answers down after the erasure."""
    folder = project_folder(data, "default")
    version = latest(folder, "main")
    assert version
    with open_draft(folder, a_plan(version, Function(number_of, name="later"), samples=2)):
        outcome = run_here("erase", "--data", data, "--actor", ANN, "--yes")
    assert outcome.returncode == 1
    assert "is being carried out" in outcome.stderr
    assert "Nothing is erased yet" in outcome.stderr
    erase(data, "--actor", ANN, "--yes")
    assert found_in(data, *TRACES) == []


def test_a_preview_counts_and_changes_nothing(data: Path) -> None:
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    out, err = erase(data, "--actor", ANN)
    assert "5 events (1 annotation, 1 comment, 1 detail, 1 interaction, 1 thumb), 1 rejects" in out
    assert "Nothing is erased yet" in err
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before


def test_a_preview_names_cases_and_says_when_nobody_is_called_that(data: Path) -> None:
    said = erase(data, "--actor", ANN)[1]
    assert "Eval set main: 1 cases would go from v2" in said
    assert said.count("what was answered in 3 results would go") == 2
    out, err = erase(data, "--actor", "held_out")
    assert "0 events, 0 rejects" in out
    assert "Nothing of this actor has landed" in err
    assert run_here("erase", "--data", data, "--actor", "\udcff").returncode == 2


def test_somebody_called_as_a_word_takes_nobody_else_along(data: Path) -> None:
    """`up` is the value of thumbs, and what is in a field of each of them."""
    folder = project_folder(data, "default")
    append(folder, thumb("up", target="answer-2", actor="up"))
    land(folder)
    events, rejects = asked(data, "SELECT events, rejects FROM published")[0]
    cases = [version.cases for version in versions(folder, "main")]
    out, err = erase(data, "--actor", "up", "--yes")
    assert "1 events (1 thumb), 0 rejects" in out
    assert "0 candidates" in err
    assert asked(data, "SELECT events, rejects FROM published") == [(events - 1, rejects)]
    assert [version.cases for version in versions(folder, "main")] == cases


def test_where_no_copy_can_be_published_it_is_not_said_to_be_done(data: Path) -> None:
    """What readers have holds it still; run again, it is gone."""
    folder = project_folder(data, "default")

    def open_tables(copier: tuple[str, ...] = ("false",)) -> tuple[Warehouse, Publisher]:
        warehouse = Warehouse.open(folder, views=catalog())
        return warehouse, Publisher(warehouse, folder, copier=copier)

    reader = partial(open_reader, "sqlite", folder=log_folder(folder), project="default")
    with pytest.raises(WarehouseError, match="what readers have still holds it"):
        carry_out(
            folder, Subject(actor=ANN), home=folder, open_reader=reader, open_tables=open_tables, log="sqlite"
        )
    erase(data, "--actor", ANN, "--yes")
    assert found_in(data, *TRACES) == []


def test_a_second_one_waits_for_the_first_no_longer_than_it_may_and_says_so(data: Path) -> None:
    folder, said = project_folder(data, "default"), list[str]()

    def never() -> None:
        raise AssertionError

    with aside.asked(live_warehouse(folder).parent), pytest.raises(WarehouseError, match="sayso doctor"):
        carry_out(
            folder,
            Subject(actor=ANN),
            home=folder,
            open_reader=never,  # type: ignore[arg-type]
            open_tables=never,  # type: ignore[arg-type]
            log="sqlite",
            say=said.append,
            patience=0.8,
        )
    assert said == ["Waiting until another erasure, or a backup, is done ..."]


def test_one_that_was_killed_before_the_file_was_written_anew_is_finished(data: Path) -> None:
    """Though it finds nothing any more, and a copy is under way of what the file held until then."""
    folder = project_folder(data, "default")

    class Killed(Warehouse):
        def rewrite(self) -> None:
            raise KeyboardInterrupt

    def open_tables() -> tuple[Warehouse, Publisher]:
        warehouse = Killed.open(folder, views=catalog())
        return warehouse, Publisher(warehouse, folder)

    reader = partial(open_reader, "sqlite", folder=log_folder(folder), project="default")
    with pytest.raises(KeyboardInterrupt):
        carry_out(
            folder, Subject(actor=ANN), home=folder, open_reader=reader, open_tables=open_tables, log="sqlite"
        )
    append(folder, thumb(target="answer-2", actor="bea"))
    erase(data, "--actor", ANN, "--yes")
    assert found_in(data, *TRACES) == []


def test_backups_and_exports_that_hold_it_are_named(data: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    back_up(data, elsewhere / "backup", log="sqlite")
    (elsewhere / "lineage.jsonl").write_text(json.dumps({"event_ids": [THUMB_ID]}))
    (elsewhere / "other.txt").write_text("nobody")
    out, _ = erase(data, "--actor", ANN, "--look-in", elsewhere)
    assert f"not reached: {elsewhere / 'backup'} is a backup" in out
    assert f"not reached: {elsewhere / 'lineage.jsonl'} names it" in out
    assert "other.txt" not in out


def test_the_page_for_a_privacy_review_names_every_place(data: Path) -> None:
    """Whatever an installation keeps stands in the first column of its table."""
    page = (
        MANUAL.read_text()
        .split("## What is stored where, for how long, and who can read it\n")[1]
        .split("\n## ")[0]
    )
    first_cells = "".join(re.findall(r"^\|([^|]+)\|", page, flags=re.MULTILINE))
    named = {place.removeprefix("PROJECT/").rstrip("/") for place in re.findall(r"`([^`]+)`", first_cells)}
    projects = [path for path in data.iterdir() if path.is_dir()]
    kept = {path.name for folder in (data, *projects) for path in folder.iterdir() if path not in projects}
    assert {name for name in kept if not name.startswith(".")} <= named
    assert {KEYS_FILE, USERS_FILE, COPY, LIVE.parent.name, ALERTS, CONSOLE} <= named


@pytest.mark.slow
@pytest.mark.parametrize(
    ("option", "value", "left"),
    [
        ("--anonymous", BROWSER, 3),
        ("--session", SESSION, 4),
        ("--target", ANSWER, 4),
        ("--actor", "no-such-actor", 8),
    ],
)
def test_others_than_actors_can_be_named(data: Path, option: str, value: str, left: int) -> None:
    """A browser with what its sessions were answered, a session, an answer with all that was said about it."""
    erase(data, option, value, "--yes")
    assert asked(data, "SELECT events FROM published") == [(left,)]
    assert found_in(data, value) == []


def test_one_of_the_four_has_to_be_named(data: Path) -> None:
    assert run_here("erase", "--data", data).returncode == 2
    assert run_here("erase", "--data", data, "--actor", "a", "--session", "s").returncode == 2


@pytest.mark.slow
def test_a_service_that_runs_goes_on_meanwhile(data: Path) -> None:
    """Its lander stands aside and comes back; what the collector's open file of the log held is gone from it."""
    service = Service(data, "--log-keep", "3600")
    try:
        secret = project_folder(data, "default") / "service.key"
        sent = service.send(secret.read_text().strip(), actor=ANN, target=ANSWER)
        wait_until(lambda: service.landed(sent))
        outcome = run_here("erase", "--data", data, "--actor", ANN, "--yes")
        assert outcome.returncode == 0, outcome.stderr
        assert found_in(data, *TRACES) == []
        later = service.send(secret.read_text().strip(), actor="cy", target="answer-2")
        wait_until(lambda: service.landed(later))
        assert service.process.poll() is None
        assert "Traceback" not in service.err
    finally:
        service.stop()
    assert live_warehouse(project_folder(data, "default")).exists()
