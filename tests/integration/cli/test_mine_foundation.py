"""`sayso mine` says what its ranking by hardness rests on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from integration.mining.project import Events, publish
from sayso_ingest.cli import run


@pytest.fixture
def data(tmp_path: Path) -> Path:
    events = Events()
    events.traffic(40)
    for n in range(32):
        for who in ("ann", "bob"):
            events.add("thumb", f"t{n:03}", {"value": "down" if n % 2 else "up"}, actor=f"{who}{n}")
    publish(tmp_path / "data" / "default", events.sent).close()
    return tmp_path / "data"


def test_each_signal_is_said_with_its_reliability_beside_the_candidates(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["mine", "--set", "help", "--budget", "6", "--format", "json", "--data", str(data)]) == 0
    written = capsys.readouterr()
    assert "thumb  said of 32  agrees with others: AUC 1.00 over 32  in use" in written.err
    assert "nobody spoke: rank of how badly answers fit their questions (only 32 judged)" in written.err
    assert json.loads(written.out)


def test_a_name_that_strangers_chose_does_nothing_to_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events = Events()
    events.traffic(40)
    for n in range(6):
        events.add("signal", f"t{n:03}", {"name": "\x1b[2Jcopied"}, actor=f"ann{n}")
    publish(tmp_path / "default", events.sent).close()
    assert run(["mine", "--set", "help", "--budget", "6", "--data", str(tmp_path)]) == 0
    err = capsys.readouterr().err
    assert "\ufffd[2Jcopied  done with 6" in err
    assert "\x1b" not in err


def test_a_strategy_that_heeds_no_dislike_says_nothing_of_it(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["mine", "--set", "help", "--strategy", "represent", "--data", str(data)]) == 0
    assert "hardness" not in capsys.readouterr().err
