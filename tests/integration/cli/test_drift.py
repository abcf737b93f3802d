"""`sayso drift` as people type it, on real windows of traffic."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from landed import NOW, append, event, land
from sayso_ingest.cli import run
from sayso_ingest.mining.rows import read_windows
from sayso_ingest.warehouse import Published

SUBJECTS = ("parcel is late", "invoice is wrong", "password was lost", "refund for shoes")
NEW = "the voucher cannot be redeemed"


def asked(count: int, *, days_ago: tuple[float, float], subjects: Sequence[str]) -> list[dict[str, Any]]:
    """Interactions of as many people, evenly over some days."""
    first, last = days_ago
    drawn = Random(f"{days_ago}")
    sent = []
    for number in range(count):
        moment = NOW - timedelta(days=first + (last - first) * number / count)
        text = f"my {drawn.choice(subjects)}, number {drawn.randrange(100)}, what now"
        sent.append(
            event(
                "interaction",
                target=f"{first:g}-{number:04}",
                actor=f"u{first:g}-{number}",
                occurred_at=moment.isoformat().replace("+00:00", "Z"),
                body={"input": text, "output": "!"},
            )
        )
    return sent


def filled(folder: Path, *sent: dict[str, Any]) -> Path:
    for begin in range(0, len(sent), 150):
        append(folder / "default", *sent[begin : begin + 150])
    land(folder / "default")
    return folder


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which one question of twenty of the last week was never asked before."""
    now = asked(600, days_ago=(0, 7), subjects=SUBJECTS * 5 + (NEW,))
    before = asked(900, days_ago=(7, 35), subjects=SUBJECTS)
    older = asked(200, days_ago=(36, 60), subjects=("something else",))
    return filled(tmp_path_factory.mktemp("changed"), *now, *before, *older)


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sent = asked(100, days_ago=(0, 7), subjects=SUBJECTS) + asked(300, days_ago=(7, 35), subjects=SUBJECTS)
    return filled(tmp_path_factory.mktemp("little"), *sent)


def test_what_is_new_is_said_first_in_a_sentence_with_how_sure_it_is_and_what_to_do(
    changed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["drift", "--data", str(changed)]) == 0
    out = capsys.readouterr().out
    assert out.startswith(
        "What people ask has changed: there are questions that were not asked before (p = 0.0"
    )
    assert "600 interactions of the 7 days to 2026-03-01 12:00 against 900 of the 28 days before." in out
    assert out.splitlines()[1] == "Next: sayso mine --set NAME --strategy different"
    assert "voucher" in out.split("Topics whose share changed the most")[1].splitlines()[3]
    assert NEW in out.split("Look at")[1].splitlines()[3]


def test_as_json_it_has_the_same_figures(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["drift", "--data", str(changed), "--format", "json", "--topics", "1"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["changed"] is True
    assert found["sentence"].startswith("What people ask has changed: ")
    (topic,) = found["topics"]
    assert topic["before"] == 0
    assert topic["low"] < topic["difference"] == topic["now"] < topic["high"]
    assert (found["now"]["interactions"], found["now"]["people"]) == (600, 600)


def test_the_same_traffic_before_and_now_shows_no_sign_of_a_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = asked(520, days_ago=(0, 7), subjects=SUBJECTS) + asked(600, days_ago=(7, 35), subjects=SUBJECTS)
    assert run(["drift", "--data", str(filled(tmp_path, *sent))]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("No sign that what people ask has changed: 520 interactions of the 7 days")
    assert not [line for line in lines if line.startswith("Next")]


def test_with_too_little_traffic_it_says_so_and_which_windows_would_have_enough(
    little: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["drift", "--data", str(little)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(
        "Not enough yet, because each window needs 500 interactions: 100 interactions of the"
    )
    assert lines[1].endswith("sayso drift --days 35 --before 47")
    assert len(lines) == 2


def test_a_window_is_what_it_says_and_a_sample_of_it_is_drawn_by_the_seed(changed: Path) -> None:
    def read(**fields: Any) -> list[Any]:
        given = {"until": NOW.replace(tzinfo=None), "days": 7, "before": 28, **fields}
        with Published.open(changed / "default") as copy:
            return read_windows(copy.query, **given)

    whole = read()
    end = max(one.occurred_at for one in whole)
    assert {one.until for one in whole} == {end} == {datetime(2026, 3, 1, 12)}  # noqa: DTZ001
    assert all(one.present == (one.occurred_at > end - timedelta(days=7)) for one in whole)
    assert all(one.occurred_at > end - timedelta(days=35) for one in whole)
    assert {(one.present, one.total) for one in whole} == {(True, 600), (False, 900)}
    some, again, other = (read(limit=100, seed=seed) for seed in (1, 1, 2))
    assert [sum(one.present is window for one in some) for window in (True, False)] == [100, 100]
    assert {(one.present, one.total) for one in some} == {(True, 600), (False, 900)}
    assert some == again != other


def test_of_nothing_there_is_no_drift_to_look_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    filled(tmp_path, event(target="t"))
    assert run(["drift", "--data", str(tmp_path)]) == 1
    assert "There is no interaction with an input" in capsys.readouterr().err
