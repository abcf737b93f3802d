"""`sayso eval send` beside a running service: each answer lands once, and an unfinished run is refused."""

from __future__ import annotations

from pathlib import Path

from processes import wait_until
from ran import Function, a_plan, a_run, a_version, number_of
from sayso_ingest.evals.runs.draft import open_draft
from service import Service, run_here

COUNT = "SELECT count(*) FROM events WHERE starts_with(target, 'eval:')"


def test_the_answers_of_a_run_land_once_however_often_they_are_sent(tmp_path: Path) -> None:
    service = Service(tmp_path / "data")
    try:
        folder = service.data / "default"
        run = a_run(folder, a_version(folder, 3))
        for _ in range(2):
            outcome = run_here("eval", "send", "latest", "--data", service.data, "--url", service.url)
            assert outcome.returncode == 0, outcome.stderr
            assert f"3 answers of {run.run_id} were taken" in outcome.stderr
        wait_until(lambda: [list(row) for row in service.query(COUNT)] == [[3]])
    finally:
        service.stop()


def test_a_run_that_is_not_finished_is_not_sent(tmp_path: Path) -> None:
    folder = tmp_path / "default"
    folder.mkdir()
    with open_draft(folder, a_plan(a_version(folder), Function(number_of))) as draft:
        pass
    outcome = run_here("eval", "send", draft.manifest.run_id, "--data", tmp_path)
    assert outcome.returncode == 1
    assert "is not finished" in outcome.stderr
