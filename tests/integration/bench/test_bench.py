"""The bench measures what it says: its cheap lines run, and its servers and clients do what figures rest on."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.evidence import lines as evidence
from bench.figure import Beside, Figure
from bench.lines import LINES
from bench.lines.delivery import SCENARIOS, Scenario, outcome
from bench.load.paced import steady
from bench.load.serving import collecting
from bench.peers.receiving import receiving, start
from bench.results import BEGIN, END, LATEST, README, Results
from bench.run import ROOT

pytestmark = pytest.mark.slow


def test_a_quick_run_measures_and_keeps_nothing() -> None:
    kept = LATEST.read_text()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    command = [sys.executable, "-m", "bench", "--quick", "lander", "views"]
    done = subprocess.run(
        command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert "rows/s" in done.stdout and "everyday questions" in done.stdout
    assert LATEST.read_text() == kept


@pytest.mark.parametrize("way", ["exit_without_flush", "fork_with_a_queue"])
def test_the_receiver_counts_every_event_of_an_application_once(way: str) -> None:
    with receiving() as receiver:
        application = start("sayso", "application", receiver.url, "", way, "60")
        assert application.wait(timeout=60) == 0
        counts = receiver.counts()
    assert (counts["distinct"], counts["events"]) == (60, 60)


@pytest.mark.parametrize("scenario", SCENARIOS[2:5:2] + SCENARIOS[-1:], ids=lambda scenario: scenario.what)
def test_what_a_spool_kept_is_delivered_by_the_next_run(scenario: Scenario, tmp_path: Path) -> None:
    found = outcome("sayso with a spool", scenario, tmp_path / "spool", patience=60)
    assert (found.delivered, found.at_once, found.twice) == (scenario.count, 0, 0)


def test_calls_are_timed_while_their_events_are_delivered() -> None:
    with receiving() as receiver:
        words = (receiver.url, "", "record_interaction", "100")
        timed = start("sayso", "calls", *words, stdout=subprocess.PIPE)
        printed, _ = timed.communicate(timeout=60)
        assert receiver.counts()["distinct"] == 600  # those that warm up are delivered as well
    assert '"99"' in printed


def test_a_steady_pace_sends_what_it_says_and_times_every_answer(tmp_path: Path) -> None:
    with collecting(tmp_path / "data") as collector:
        paced = steady(collector.url, collector.secret, rate=100, seconds=1, connections=8)
        assert (paced.sent, paced.refused) == (100, 0)
        refused = steady(collector.url, "sk_of_nobody", rate=50, seconds=1, connections=8)
        assert (refused.sent, refused.refused) == (0, 50)


def test_a_line_that_is_finished_is_kept_beside_the_others(tmp_path: Path) -> None:
    file = tmp_path / "latest.json"
    for name, value in (("rest", 12.0), ("lander", 5.0)):
        figure = Figure(f"the {name}", value, "s", [Beside("raw", 10.0)], "< 10 s", value < 10)
        Results(file).keep(name, [figure], seconds=1.0, versions={"sayso": "1.0"})
    table = Results(file).markdown(["lander", "rest"])
    assert "| `lander` | the lander | 5 s | raw 10 s | 0.50 | < 10 s | yes |" in table
    assert "| `rest` | the rest | 12 s | raw 10 s | 1.20 | < 10 s | **no** |" in table


def test_the_manual_shows_what_is_kept() -> None:
    shown = README.read_text().partition(BEGIN)[2].partition(END)[0]
    assert shown.strip() == Results().markdown(list(LINES)).strip(), "run: python -m bench --write"


def test_every_line_says_in_the_manual_what_it_measures() -> None:
    assert [name for name in LINES if f"`{name}`" not in README.read_text()] == []


def test_the_table_of_evidence_shows_what_is_kept_and_says_what_each_line_does() -> None:
    page = evidence.README.read_text()
    shown = page.partition(evidence.BEGIN)[2].partition(END)[0]
    assert shown.strip() == evidence.RESULTS.markdown(list(evidence.LINES)).strip(), (
        "run: python -m bench.evidence --write"
    )
    assert [name for name in evidence.LINES if f"`{name}`" not in page] == []


@pytest.mark.realdata
def test_a_quick_look_at_the_evidence_runs_a_line(shared_data: Path) -> None:
    """Another each day: all of them take four minutes, and `make evidence EVIDENCE=--quick` does that."""
    environment = {**os.environ, "SAYSO_TEST_DATA": str(shared_data), "PYTHONPATH": str(ROOT / "tests")}
    chosen = sorted(evidence.LINES)[datetime.now(UTC).toordinal() % len(evidence.LINES)]
    command = [sys.executable, "-m", "bench.evidence", "--quick", chosen]
    done = subprocess.run(
        command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, f"{chosen}: {done.stdout}{done.stderr}"
    assert chosen in done.stdout + done.stderr
