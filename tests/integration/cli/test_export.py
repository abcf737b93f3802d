"""`sayso export` as people type it."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from integration.mining.project import Events, publish
from made import made_once
from sayso_ingest.cli import run
from sayso_ingest.export import CASES, TRAINING


def filled(data: Path) -> None:
    """What twelve people asked, and what editors made of the answers."""
    events = Events()
    events.traffic(12)
    for number in range(12):
        body = {"outcome": "edited", "proposed": "we send it soon", "final": f"we send it on day {number}"}
        events.add("suggestion", f"t{number:03}", body, actor=f"editor {number}")
    publish(data / "default", events.sent).close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    made_once(tmp_path / "data", filled)
    return tmp_path / "data"


def export(data: Path, *words: str) -> int:
    return run(["export", *words, "--data", str(data)])


def test_it_says_what_was_kept_what_was_left_out_and_where_the_rest_is(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(data, "--format", "openai-dpo", "--out", str(tmp_path / "out")) == 0
    written = capsys.readouterr()
    assert "kept: edit      12" in written.out
    assert "Note: There are 12 examples; with fewer than 50 little is learnt." in written.err
    assert "train.jsonl (12), lineage.jsonl (12), README.md, with manifest.json" in written.err
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "train.jsonl",
        "lineage.jsonl",
        "README.md",
        "manifest.json",
    }


def test_counting_alone_leaves_no_folder(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(data, "--format", "trl-sft", "--dry-run", "--out", str(tmp_path / "out")) == 0
    assert "Nothing was written (--dry-run)." in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_questions_of_a_set_are_held_out_and_the_set_itself_goes_to_a_test_tool(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["evalset", "add", "help", "--target", "t003", "--data", str(data)]) == 0
    assert export(data, "--format", "trl-dpo", "--alike", "1", "--out", str(tmp_path / "out")) == 0
    assert "left out: the question is in an eval set" in capsys.readouterr().out
    assert "t003" not in (tmp_path / "out" / "lineage.jsonl").read_text()
    assert export(data, "--format", "inspect", "--set", "help", "--out", str(tmp_path / "tests")) == 0
    (sample,) = (tmp_path / "tests" / "samples.jsonl").read_text().splitlines()
    assert json.loads(sample)["target"] == "we send it on day 3"


def test_every_format_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", "--formats"]) == 0
    listed = capsys.readouterr().out
    assert all(one.name in listed for one in (*TRAINING, *CASES))


def test_advice_is_a_sentence_before_it_is_a_table(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert export(data, "--advice") == 0
    written = capsys.readouterr()
    assert written.err.startswith("Not yet: there are 12 good answers by 12 people, and 12 pairs;")
    assert "help" in written.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--advice"),
        (("--format", "trl-dpo"), "--out DIR"),
        (("--format", "trl-dpo", "--side", "dev"), "--side is for the cases of an eval set"),
        (("--format", "ragas", "--set", "help", "--validation", "0.1"), "--validation is for training data"),
        (("--format", "trl-kto", "--purpose", "preferences", "--dry-run"), "trl-kto holds ratings"),
        (("--format", "trl-dpo", "--from", "liked", "--dry-run"), "liked makes no preferences"),
        (("--format", "ragas", "--dry-run"), "--set NAME"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_to_type_instead(
    data: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert export(data, *words) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--alike", "--confidence", "--validation"])
@pytest.mark.parametrize("value", ["nan", "-nan", "inf", "-inf", "1.5", "-0.1", "1e999", "many"])
def test_what_is_not_a_share_is_refused(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, value: str
) -> None:
    assert export(data, "--format", "trl-dpo", "--out", str(tmp_path / "out"), f"{option}={value}") == 2
    said = capsys.readouterr().err
    assert f"'{option}'" in said
    assert (
        "is not in the range 0" in said or "is not a number in the range 0" in said or "not a valid" in said
    )
    assert not (tmp_path / "out").exists()


def test_a_set_that_is_not_there_is_answered_with_those_that_are(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(data, "--format", "ragas", "--set", "nope", "--dry-run") == 1
    assert "There is no eval set 'nope'. There are: none yet." in capsys.readouterr().err


def test_ctrl_c_leaves_the_earlier_export_whole_or_the_new_one(data: Path, tmp_path: Path) -> None:
    files = {"train.jsonl", "lineage.jsonl", "README.md", "manifest.json"}
    assert export(data, "--format", "trl-sft", "--validation", "0.5", "--out", str(tmp_path / "before")) == 0
    words = [sys.executable, "-m", "sayso_ingest", "export", "--format", "trl-dpo", "--data", str(data)]
    for after in (0.0, 0.05):
        out = tmp_path / f"out{after}"
        shutil.copytree(tmp_path / "before", out)
        child = subprocess.Popen([*words, "--out", str(out)], stderr=subprocess.PIPE, text=True)
        while not any(out.glob(".sayso-export-*")) and child.poll() is None:
            time.sleep(0.005)
        time.sleep(after)
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=60)
        assert "Traceback" not in err
        account = json.loads((out / "manifest.json").read_bytes())
        for file in account["files"]:
            assert hashlib.sha256((out / file["name"]).read_bytes()).hexdigest() == file["sha256"]
        more = {"validation.jsonl"} if account["format"] == "trl-sft" else set()
        assert {path.name for path in out.iterdir()} == files | more
