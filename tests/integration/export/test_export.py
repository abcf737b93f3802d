"""From edits to a folder that a trainer reads."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from integration.mining.project import Events, publish
from sayso_ingest import evalsets, export, mining
from sayso_ingest.errors import SaysoError, UsageError
from sayso_ingest.export.manifest import IN_WORDS
from sayso_ingest.export.trl_dpo import validate
from sayso_ingest.warehouse import Published

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def edited(events: Events, target: str, proposed: str, final: str, **fields: Any) -> str:
    body = {"outcome": "edited", "proposed": proposed, "final": final}
    return events.add("suggestion", target, body, actor=f"editor of {target}", **fields)


@pytest.fixture
def copy(tmp_path: Path) -> Published:
    events = Events()
    events.traffic(12)
    for number in range(8):
        edited(events, f"t{number:03}", "we send it tomorrow by mail", f"we send it on day {number} by mail")
    edited(events, "t008", "we send it.", "We send it")
    edited(events, "t009", "a part of it", "a part of that", part="paragraph 2")
    edited(events, "unknown", "we send it tomorrow", "we send it today")
    gone = edited(events, "t010", "we send it tomorrow", "we send it today")
    events.add("retraction", "t010", {"of": gone}, actor="editor of t010")
    return publish(tmp_path / "project", events.sent)


def run(copy: Published, out: Path, *versions: evalsets.Version, dry_run: bool = False) -> export.Manifest:
    return export.export(copy.query, format="trl-dpo", out=out, eval_versions=versions, dry_run=dry_run)


def read(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]


def first_set(folder: Path, copy: Published) -> evalsets.Version:
    found = mining.mine(copy.query, budget=3)
    return evalsets.promote(folder, "help", [evalsets.EvalCase.from_candidate(one) for one in found], now=NOW)


def test_edits_become_pairs_with_their_lineage_beside_them(copy: Published, tmp_path: Path) -> None:
    manifest = run(copy, tmp_path / "out")
    pairs, lineage = (lines(tmp_path / "out" / name) for name in ("train.jsonl", "lineage.jsonl"))
    assert len(pairs) == len(lineage) == manifest.kept == 8
    assert pairs[0]["prompt"] == [{"role": "user", "content": "my parcel is late, number 0"}]
    assert pairs[0]["chosen"] == [{"role": "assistant", "content": "we send it on day 0 by mail"}]
    assert pairs[0]["rejected"] == [{"role": "assistant", "content": "we send it tomorrow by mail"}]
    assert lineage[0]["target"] == "t000"
    assert [line["target"] for line in lineage] == sorted(line["target"] for line in lineage)


def test_the_manifest_accounts_for_every_edit_and_every_file(copy: Published, tmp_path: Path) -> None:
    manifest = run(copy, tmp_path / "out")
    assert manifest.dropped == {"cosmetic": 1, "no_question": 1, "part_of_answer": 1}
    assert manifest.considered == manifest.kept + sum(manifest.dropped.values()) == 11
    assert [tuple(row.values()) for row in manifest.rows()] == [
        ("kept", 8),
        ("dropped: hardly changed", 1),
        ("dropped: the question is not known", 1),
        ("dropped: only a part of the answer", 1),
        ("total", 11),
    ]
    assert export.Manifest.decode((tmp_path / "out" / "manifest.json").read_bytes()) == manifest
    for file in manifest.files:
        data = (tmp_path / "out" / file.name).read_bytes()
        assert (file.bytes, file.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert manifest.prompts == {"reply v1": 8}


def test_a_second_export_is_the_same_byte_by_byte(copy: Published, tmp_path: Path) -> None:
    run(copy, tmp_path / "one")
    run(copy, tmp_path / "two")
    run(copy, tmp_path / "one")
    assert read(tmp_path / "one") == read(tmp_path / "two")


def test_no_question_of_any_version_of_a_set_is_exported(copy: Published, tmp_path: Path) -> None:
    version = first_set(tmp_path / "project", copy)
    manifest = run(copy, tmp_path / "out", version)
    asked = {
        mining.question_key(pair["prompt"][0]["content"]) for pair in lines(tmp_path / "out" / "train.jsonl")
    }
    known = {mining.question_key(case.input) for case in version.cases}
    assert known
    assert not asked & known
    assert manifest.dropped["in_eval_set"] == 8 - manifest.kept > 0
    assert manifest.eval_sets == [{"name": "help", "version": 1, "sha256": version.sha256}]


def test_a_question_that_is_nearly_one_of_a_set_is_not_exported_and_counted(tmp_path: Path) -> None:
    events, asked = Events(), " ".join(f"word{number}" for number in range(30))
    for target, question in {"case": asked, "near": f"{asked} please", "far": "where is my parcel"}.items():
        events.add("interaction", target, {"input": question, "output": "?"})
        edited(events, target, "we send it tomorrow by mail", "we send it today by mail")
    copy = publish(tmp_path / "project", events.sent)
    (case,) = [one for one in mining.mine(copy.query, budget=3) if one.target in ("case", "near")]
    version = evalsets.promote(
        tmp_path / "project", "help", [evalsets.EvalCase.from_candidate(case)], now=NOW
    )
    manifest = run(copy, tmp_path / "out", version)
    assert [line["target"] for line in lines(tmp_path / "out" / "lineage.jsonl")] == ["far"]
    assert manifest.dropped == {"in_eval_set": 1, "near_eval_set": 1}
    assert ("dropped: nearly the same as one in an eval set", 1) in [
        tuple(r.values()) for r in manifest.rows()
    ]


def test_a_dry_run_counts_the_same_and_writes_nothing(copy: Published, tmp_path: Path) -> None:
    counted = run(copy, tmp_path / "out", dry_run=True)
    assert not (tmp_path / "out").exists()
    assert counted == run(copy, tmp_path / "out")


def test_without_a_folder_only_a_dry_run_is_possible(copy: Published) -> None:
    with pytest.raises(UsageError, match="--dry-run"):
        export.export(copy.query, format="trl-dpo", out=None, eval_versions=())


def test_the_validator_names_the_line_that_is_wrong(copy: Published, tmp_path: Path) -> None:
    run(copy, tmp_path / "out")
    path = tmp_path / "out" / "train.jsonl"
    assert validate(path) == 8
    whole = path.read_bytes()
    path.write_bytes(whole + b"{}\n")
    with pytest.raises(SaysoError, match="Line 9"):
        validate(path)
    path.write_bytes(whole[:-5])
    with pytest.raises(SaysoError, match="cut off"):
        validate(path)


def test_a_folder_that_cannot_be_written_is_named(copy: Published, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SaysoError, match=r"file/out cannot be written: .*Check that"):
        run(copy, tmp_path / "file" / "out")


def test_every_reason_has_words_for_people() -> None:
    assert set(IN_WORDS) == set(mining.Dropped)


def test_the_trainers_library_reads_what_was_exported(
    copy: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(copy, tmp_path / "out")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    from datasets import load_dataset

    loaded = load_dataset(
        "json",
        data_files=str(tmp_path / "out" / "train.jsonl"),
        split="train",
        cache_dir=str(tmp_path / "cache"),
    )
    assert sorted(loaded.column_names) == ["chosen", "prompt", "rejected"]
    assert loaded.to_list() == lines(tmp_path / "out" / "train.jsonl")
