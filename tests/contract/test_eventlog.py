"""What a collector and a lander may rely on, whatever the log is made of: memory, SQLite files or Kafka."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from broker import Broker
from sayso_ingest.errors import LogGap
from sayso_ingest.eventlog import Entry, LogReader, LogWriter, open_reader, open_writer

TESTS = Path(__file__).resolve().parents[1]

# kafka-python reads its own protocol files in a way that Python 3.11 and 3.12 call deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:(read|open)_text is deprecated:DeprecationWarning")

APPEND_FOREVER = TESTS / "integration" / "eventlog" / "append_forever.py"
EVERYTHING = 1 << 40


@dataclass
class Log:
    """One log under test; closes what was opened on it."""

    url: str
    folder: Path
    project: str = "shop"
    opened: ExitStack = field(default_factory=ExitStack)

    def writer(self) -> LogWriter:
        return self.opened.enter_context(
            closing(open_writer(self.url, folder=self.folder, project=self.project))
        )

    def reader(self) -> LogReader:
        return self.opened.enter_context(
            closing(open_reader(self.url, folder=self.folder, project=self.project))
        )


KINDS = ["memory", "sqlite", pytest.param("kafka", marks=pytest.mark.kafka)]


@pytest.fixture(params=KINDS)
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Log]:
    yield from _log(request, tmp_path)


@pytest.fixture(params=KINDS[1:])
def durable_log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Log]:
    """A log that outlives the process that wrote it."""
    yield from _log(request, tmp_path)


def _log(request: pytest.FixtureRequest, folder: Path) -> Iterator[Log]:
    name = f"log-{uuid4().hex[:12]}"
    if request.param == "kafka":
        broker: Broker = request.getfixturevalue("kafka_broker")
        url = broker.url(name)
    else:
        url = {"memory": f"memory://{name}", "sqlite": "sqlite"}[request.param]
    log = Log(url, folder / "log")
    with log.opened:
        yield log


@dataclass
class Landed:
    """What a lander keeps: positions, and here the entries too."""

    positions: dict[str, int] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)

    @property
    def payloads(self) -> list[bytes]:
        return sorted(entry.payload for entry in self.entries)

    def take(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            assert entry.offset >= self.positions.get(entry.source, 0), "an entry came twice"
            self.positions[entry.source] = entry.offset + 1
        self.entries += entries

    def drain(self, reader: LogReader, *, max_bytes: int = EVERYTHING) -> Landed:
        while entries := reader.read(dict(self.positions), max_bytes=max_bytes):
            self.take(entries)
        return self

    def prune(self, reader: LogReader) -> list[str]:
        gone = reader.prune(dict(self.positions))
        for source in gone:
            self.positions.pop(source, None)
        return gone


def numbered(name: str, count: int) -> list[bytes]:
    return [f"{name}-{number:04}".encode() for number in range(count)]


def test_a_log_that_was_never_written_is_empty(log: Log) -> None:
    reader = log.reader()

    assert reader.read({}, max_bytes=EVERYTHING) == []
    assert reader.behind({}) == 0
    assert reader.prune({}) == []


def test_appending_nothing_is_answered_with_nothing(log: Log) -> None:
    assert log.writer().append([]) == []
    assert log.reader().behind({}) == 0


def test_a_writer_that_is_asked_whether_it_can_write_leaves_no_record(log: Log) -> None:
    writer = log.writer()
    assert writer.problem() == ""
    writer.append([b"one"])
    assert [writer.problem() for _ in range(3)] == ["", "", ""]
    assert Landed().drain(log.reader()).payloads == [b"one"]


def test_what_is_appended_is_read_once_and_unchanged(log: Log) -> None:
    records = [b"{}", "ünïcode \u0000".encode(), b"", bytes(range(256))]

    assert log.writer().append(records) == [True] * 4

    reader = log.reader()
    assert reader.behind({}) == 4
    landed = Landed().drain(reader)
    assert landed.payloads == sorted(records)
    assert reader.behind(landed.positions) == 0
    assert {source: end for source, end in reader.ends({}).items() if end} == landed.positions


def test_reading_goes_on_from_the_positions_given(log: Log) -> None:
    writer, reader = log.writer(), log.reader()
    writer.append(numbered("a", 10))
    landed = Landed().drain(reader)

    writer.append(numbered("b", 10))

    assert reader.behind(landed.positions) == 10
    assert landed.drain(reader).payloads == numbered("a", 10) + numbered("b", 10)


def test_the_same_positions_give_the_same_entries_again(log: Log) -> None:
    """A lander whose transaction failed reads again from where it was."""
    writer, reader = log.writer(), log.reader()
    writer.append(numbered("a", 20))

    first = Landed().drain(reader)
    again = Landed().drain(reader)

    assert sorted(again.entries, key=_place) == sorted(first.entries, key=_place)


def test_a_reader_that_is_opened_anew_goes_on_where_the_old_one_was(log: Log) -> None:
    log.writer().append(numbered("a", 50))
    landed = Landed()
    first = log.reader()
    landed.take(first.read({}, max_bytes=40))
    first.close()

    assert landed.drain(log.reader()).payloads == numbered("a", 50)


def test_a_read_is_bounded_by_bytes_but_never_stuck(log: Log) -> None:
    log.writer().append([b"x" * 1000] * 40)
    reader, landed = log.reader(), Landed()

    while entries := reader.read(landed.positions, max_bytes=4500):
        assert 1 <= len(entries) <= 4
        landed.take(entries)
    assert len(landed.entries) == 40

    assert len(reader.read({}, max_bytes=1)) == 1, "a record larger than the bound comes alone"


def test_records_of_900_kilobytes_pass(log: Log) -> None:
    records = [os.urandom(900_000) for _ in range(5)]

    assert log.writer().append(records) == [True] * 5
    assert Landed().drain(log.reader(), max_bytes=2_000_000).payloads == sorted(records)


def test_order_is_kept_within_a_source(log: Log) -> None:
    writer = log.writer()
    for batch in range(20):
        writer.append([f"{batch * 5 + n:04}".encode() for n in range(5)])

    landed = Landed().drain(log.reader(), max_bytes=100)

    for source in landed.positions:
        payloads = [entry.payload for entry in landed.entries if entry.source == source]
        assert payloads == sorted(payloads)
    assert len(landed.entries) == 100


def test_two_writers_at_once_and_a_reader_lose_and_double_nothing(log: Log) -> None:
    def write(name: str) -> None:
        writer = log.writer()
        for start in range(0, 200, 10):
            assert writer.append(numbered(name, 200)[start : start + 10]) == [True] * 10

    threads = [threading.Thread(target=write, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    reader, landed = log.reader(), Landed()
    while any(thread.is_alive() for thread in threads):
        landed.drain(reader, max_bytes=300)
        landed.prune(reader)
    for thread in threads:
        thread.join()

    assert landed.drain(reader).payloads == numbered("a", 200) + numbered("b", 200)


def test_pruning_spares_what_is_not_landed(log: Log) -> None:
    writer, reader = log.writer(), log.reader()
    writer.append(numbered("a", 10))
    writer.close()
    landed = Landed()
    landed.take(reader.read({}, max_bytes=30))

    assert landed.prune(reader) == []
    assert landed.drain(reader).payloads == numbered("a", 10)


def test_pruning_spares_what_may_still_grow(log: Log) -> None:
    writer, reader = log.writer(), log.reader()
    writer.append(numbered("a", 10))
    landed = Landed().drain(reader)

    assert landed.prune(reader) == []
    assert writer.append(numbered("b", 10)) == [True] * 10
    assert landed.drain(reader).payloads == numbered("a", 10) + numbered("b", 10)


def test_after_pruning_nothing_comes_twice_and_new_records_come(log: Log) -> None:
    writer, reader = log.writer(), log.reader()
    writer.append(numbered("a", 10))
    writer.close()
    landed = Landed().drain(reader)
    before = dict(landed.positions)
    landed.prune(reader)

    assert reader.behind(landed.positions) == 0
    assert reader.behind(before) == 0, "a position whose source was pruned does no harm"
    log.writer().append(numbered("b", 10))
    assert landed.drain(reader).payloads == numbered("a", 10) + numbered("b", 10)


def test_a_position_beyond_the_end_is_a_gap(log: Log) -> None:
    log.writer().append(numbered("a", 3))
    reader = log.reader()
    landed = Landed().drain(reader)
    wrong = {source: position + 1 for source, position in landed.positions.items()}

    with pytest.raises(LogGap, match="belong together"):
        reader.behind(wrong)
    try:
        assert reader.read(wrong, max_bytes=EVERYTHING) == [], (
            "nothing of it, where other sources are read on"
        )
    except LogGap as error:
        assert "belong together" in str(error)


def test_projects_do_not_see_each_other(log: Log) -> None:
    other = Log(log.url, log.folder.parent / "other", project="other")
    with other.opened:
        log.writer().append(numbered("a", 3))
        other.writer().append(numbered("b", 3))

        assert Landed().drain(log.reader()).payloads == numbered("a", 3)
        assert Landed().drain(other.reader()).payloads == numbered("b", 3)


def test_a_writer_can_be_closed_twice_and_used_again(log: Log) -> None:
    writer = log.writer()
    writer.append([b"a"])
    writer.close()
    writer.close()

    assert writer.append([b"b"]) == [True]
    assert Landed().drain(log.reader()).payloads == [b"a", b"b"]


def test_a_killed_writer_loses_nothing_that_was_acknowledged(durable_log: Log) -> None:
    log = durable_log
    command = [sys.executable, str(APPEND_FOREVER), log.url, str(log.folder), log.project, "k"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        acknowledged = {process.stdout.readline().strip() for _ in range(200)}
        process.kill()
        acknowledged |= {line.strip() for line in process.stdout if line.endswith(b"\n")}

    reader = log.reader()
    landed = Landed().drain(reader, max_bytes=20_000)
    names = [payload.split()[0] for payload in landed.payloads]
    assert acknowledged <= set(names)
    assert len(names) == len(set(names))

    landed.prune(reader)
    assert reader.behind(landed.positions) == 0
    log.writer().append([b"after"])
    assert b"after" in landed.drain(reader).payloads


def _place(entry: Entry) -> tuple[str, int]:
    return entry.source, entry.offset
