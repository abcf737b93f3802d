"""The folder of an export: whose files are in it, and what becomes of them when the next export comes, or does not."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from disks import fill, mounted, read_only
from sayso_ingest import export
from sayso_ingest.errors import SaysoError, UsageError
from sayso_ingest.export.place import placing

# Python 3.12 warns of a fork beside other threads; what is forked here only writes files.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

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


@pytest.mark.parametrize(
    "change",
    [
        a_changed_file,
        a_folder_in_its_place,
        a_link_in_its_place,
        a_file_where_a_folder_will_be,
        a_link_where_a_folder_will_be,
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
        with pytest.raises(SaysoError, match=r"/out cannot be written: the disk is full\. Make room"):
            write(format, disk / "out")
        assert read(disk / "out") == before
        assert {path.name for path in (disk / "out").iterdir()} == before.keys()


def put(out: Path, text: str, count: int) -> None:
    """Export so many files of a text, and one in a folder."""
    names = [*(f"{number:04}.txt" for number in range(count)), "data/more.txt"]
    with placing(out, names) as place:
        files = [dataclasses.asdict(place.write(name, text.encode())) for name in names]
        place.take(json.dumps({"sayso": "1", "format": "text", "files": files}).encode())


def while_it_writes(out: Path) -> bool:
    return any(out.glob(".sayso-export-*/0001.txt"))


def when_all_is_written(out: Path) -> bool:
    return any(out.glob(".sayso-export-*/manifest.json"))


def while_files_take_their_names(out: Path) -> bool:
    return not (out / "manifest.json").exists()


Instant = Callable[[Path], bool]
INSTANTS = [while_it_writes, when_all_is_written, while_files_take_their_names]


def stop_an_export(out: Path, instant: Instant, number: signal.Signals) -> None:
    """Let a process export two hundred files over an earlier export, and send it a signal at an instant."""
    put(out, "before", 3)
    # A new interpreter would import for two seconds what a fork has already.
    process = multiprocessing.get_context("fork").Process(target=put, args=(out, "killed", 200))
    process.start()
    assert process.pid
    while process.is_alive() and not instant(out):
        os.sched_yield()
    os.kill(process.pid, number)
    process.join(60)
    assert process.exitcode


@pytest.mark.parametrize("instant", INSTANTS)
def test_after_an_export_that_was_killed_the_next_one_takes_the_place_and_nothing_else_stays(
    tmp_path: Path, instant: Instant
) -> None:
    stop_an_export(tmp_path / "out", instant, signal.SIGKILL)
    assert any((tmp_path / "out").glob(".sayso-export-*"))
    put(tmp_path / "out", "after", 5)
    put(tmp_path / "alone", "after", 5)
    assert read(tmp_path / "out") == read(tmp_path / "alone")
    assert len(list((tmp_path / "out").iterdir())) == 5 + len(["data", "manifest.json"])


def test_what_somebody_changed_after_an_export_was_killed_is_named_and_stays(tmp_path: Path) -> None:
    out = tmp_path / "out"
    stop_an_export(out, while_files_take_their_names, signal.SIGKILL)
    (out / "0000.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"out/0000\.txt is not as an export left it\. Move it away"):
        put(out, "after", 5)
    (out / "0000.txt").rename(tmp_path / "moved")
    put(out, "after", 5)
    assert (tmp_path / "moved").read_text() == "mine"


@pytest.mark.parametrize(("instant", "text"), [*zip(INSTANTS, ["before", None, "killed"], strict=True)])
def test_ctrl_c_leaves_the_earlier_export_whole_or_the_new_one(
    tmp_path: Path, instant: Instant, text: str | None
) -> None:
    stop_an_export(tmp_path / "out", instant, signal.SIGINT)
    found = read(tmp_path / "out")
    assert text is None or found["0000.txt"].decode() == text
    put(tmp_path / "alone", found["0000.txt"].decode(), 3 if found["0000.txt"] == b"before" else 200)
    assert found == read(tmp_path / "alone")
    assert not any((tmp_path / "out").glob(".sayso-export-*"))


def test_a_second_export_into_a_folder_is_refused_at_once_and_the_first_is_whole(tmp_path: Path) -> None:
    with placing(tmp_path / "out", ["mine.txt"]) as place:
        place.write("mine.txt", b"first")
        with pytest.raises(UsageError, match=r"Another export writes to .*/out\. Wait until it has ended"):
            put(tmp_path / "out", "second", 2)
        place.take(b'{"sayso": "1", "format": "text", "files": [{"name": "mine.txt", "sha256": ""}]}')
    assert read(tmp_path / "out").keys() == {"mine.txt", "manifest.json"}


@pytest.mark.parametrize("name", ["0000.txt", "manifest.json"])
def test_what_is_changed_while_an_export_writes_is_neither_replaced_nor_removed(
    tmp_path: Path, name: str
) -> None:
    put(tmp_path / "out", "before", 2)
    before = {**read(tmp_path / "out"), name: b"mine"}
    with placing(tmp_path / "out", ["0001.txt"]) as place, pytest.raises(UsageError):
        (tmp_path / "out" / name).write_text("mine")
        place.write("0001.txt", b"after")
        place.take(b'{"sayso": "1", "format": "text", "files": [{"name": "0001.txt", "sha256": ""}]}')
    assert read(tmp_path / "out") == before


@pytest.mark.parametrize("name", ["../outside", "{tmp_path}/outside", "data/../../outside"])
def test_a_manifest_that_names_a_file_outside_is_of_no_export(tmp_path: Path, name: str) -> None:
    put(tmp_path / "out", "before", 1)
    (tmp_path / "outside").write_text("mine")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    sha256 = hashlib.sha256(b"mine").hexdigest()
    manifest["files"].append({"name": name.format(tmp_path=tmp_path), "sha256": sha256})
    (tmp_path / "out" / "manifest.json").write_text(json.dumps(manifest))
    before = read(tmp_path)
    with pytest.raises(UsageError, match=r"out has files that no export wrote"):
        put(tmp_path / "out", "after", 1)
    assert read(tmp_path) == before


def test_an_export_that_fails_leaves_no_folder_that_it_made(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(ValueError, match="no"), placing(tmp_path / "there" / "a" / "out", ["0.txt"]) as place:
        place.write("0.txt", b"")
        raise ValueError("no")
    assert list(tmp_path.rglob("*")) == [tmp_path / "there"]


def test_what_cannot_be_read_elsewhere_is_not_said_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="elsewhere"), placing(tmp_path / "out", ["0.txt"]):
        (tmp_path / "elsewhere").read_bytes()


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
