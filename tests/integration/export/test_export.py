"""From what people said to a folder that a trainer reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from integration.mining.project import Events, publish
from made import made_once
from sayso_ingest import evalsets, export, mining
from sayso_ingest.errors import SaysoError, UsageError
from sayso_ingest.export import SplitBy
from sayso_ingest.export.again import validate
from sayso_ingest.mining import Purpose, Source
from sayso_ingest.warehouse import Published

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DPO = export.find_format("trl-dpo")


def edited(events: Events, target: str, proposed: str, final: str, **fields: Any) -> str:
    body = {"outcome": "edited", "proposed": proposed, "final": final}
    return events.add("suggestion", target, body, actor=f"editor of {target}", **fields)


def filled(project: Path) -> None:
    events = Events()
    events.traffic(12)
    for number in range(8):
        edited(events, f"t{number:03}", "we send it tomorrow by mail", f"we send it on day {number} by mail")
    edited(events, "t008", "we send it.", "We send it")
    edited(events, "t009", "a part of it", "a part of that", part="paragraph 2")
    edited(events, "unknown", "we send it tomorrow", "we send it today")
    gone = edited(events, "t010", "we send it tomorrow", "we send it today")
    events.add("retraction", "t010", {"of": gone}, actor="editor of t010")
    publish(project, events.sent).close()


@pytest.fixture
def copy(tmp_path: Path) -> Published:
    made_once(tmp_path / "project", filled)
    return Published.open(tmp_path / "project")


def run(
    copy: Published,
    out: Path | None,
    *versions: evalsets.Version,
    format: str = "trl-dpo",
    purpose: Purpose = Purpose.PREFERENCES,
    **wanted: Any,
) -> export.Manifest:
    guard = mining.Guard(export.questions_of(versions))
    chosen = export.find_format(format)
    job = export.Job(chosen, export.Wanted(chosen.purpose or purpose, **wanted), guard, versions)
    return export.export(export.Reading(copy.stream, copy.query, out and out.parent), job, out=out)


def read(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]


def of(copy: Published, folder: Path, targets: Sequence[str]) -> evalsets.Version:
    """A set with the questions of these interactions."""
    found = [one for one in mining.mine(copy.query, budget=50) if one.target in targets]
    return evalsets.promote(folder, "help", [evalsets.EvalCase.from_candidate(one) for one in found], now=NOW)


def test_edits_become_pairs_with_their_lineage_beside_them(copy: Published, tmp_path: Path) -> None:
    manifest = run(copy, tmp_path / "out")
    pairs, lineage = (lines(tmp_path / "out" / name) for name in ("train.jsonl", "lineage.jsonl"))
    assert len(pairs) == len(lineage) == manifest.kept == 8
    assert pairs[0]["prompt"] == [{"role": "user", "content": "my parcel is late, number 0"}]
    assert pairs[0]["chosen"] == [{"role": "assistant", "content": "we send it on day 0 by mail"}]
    assert pairs[0]["rejected"] == [{"role": "assistant", "content": "we send it tomorrow by mail"}]
    assert [(line["split"], line["row"]) for line in lineage] == [("train", row) for row in range(8)]
    assert [line["target"] for line in lineage] == [f"t{number:03}" for number in range(8)]
    assert (lineage[0]["source"], lineage[0]["confidence"], lineage[0]["voices"]) == ("edit", 0.6667, 1)
    assert len(lineage[0]["event_ids"]) == 1


def test_the_manifest_accounts_for_everything_said_and_for_every_file(
    copy: Published, tmp_path: Path
) -> None:
    manifest = run(copy, tmp_path / "out")
    assert manifest.dropped == {"cosmetic": 1, "no_question": 1, "part_of_answer": 1}
    assert manifest.considered == manifest.kept + sum(manifest.dropped.values()) == 11
    assert [tuple(row.values()) for row in manifest.rows()] == [
        ("kept: edit", 8),
        ("left out: hardly changed", 1),
        ("left out: the question is not known", 1),
        ("left out: only a part of the answer", 1),
        ("considered", 11),
    ]
    assert export.Manifest.decode((tmp_path / "out" / "manifest.json").read_bytes()) == manifest
    for file in manifest.files:
        data = (tmp_path / "out" / file.name).read_bytes()
        assert (file.bytes, file.sha256) == (len(data), hashlib.sha256(data).hexdigest())
        assert file.rows == (0 if file.name == "README.md" else data.count(b"\n"))
    assert manifest.prompts == {"reply v1": 8}
    assert (manifest.shape.people, manifest.shape.largest_share) == (8, 0.125)
    assert (manifest.shape.chosen_longer, manifest.splits) == (0.0, {"train": 8})


@pytest.mark.parametrize(
    "format", ["trl-dpo", "trl-sft", "trl-kto", "openai-sft", "openai-dpo", "jsonl", "parquet"]
)
def test_a_second_export_is_the_same_byte_by_byte(copy: Published, tmp_path: Path, format: str) -> None:
    for folder in ("one", "two", "one"):
        run(copy, tmp_path / folder, format=format, validation=0.3)
    assert read(tmp_path / "one") == read(tmp_path / "two")


def test_the_same_facts_under_other_ids_and_in_another_order_give_the_same_training_file(
    copy: Published, tmp_path: Path
) -> None:
    events = Events()
    events.traffic(12)
    events.add("signal", "t000", {"name": "copied"})  # every id after it is another one
    for number in reversed(range(8)):
        edited(events, f"t{number:03}", "we send it tomorrow by mail", f"we send it on day {number} by mail")
    with publish(tmp_path / "again", events.sent) as again:
        run(again, tmp_path / "two")
    run(copy, tmp_path / "one")
    assert (tmp_path / "one/train.jsonl").read_bytes() == (tmp_path / "two/train.jsonl").read_bytes()


def test_no_question_of_any_version_of_a_set_is_exported(copy: Published, tmp_path: Path) -> None:
    version = of(copy, tmp_path / "project", ["t001", "t002"])
    manifest = run(copy, tmp_path / "out", version)
    asked = {mining.question_key(row["prompt"][0]["content"]) for row in lines(tmp_path / "out/train.jsonl")}
    known = {mining.question_key(case.input) for case in version.cases}
    assert len(known) == 2
    assert not asked & known
    assert manifest.dropped["in_eval_set"] == 2
    assert manifest.eval_sets == [{"name": "help", "version": 1, "sha256": version.sha256}]


def test_a_question_that_is_nearly_one_of_a_set_or_one_in_other_words_is_counted_as_such(
    tmp_path: Path,
) -> None:
    events, asked = Events(), " ".join(f"word{number}" for number in range(30))
    questions = {
        "case": asked,
        "near": f"{asked} please",
        "other": " ".join(reversed(asked.split())),
        "far": "where is my parcel",
    }
    for target, question in questions.items():
        events.add("interaction", target, {"input": question, "output": "?"})
        edited(events, target, "we send it tomorrow by mail", "we send it today by mail")
    with publish(tmp_path / "project", events.sent) as copy:
        case = evalsets.written_case(asked, reason="a test")
        version = evalsets.promote(tmp_path / "project", "help", [case], now=NOW)
        manifest = run(copy, tmp_path / "out", version)
    assert [line["target"] for line in lines(tmp_path / "out" / "lineage.jsonl")] == ["far"]
    assert manifest.dropped == {"in_eval_set": 1, "near_eval_set": 1, "paraphrased_eval_set": 1}
    assert manifest.guard == {"hash-256": 0.65, "words": 0.9}


def test_counting_alone_counts_the_same_and_writes_nothing(copy: Published, tmp_path: Path) -> None:
    counted = run(copy, None)
    assert counted == run(copy, tmp_path / "out")


def test_who_says_the_same_adds_a_voice_and_the_events_that_say_so(tmp_path: Path) -> None:
    events = Events()
    events.traffic(1)
    ids = []
    for who in ("ann", "bob"):
        body = {"outcome": "edited", "proposed": "we send it tomorrow", "final": "we send it today"}
        ids.append(events.add("suggestion", "t000", body, actor=who))
    with publish(tmp_path / "project", events.sent) as copy:
        run(copy, tmp_path / "out")
        sure = run(copy, None, least=0.76)
    (line,) = lines(tmp_path / "out/lineage.jsonl")
    assert (line["voices"], line["confidence"], sorted(line["event_ids"])) == (2, 0.75, ids)
    assert sure.dropped == {"duplicate": 1, "unsure": 1}


def test_a_split_keeps_each_person_on_one_side_and_each_question_out_of_the_other(tmp_path: Path) -> None:
    events = Events()
    for number in range(200):
        events.add(
            "interaction", f"m{number:03}", {"input": f"question {number % 110}", "output": f"{number}."}
        )
        events.add("thumb", f"m{number:03}", {"value": "up"}, actor=f"u{number % 40}")
    with publish(tmp_path / "project", events.sent) as copy:
        manifest = run(copy, tmp_path / "out", format="jsonl", purpose=Purpose.DEMONSTRATIONS, validation=0.3)
    train, held_back = (lines(tmp_path / "out" / name) for name in ("train.jsonl", "validation.jsonl"))
    assert manifest.splits == {"train": len(train), "validation": len(held_back)}
    people = [{f"u{int(row['target'][1:]) % 40}" for row in side} for side in (train, held_back)]
    asked = [{row["prompt"][0]["content"] for row in side} for side in (train, held_back)]
    assert not people[0] & people[1]
    assert not asked[0] & asked[1]
    assert len(people[1]) > 5
    assert manifest.dropped.keys() == {"in_training"}


def test_who_turns_an_answer_down_is_heard_where_only_good_ones_are_wanted(tmp_path: Path) -> None:
    events = Events()
    events.traffic(3)
    for target, likes in (("t000", "u"), ("t001", "ud"), ("t002", "d")):
        for who, value in enumerate(likes):
            body = {"value": {"u": "up", "d": "down"}[value]}
            events.add("thumb", target, body, actor=f"person {who}")
    with publish(tmp_path / "project", events.sent) as copy:
        all_of_it = run(copy, tmp_path / "out", format="trl-sft")
        liked = run(copy, None, format="trl-sft", sources=(Source.LIKED,))
        judged = run(copy, None, format="trl-sft", sources=(Source.ANNOTATION,))
    assert [line["target"] for line in lines(tmp_path / "out/lineage.jsonl")] == ["t000"]
    assert all_of_it.dropped == liked.dropped == {"conflict": 2, "not_good": 1}
    assert judged.dropped == {"conflict": 2, "not_good": 1, "not_asked": 1}


def test_a_source_that_makes_nothing_for_the_purpose_is_refused(copy: Published) -> None:
    with pytest.raises(UsageError, match=r"choice makes no ratings\. Choose from: edit, correction"):
        run(copy, None, format="trl-kto", sources=(Source.CHOICE,))


def test_what_is_not_asked_for_is_heard_and_not_trained_on(tmp_path: Path) -> None:
    events = Events()
    events.traffic(1)
    edited = {"outcome": "edited", "proposed": "We send it soon.", "final": "We send it today."}
    events.add("suggestion", "t000", edited, actor="ann")
    events.add("suggestion", "t000", {**edited, "final": "We send it soon!"}, actor="bob")
    events.add("comment", "t000", {"text": "no", "expected": "At noon, by train."}, actor="cleo")
    with publish(tmp_path / "project", events.sent) as copy:
        manifest = run(copy, None, format="trl-dpo", sources=(Source.CORRECTION,))
        with pytest.raises(UsageError, match="liked makes no preferences"):
            run(copy, None, format="trl-dpo", sources=(Source.LIKED,))
    assert manifest.sources == {"correction": 1}
    assert manifest.dropped == {"not_asked": 2}


def test_what_is_lopsided_is_said(tmp_path: Path) -> None:
    events = Events()
    events.traffic(60)
    for number in range(60):
        value = "down" if number < 10 else "up"
        events.add("thumb", f"t{number:03}", {"value": value}, actor="ann" if number < 20 else f"u{number}")
    with publish(tmp_path / "project", events.sent) as copy:
        manifest = run(copy, None, format="trl-kto")
        few = run(copy, None, format="trl-dpo")
    assert manifest.warnings == [
        "33% of them come from one person: the model would learn that person's taste.",
        "50 are good and 10 are bad. Even them out: train with undesirable_weight=5.00.",
    ]
    assert few.warnings == ["Nothing is left to train on; the table says why."]


def test_a_split_that_leaves_a_side_without_rows_or_without_a_kind_of_them_is_said(tmp_path: Path) -> None:
    """All are of one topic; the person who liked answers is held back, the one who did not is not."""
    events = Events()
    events.traffic(60)
    for number in range(60):
        who, value = ("u1", "up") if number < 30 else ("u0", "down")
        events.add("thumb", f"t{number:03}", {"value": value}, actor=who)
    with publish(tmp_path / "project", events.sent) as copy:
        of_topic = {"format": "trl-kto", "split_by": SplitBy.TOPIC}
        all_of_it, nothing = (run(copy, None, **of_topic, validation=share) for share in (0.9, 0.01))
        of_a_kind = run(copy, None, format="trl-kto", validation=0.4)
        uneven = run(copy, None, format="trl-kto", validation=0.2)
    assert all_of_it.splits == {"validation": 60}
    assert all_of_it.warnings == [
        "All 60 are held back for validation, and nothing is left to train on. Hold back a smaller share, or split by "
        "something else."
    ]
    assert nothing.splits == {"train": 60}
    assert nothing.warnings[0] == (
        "Nothing is held back for validation. Ask for a larger share, or split by something else."
    )
    assert of_a_kind.splits == {"train": 30, "validation": 30}
    assert "There are 0 good and 30 bad answers to train on: KTO needs both." in of_a_kind.warnings
    assert not any("instead of" in one for one in of_a_kind.warnings)
    assert "50% are held back instead of 20%, since what stays together is of uneven size." in uneven.warnings


def test_what_is_held_back_does_not_make_up_for_what_a_tool_asks_to_train_on(
    copy: Published, tmp_path: Path
) -> None:
    manifest = run(copy, tmp_path / "out", format="openai-dpo", validation=0.5)
    assert manifest.splits["validation"] > 0
    assert manifest.warnings[0].endswith(f"10 examples at least, and there are {manifest.splits['train']}.")


def test_the_validator_names_the_row_that_is_wrong(copy: Published, tmp_path: Path) -> None:
    run(copy, tmp_path / "out")
    path = tmp_path / "out" / "train.jsonl"
    assert validate(path, DPO) == 8
    whole = path.read_bytes()
    path.write_bytes(whole + b"{}\n")
    with pytest.raises(SaysoError, match="Row 9"):
        validate(path, DPO)
    path.write_bytes(whole[:-5])
    with pytest.raises(SaysoError, match="cut off"):
        validate(path, DPO)
    path.write_bytes(b"{\n")
    with pytest.raises(SaysoError, match=r"Row 1 of .* is not JSON"):
        validate(path, DPO)


def test_parquet_holds_the_same_as_lines(copy: Published, tmp_path: Path) -> None:
    run(copy, tmp_path / "lines", format="jsonl")
    run(copy, tmp_path / "table", format="parquet")
    table = pq.read_table(tmp_path / "table/data/train-00000-of-00001.parquet")
    assert table.to_pylist() == lines(tmp_path / "lines/train.jsonl")
