"""The folder of an export: whose files are in it, and what becomes of them when the next export comes, or does not."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from disks import fill, mounted, read_only
from sayso_ingest import export
from sayso_ingest.errors import SaysoError, UsageError
from sayso_ingest.export.place import placing

EVERY = [one.name for one in export.TRAINING] + [f"set as {one.name}" for one in export.CASES]


def read(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("before", EVERY)
@pytest.mark.parametrize("after", ["trl-sft", "set as jsonl", "set as promptfoo"])
def test_an_export_leaves_nothing_of_one_of_another_kind_before_it(
    write: Callable[..., Any], tmp_path: Path, before: str, after: str
) -> None:
    for format, folder in ((before, "out"), (after, "out"), (after, "alone")):
        write(format, tmp_path / folder)
    assert read(tmp_path / "out") == read(tmp_path / "alone")
    assert sorted((tmp_path / "out").iterdir()) == [
        tmp_path / "out" / path.name for path in sorted((tmp_path / "alone").iterdir())
    ]


def test_what_is_not_ours_stays(write: Callable[..., Any], tmp_path: Path) -> None:
    write("trl-dpo", tmp_path / "out", validation=0.3)
    (tmp_path / "out" / "mine.txt").write_text("mine")
    write("trl-dpo", tmp_path / "out")
    expected = {"train.jsonl", "lineage.jsonl", "README.md", "manifest.json", "mine.txt"}
    assert read(tmp_path / "out").keys() == expected


def a_changed_file(out: Path) -> Path:
    (out / "train.jsonl").write_text("{}\n")
    return out / "train.jsonl"


def a_folder_in_its_place(out: Path) -> Path:
    (out / "train.jsonl").unlink()
    (out / "train.jsonl").mkdir()
    return out / "train.jsonl"


def a_link_in_its_place(out: Path) -> Path:
    (out / "train.jsonl").rename(out.parent / "elsewhere")
    (out / "train.jsonl").symlink_to(out.parent / "elsewhere")
    return out / "train.jsonl"


def a_file_where_a_folder_will_be(out: Path) -> Path:
    (out / "data").write_text("mine")
    return out / "data" / "test-00000-of-00001.parquet"


def a_link_where_a_folder_will_be(out: Path) -> Path:
    (out.parent / "elsewhere").mkdir()
    (out / "data").symlink_to(out.parent / "elsewhere")
    return out / "data" / "test-00000-of-00001.parquet"


def a_name_outside(out: Path) -> Path:
    manifest = json.loads((out / "manifest.json").read_bytes())
    manifest["files"].append({"name": "../outside", "sha256": ""})
    (out / "manifest.json").write_text(json.dumps(manifest))
    (out.parent / "outside").write_text("mine")
    return out / ".." / "outside"


@pytest.mark.parametrize(
    "change",
    [
        a_changed_file,
        a_folder_in_its_place,
        a_link_in_its_place,
        a_file_where_a_folder_will_be,
        a_link_where_a_folder_will_be,
        a_name_outside,
    ],
)
def test_what_is_not_as_an_export_left_it_is_neither_replaced_nor_removed(
    write: Callable[..., Any], tmp_path: Path, change: Callable[[Path], Path]
) -> None:
    write("trl-dpo", tmp_path / "out")
    changed = change(tmp_path / "out")
    before = read(tmp_path)
    with pytest.raises(UsageError) as refused:
        write("set as parquet", tmp_path / "out")
    assert str(refused.value) == (
        f"{changed} is not as an export left it. Move it away, or choose another folder with --out."
    )
    assert read(tmp_path) == before


@pytest.mark.parametrize("format", ["trl-dpo", "set as ragas"])
@pytest.mark.parametrize("name", ["README.md", "manifest.json", "notes.txt"])
def test_a_folder_of_somebody_else_is_left_as_it_is(
    write: Callable[..., Any], tmp_path: Path, format: str, name: str
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text('{"mine": true}')
    with pytest.raises(UsageError, match=f"out has files that no export wrote, {name} for one"):
        write(format, tmp_path / "out")
    assert read(tmp_path / "out") == {name: b'{"mine": true}'}


@pytest.mark.parametrize("format", ["trl-dpo", "set as ragas"])
def test_a_link_to_nothing_is_named_and_left_as_it_is(
    write: Callable[..., Any], tmp_path: Path, format: str
) -> None:
    (tmp_path / "out").symlink_to(tmp_path / "gone")
    with pytest.raises(UsageError, match=r"out is a link to .*gone, and nothing is there\. Make that folder"):
        write(format, tmp_path / "out")
    assert not (tmp_path / "gone").exists()


def test_a_link_to_a_folder_is_followed(write: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    write("parquet", tmp_path / "out")
    write("trl-dpo", tmp_path / "out")
    assert read(tmp_path / "real").keys() == {"train.jsonl", "lineage.jsonl", "README.md", "manifest.json"}


def test_no_link_that_somebody_laid_is_written_through(write: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "victim").write_text("mine")
    write("trl-dpo", tmp_path / "out")
    for name in ("train.jsonl.draft", "manifest.draft", "README.md.draft", ".sayso-export-a"):
        (tmp_path / "out" / name).symlink_to(tmp_path / "victim")
    write("trl-dpo", tmp_path / "out")
    write("set as ragas", tmp_path / "out")
    assert (tmp_path / "victim").read_text() == "mine"


@pytest.mark.parametrize("format", ["trl-dpo", "set as ragas"])
def test_a_folder_that_cannot_be_made_is_named(
    write: Callable[..., Any], tmp_path: Path, format: str
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SaysoError, match=r"file/out cannot be (written|read): Not a directory\. Check that"):
        write(format, tmp_path / "file" / "out")


@pytest.mark.parametrize("format", ["trl-dpo", "set as ragas"])
def test_a_folder_that_cannot_be_written_is_named_and_left_as_it_is(
    write: Callable[..., Any], tmp_path: Path, format: str
) -> None:
    write(format, tmp_path / "out")
    before = read(tmp_path / "out")
    with (
        read_only(tmp_path / "out"),
        pytest.raises(SaysoError, match=r"/out cannot be written: Read-only file system\. Check that"),
    ):
        write(format, tmp_path / "out")
    assert read(tmp_path / "out") == before


@pytest.mark.parametrize("format", EVERY)
def test_a_full_disk_leaves_the_earlier_export_whole_and_nothing_else(
    write: Callable[..., Any], tmp_path: Path, format: str
) -> None:
    with mounted(tmp_path / "disk", megabytes=1) as disk:
        write("trl-dpo", disk / "out")
        before = read(disk / "out")
        fill(disk / "more")
        os.truncate(disk / "more", (disk / "more").stat().st_size - 4096)  # the folder for drafts
        with pytest.raises(SaysoError, match=r"/out cannot be written: No space left on device\. Check that"):
            write(format, disk / "out")
        assert read(disk / "out") == before
        assert {path.name for path in (disk / "out").iterdir()} == before.keys()


def interrupt(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let somebody press Ctrl-C just before the Nth file takes its name."""
    names = itertools.count(1)
    replace = Path.replace

    def replace_or_not(path: Path, target: Path) -> Path:
        if next(names) == number:
            raise KeyboardInterrupt
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", replace_or_not)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_ctrl_c_while_files_take_their_names_leaves_the_whole_new_export(
    write: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    write("trl-sft", tmp_path / "alone")
    write("parquet", tmp_path / "out", validation=0.5)
    interrupt(monkeypatch, number)
    with pytest.raises(KeyboardInterrupt):
        write("trl-sft", tmp_path / "out")
    assert read(tmp_path / "out") == read(tmp_path / "alone")


def test_ctrl_c_before_all_is_written_leaves_the_earlier_export_whole(
    write: Callable[..., Any], tmp_path: Path
) -> None:
    write("trl-sft", tmp_path / "out")
    before = read(tmp_path / "out")
    with pytest.raises(KeyboardInterrupt), placing(tmp_path / "out", ["train.jsonl"]) as place:
        place.draft("train.jsonl").write(b"{")
        raise KeyboardInterrupt
    assert read(tmp_path / "out") == before
    assert {path.name for path in (tmp_path / "out").iterdir()} == before.keys()
