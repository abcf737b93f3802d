"""Training exports as TRL, datasets and OpenAI's package read them: unedited, row by row, up to a step of training."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sayso_ingest.mining import Purpose

Saw = dict[str, Any]


def written(folder: Path) -> dict[str, int]:
    """How many rows each split has, as the manifest says."""
    splits: dict[str, int] = json.loads((folder / "manifest.json").read_bytes())["splits"]
    assert set(splits) == {"train", "validation"}
    return splits


def first_line(folder: Path) -> Any:
    return json.loads((folder / "train.jsonl").read_bytes().split(b"\n")[0])


def test_datasets_and_trl_load_every_training_format_and_a_step_of_training_learns(
    trained_on: Callable[..., Path], asked: Callable[..., Saw]
) -> None:
    """The folder alone is named; its card says which file is which split, and no column has to be renamed."""
    folders = [trained_on(name) for name in ("trl-sft", "trl-dpo", "trl-kto", "jsonl", "parquet")]
    parent = folders[0].parent
    saw = asked("trl", parent)
    for folder in folders:
        assert saw[folder.name]["rows"] == written(folder)
    for name, columns in {
        "trl-sft": ["prompt", "completion"],
        "trl-dpo": ["prompt", "chosen", "rejected"],
        "trl-kto": ["prompt", "completion", "label"],
    }.items():
        assert saw[name]["columns"] == columns
        assert saw[name]["first"] == first_line(parent / name)
        assert saw[name]["conversational"]
        asked_, answer = (saw[name]["templated"][column] for column in columns[:2])
        assert asked_.endswith("<|end|><|assistant|>")
        assert answer.endswith("<|end|>")
        trained = saw[name]["trained"]
        assert (trained["steps"], trained["finite"], trained["learnt"]) == (1, True, True), trained
    assert saw["trl-dpo"]["unpaired"] == 2 * written(parent / "trl-dpo")["train"]
    assert saw["jsonl"]["first"] == saw["parquet"]["first"] == first_line(parent / "jsonl")


@pytest.mark.parametrize("name", ["openai-sft", "openai-dpo"])
def test_every_message_for_openais_fine_tuning_is_one_of_its_chat(
    name: str, trained_on: Callable[..., Path], asked: Callable[..., Saw]
) -> None:
    folder = trained_on(name)
    saw = asked("openai", folder.parent)[name]
    assert saw["rows"] == written(folder)["train"] >= 10
    assert saw["first"] == first_line(folder)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_table_of_any_purpose_loads_with_datasets(
    purpose: Purpose, trained_on: Callable[..., Path], asked: Callable[..., Saw]
) -> None:
    folder = trained_on("parquet", purpose)
    saw = asked("trl", folder.parent)["parquet"]
    assert saw["rows"] == written(folder)
    assert saw["first"]["event_ids"]
