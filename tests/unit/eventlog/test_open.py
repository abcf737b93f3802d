"""Addresses of event logs: each scheme opens its own, and what is none is refused with the list of possible ones."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from sayso_ingest.errors import MissingExtra, SettingError
from sayso_ingest.eventlog import open_reader, open_writer
from sayso_ingest.eventlog.sqlite import SqliteWriter
from sayso_ingest.eventlog.sqlite_reader import SqliteReader

NOWHERE = Path("/nowhere/log")


def test_sqlite_opens_files_and_touches_nothing_yet() -> None:
    assert isinstance(open_writer("sqlite", folder=NOWHERE, project="shop"), SqliteWriter)
    assert isinstance(open_reader("sqlite", folder=NOWHERE, project="shop"), SqliteReader)
    assert not NOWHERE.exists()


def test_a_folder_that_is_not_there_is_an_empty_log() -> None:
    reader = open_reader("sqlite", folder=NOWHERE, project="shop")

    assert (reader.read({}, max_bytes=1), reader.behind({}), reader.prune({})) == ([], 0, [])


def test_memory_logs_are_told_apart_by_name_and_project() -> None:
    def read(url: str, project: str) -> list[bytes]:
        reader = open_reader(url, folder=NOWHERE, project=project)
        return [entry.payload for entry in reader.read({}, max_bytes=1)]

    open_writer("memory://told-apart", folder=NOWHERE, project="shop").append([b"a"])

    assert read("memory://told-apart", "shop") == [b"a"]
    assert read("memory://told-apart", "other") == []
    assert read("memory://told-apart-too", "shop") == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sqlite3",
        "sqlite://somewhere",
        "/data/log",
        "redis://127.0.0.1:6379/sayso",
        "memory://",
        "kafka://",
        "kafka://broker:9092",
        "kafka://broker:9092/",
        "kafka://broker/sayso",
        "kafka://broker:9092,/sayso",
        "kafka://broker:9092/two words",
        "kafka://broker:9092/sayso/more",
        "KAFKA://broker:9092/sayso",
    ],
)
def test_what_is_no_address_is_refused_with_what_is_possible(url: str) -> None:
    for opens in (open_writer, open_reader):
        with pytest.raises(SettingError) as refused:
            opens(url, folder=NOWHERE, project="shop")

        assert repr(url) in str(refused.value)
        for scheme in ("sqlite", "kafka://", "memory://"):
            assert scheme in str(refused.value)


@pytest.mark.parametrize("url", ["kafka://broker:9092/sayso", "kafka://one:9092,two.example:9093/say-so_1"])
def test_a_kafka_address_without_the_library_names_the_extra(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "kafka", None)  # what an import of a package that is not installed meets
    monkeypatch.delitem(sys.modules, "kafka.codec", raising=False)

    for opens in (open_writer, open_reader):
        with pytest.raises(MissingExtra, match=r"sayso\[kafka\]"):
            opens(url, folder=NOWHERE, project="shop")


@pytest.mark.parametrize("begin", ["kafka://", "kafka:", ""])
def test_a_password_in_an_address_is_not_shown(begin: str, tmp_path: Path) -> None:
    """Nor in one that is mistyped."""
    with pytest.raises(SettingError) as caught:
        open_reader(f"{begin}user:secret@broker:9092/sayso", folder=tmp_path, project="default")
    assert f"'{begin}...@broker:9092/sayso'" in str(caught.value)
    assert "secret" not in str(caught.value)
