"""The card of an export: by it alone `datasets` reads the folder, whatever is in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sayso_ingest.export import SplitBy

Write = Callable[..., Any]
GUESSED_FROM = 10 << 20
"""Bytes of a file from which `datasets` guesses the types of columns, where a card does not say them."""


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Any]:
    """`load(folder)` is what `datasets.load_dataset` makes of it, without asking a hub or what it kept."""
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))

    def loaded(folder: Path) -> Any:
        from datasets import load_dataset

        return load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))

    return loaded


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]


@pytest.mark.parametrize("format", ["trl-sft", "trl-dpo", "trl-kto", "openai-dpo", "jsonl"])
def test_training_data_is_read_row_by_row(write: Write, load: Any, tmp_path: Path, format: str) -> None:
    write(format, tmp_path / "out", validation=0.5)
    loaded = load(tmp_path / "out")
    assert set(loaded) == {"train", "validation"}
    for split, rows in loaded.items():
        assert rows.to_list() == lines(tmp_path / "out" / f"{split}.jsonl")


def test_a_table_of_training_data_is_read_split_by_split(write: Write, load: Any, tmp_path: Path) -> None:
    manifest = write("parquet", tmp_path / "out", validation=0.5)
    assert {split: rows.num_rows for split, rows in load(tmp_path / "out").items()} == manifest.splits


@pytest.mark.parametrize("format", ["set as jsonl", "set as parquet"])
def test_cases_of_an_eval_set_are_the_one_split_test(
    write: Write, load: Any, tmp_path: Path, format: str
) -> None:
    manifest = write(format, tmp_path / "out")
    loaded = load(tmp_path / "out")
    path = tmp_path / "out" / manifest.files[0].name
    written = lines(path) if path.suffix == ".jsonl" else pq.read_table(path).to_pylist()
    assert {split: rows.to_list() for split, rows in loaded.items()} == {"test": written}


@pytest.mark.parametrize(("share", "left"), [(0.9, "validation"), (0.01, "train")])
def test_a_split_without_rows_is_none(
    write: Write, load: Any, tmp_path: Path, share: float, left: str
) -> None:
    """`datasets` reads no empty file."""
    manifest = write("trl-dpo", tmp_path / "out", validation=share, split_by=SplitBy.TOPIC)
    assert set(manifest.splits) == set(load(tmp_path / "out")) == {left}


@pytest.mark.parametrize(("after", "split"), [("trl-kto", "train"), ("set as parquet", "test")])
def test_the_last_export_alone_is_read(
    write: Write, load: Any, tmp_path: Path, after: str, split: str
) -> None:
    write("trl-dpo", tmp_path / "out", validation=0.5)
    manifest = write(after, tmp_path / "out")
    (rows,) = load(tmp_path / "out").values()
    assert rows.split == split
    assert rows.num_rows == manifest.files[0].rows
    assert "rejected" not in rows.column_names


ASKED = {"role": "user", "content": "x"}
ANSWER = {"role": "assistant", "content": "y"}


@pytest.mark.parametrize(
    ("format", "change"),
    [
        ("jsonl", ("topic", None, "post")),
        ("openai-sft", ("messages", [ASKED, ANSWER], [{**ANSWER, "weight": 0}, ASKED, ANSWER])),
        ("set as jsonl", ("expected", None, "Today.")),
    ],
)
def test_a_column_that_is_empty_for_long_has_its_type_from_the_card(
    write: Write, load: Any, tmp_path: Path, format: str, change: tuple[str, Any, Any]
) -> None:
    path = tmp_path / "out" / write(format, tmp_path / "out").files[0].name
    row, (column, early, late) = lines(path)[0], change
    before = json.dumps({**row, column: early}).encode() + b"\n"
    count = GUESSED_FROM // len(before) + 1
    path.write_bytes(before * count + json.dumps({**row, column: late}).encode() + b"\n")
    (loaded,) = load(tmp_path / "out").values()
    read = loaded[count][column]
    if column == "messages":  # in a table all of them have the field, if one has
        read = [{name: value for name, value in one.items() if value is not None} for one in read]
    assert read == late
