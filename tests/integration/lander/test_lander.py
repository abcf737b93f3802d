"""What is in the log lands once, whatever happens on the way."""

from __future__ import annotations

import uuid
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from blank import open_warehouse
from landed import event, thumb
from sayso_ingest.errors import LogError
from sayso_ingest.event import Reason, Rejection
from sayso_ingest.eventlog import Entry, LogReader, MemoryLog
from sayso_ingest.eventlog.base import Positions
from sayso_ingest.eventlog.files_first import FilesFirst
from sayso_ingest.lander import Lander
from sayso_ingest.record import Submission, encode_json, pack
from sayso_ingest.warehouse import Published, Publisher, Warehouse

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def submission(*events: dict[str, Any], **fields: Any) -> Submission:
    return Submission(
        "key_1", "sk", "2026-03-01T12:00:00Z", events=[encode_json(e) for e in events], **fields
    )


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


@pytest.fixture
def send(log: MemoryLog) -> Callable[..., None]:
    writer = log.writer()

    def append(*submissions: Submission) -> None:
        assert all(writer.append(pack(submissions).records))

    return append


def open_lander(log: MemoryLog, folder: Path) -> Lander:
    warehouse = open_warehouse(folder)
    return Lander(log.reader(), warehouse, Publisher(warehouse, folder, interval=0), now=lambda: NOW)


@pytest.fixture
def lander(log: MemoryLog, tmp_path: Path) -> Iterator[Lander]:
    opened = open_lander(log, tmp_path)
    yield opened
    opened.close()


class Coming:
    """A log to which somebody appends whenever it is read."""

    def __init__(self, reader: LogReader, append: Callable[[], object]) -> None:
        self._reader = reader
        self._append = append

    def read(self, positions: Positions, *, max_bytes: int) -> list[Entry]:
        self._append()
        return self._reader.read(positions, max_bytes=max_bytes)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)


class Holed(Coming):
    """The same with a source that says it goes on, and of which nothing can be read."""

    def ends(self, positions: Positions) -> Positions:
        return {**self._reader.ends(positions), "broken": 7}


def published(lander: Lander, folder: Path, sql: str) -> list[tuple[Any, ...]]:
    while lander.step():
        pass
    lander.publish_if_due(last=True)
    with Published.open(folder) as copy:
        return copy.table(sql)[1]


def test_events_land_and_are_published(lander: Lander, send: Callable[..., None], tmp_path: Path) -> None:
    """From the log to a copy that a reader opens."""
    send(submission(thumb(), thumb("down", target="m2")))
    assert published(lander, tmp_path, "SELECT target, value FROM verdicts ORDER BY 1") == [
        ("m1", "up"),
        ("m2", "down"),
    ]


def test_catching_up_ends_though_more_keeps_coming(
    log: MemoryLog, send: Callable[..., None], tmp_path: Path
) -> None:
    """With all that was there before it began."""
    before = [thumb() for _ in range(3)]
    send(*(submission(event) for event in before))
    warehouse = open_warehouse(tmp_path)
    lander = Lander(
        Coming(log.reader(), lambda: send(submission(thumb()))),
        warehouse,
        Publisher(warehouse, tmp_path, interval=0),
    )
    assert lander.catch_up() == 1
    assert warehouse.stored([event["id"] for event in before]).keys() == {event["id"] for event in before}
    lander.close()


def test_catching_up_lands_all_of_a_topic_beside_files_that_somebody_goes_on_writing(tmp_path: Path) -> None:
    """A batch of a few events out of a file is no sign that nothing is left of the topic."""
    files, topic = MemoryLog(), MemoryLog()
    forgotten, collector = files.writer(), topic.writer()
    before = [thumb() for _ in range(12)]
    for one in before:
        collector.append(pack([submission(one)]).records)
    warehouse = open_warehouse(tmp_path)
    publisher = Publisher(warehouse, tmp_path)
    reader = FilesFirst(
        Coming(files.reader(), lambda: forgotten.append(pack([submission(thumb())]).records)), topic.reader()
    )
    lander = Lander(reader, warehouse, publisher, batch_bytes=len(pack([submission(thumb())]).records[0]) * 2)
    lander.catch_up()
    assert warehouse.stored([event["id"] for event in before]).keys() == {event["id"] for event in before}
    lander.abandon()


def test_catching_up_ends_where_something_cannot_be_landed_and_more_keeps_coming(
    log: MemoryLog, send: Callable[..., None], tmp_path: Path
) -> None:
    """As of a file with a hole at its end."""
    warehouse = open_warehouse(tmp_path)
    lander = Lander(
        Holed(log.reader(), lambda: send(submission(thumb()))), warehouse, Publisher(warehouse, tmp_path)
    )
    assert lander.catch_up() == 3
    lander.abandon()


def test_a_repeat_lands_once_and_is_counted(
    lander: Lander, send: Callable[..., None], tmp_path: Path
) -> None:
    """In the same record, in another record, and after the first one has landed."""
    event = thumb()
    send(submission(event, event))
    send(submission(event))
    lander.step()
    send(submission(event))
    assert published(lander, tmp_path, "SELECT count(*) FROM events") == [(1,)]
    with Published.open(tmp_path) as copy:
        assert copy.table("SELECT hop, reason, n FROM losses")[1] == [("lander", "repeat", 3)]


def test_an_id_used_again_for_something_else_is_kept_as_a_reject(
    lander: Lander, send: Callable[..., None], tmp_path: Path
) -> None:
    """The first copy holds; the other one is not lost."""
    event = thumb()
    send(submission(event, {**event, "body": {"value": "down"}}))
    lander.step()
    send(submission({**event, "target": "elsewhere"}))
    rejects = published(
        lander, tmp_path, "SELECT reason, event_id, raw FROM rejects ORDER BY landed_at, reject_id"
    )
    assert [r[0] for r in rejects] == ["id_reused", "id_reused"]
    assert {r[1] for r in rejects} == {event["id"]}
    assert any(b"elsewhere" in r[2] for r in rejects)
    with Published.open(tmp_path) as copy:
        assert copy.table("SELECT value FROM verdicts")[1] == [("up",)]


def test_rejects_land_with_their_raw_bytes(lander: Lander, send: Callable[..., None], tmp_path: Path) -> None:
    """Reason, detail, length and hash of what the collector refused."""
    rejection = Rejection.of(b"{broken", Reason.INVALID_JSON, detail={"line": 1})
    send(Submission("key_2", "pk", "2026-03-01T12:00:00Z", rejects=[rejection]))
    rows = published(lander, tmp_path, "SELECT reason, detail, raw, length, sha256, key_id FROM rejects")
    assert rows == [("invalid_json", '{"line":1}', b"{broken", 7, rejection.sha256, "key_2")]


def test_what_clients_say_they_dropped_is_counted(
    lander: Lander, send: Callable[..., None], tmp_path: Path
) -> None:
    """And a report that makes no sense stops nothing."""
    send(
        submission(thumb(), report={"dropped": {"queue_full": 2, "odd": "x", "negative": -1}}),
        submission(report={"dropped": [1]}),
        submission(report={"dropped": {"queue_full": 3}}),
    )
    assert published(lander, tmp_path, "SELECT hop, reason, n FROM losses") == [("client", "queue_full", 5)]


def test_a_total_that_a_client_reports_again_counts_once(
    lander: Lander, send: Callable[..., None], tmp_path: Path
) -> None:
    """Beside what another client, another key and reports without a client say; in one landing and in several."""
    one, other = str(uuid.uuid4()), str(uuid.uuid4())

    def report(dropped: int, client: str | None, key: str = "key_1") -> Submission:
        said = {"dropped": {"queue_full": dropped}} | ({"client": client} if client else {})
        return Submission(key, "sk", "2026-03-01T12:00:00Z", report=said)

    send(report(2, one), report(5, one.upper()), report(5, one), report(4, other), report(1, None))
    lander.step()
    send(report(3, one), report(6, one), report(1, None), report(10, one, key="key_2"))
    by_key = "SELECT key_id, hop, reason, n FROM losses ORDER BY key_id"
    assert published(lander, tmp_path, by_key) == [
        ("key_1", "client", "queue_full", 6 + 4 + 2),
        ("key_2", "client", "queue_full", 10),
    ]


def test_one_row_that_cannot_be_stored_is_found_and_kept(
    lander: Lander, send: Callable[..., None], tmp_path: Path
) -> None:
    """A number outside of a column's range, in the midst of good rows."""
    events = [thumb(target=f"m{n}") for n in range(20)]
    events[13] = thumb(target="bad", seq=2**63)
    send(submission(*events))
    assert published(lander, tmp_path, "SELECT count(*) FROM events") == [(19,)]
    with Published.open(tmp_path) as copy:
        assert copy.table("SELECT reason, event_id FROM rejects")[1] == [("unstorable", events[13]["id"])]


def test_texts_that_are_hard_to_store_are_stored_as_they_are(
    lander: Lander, send: Callable[..., None], tmp_path: Path
) -> None:
    """NUL, emoji, right-to-left, and numbers larger than any column in free fields."""
    text = "a\0b 👩‍👩‍👧 עברית é"
    event = thumb(body={"text": text}, kind="comment", meta={"n": 10**300, "nul": "\0"})
    send(submission(event))
    assert published(lander, tmp_path, "SELECT text, meta->>'n' FROM events") == [(text, "1" + "0" * 300)]


def test_a_lander_that_starts_again_goes_on_where_rows_say(
    log: MemoryLog, send: Callable[..., None], tmp_path: Path
) -> None:
    """Positions stand in the warehouse, with the rows."""
    first = open_lander(log, tmp_path)
    send(submission(thumb()))
    assert first.step()
    first.close()
    second = open_lander(log, tmp_path)
    assert not second.step()
    send(submission(thumb(target="m2")))
    assert published(second, tmp_path, "SELECT count(*) FROM events") == [(2,)]
    second.close()


def test_sources_are_pruned_only_behind_a_checkpoint(log: MemoryLog, tmp_path: Path) -> None:
    """What is landed stays in the log until the file itself holds it."""
    writer = log.writer()
    writer.append(pack([submission(thumb())]).records)
    writer.close()
    lander = open_lander(log, tmp_path)
    lander.step()
    reader = log.reader()
    assert len(reader.read({}, max_bytes=10**6)) == 1
    lander.publish_if_due(last=True)
    assert reader.read({}, max_bytes=10**6) == []
    with Published.open(tmp_path) as copy:
        assert copy.table("SELECT count(*) FROM events")[1] == [(1,)]
    lander.close()


def test_a_whole_number_written_as_a_fraction_is_the_same_event(
    lander: Lander, send: Callable[..., None], tmp_path: Path
) -> None:
    """5 and 5.0: some clients write the one for the other when they send again."""
    event = thumb(kind="rating", body={"value": 5, "max": 5})
    send(submission(event, {**event, "body": {"value": 5.0, "max": 5.0}}))
    assert published(lander, tmp_path, "SELECT count(*) FROM events") == [(1,)]
    with Published.open(tmp_path) as copy:
        assert copy.table("SELECT count(*) FROM rejects")[1] == [(0,)]


def test_a_survival_that_is_taken_back_does_not_count(
    lander: Lander, send: Callable[..., None], tmp_path: Path
) -> None:
    """The one measured before it does."""
    accepted = thumb(kind="suggestion", body={"outcome": "accepted"})
    kept = [thumb(kind="suggestion", body={"survival": {"after_s": n, "kept": n / 100}}) for n in (30, 60)]
    taken_back = thumb(kind="retraction", body={"of": kept[1]["id"]})
    send(submission(accepted, *kept, taken_back))
    assert published(lander, tmp_path, "SELECT survival_after_s, survival_kept FROM suggestions") == [
        (30.0, 0.3)
    ]


def test_one_row_that_the_driver_refuses_is_found_and_kept(
    lander: Lander, send: Callable[..., None], tmp_path: Path
) -> None:
    """An id that is none, written by somebody else than our collector, in the midst of good rows of two kinds."""
    bad = thumb(kind="retraction", body={"of": "no id"})
    send(submission(*[thumb() for _ in range(9)], bad, thumb(kind="retraction", body={"of": thumb()["id"]})))
    assert published(lander, tmp_path, "SELECT count(*) FROM events") == [(10,)]
    with Published.open(tmp_path) as copy:
        assert copy.table("SELECT reason, event_id FROM rejects")[1] == [("unstorable", bad["id"])]


def test_what_was_read_ahead_of_a_gap_lands_before_the_gap_is_told(
    log: MemoryLog, send: Callable[..., None], tmp_path: Path
) -> None:
    """The batch in hand first; then the next step says what is wrong with the log, and nothing is skipped."""
    lander = open_lander(log, tmp_path)
    send(submission(thumb()), submission(thumb()))
    send(*[submission(thumb(kind="comment", body={"text": "x" * 800_000})) for _ in range(3)])
    log.writer().append([b'{"v":2,"parts":[]}'])
    send(*[submission(thumb(kind="comment", body={"text": "x" * 800_000})) for _ in range(6)])
    assert lander.step()
    with pytest.raises(LogError, match="Upgrade the lander"):
        while lander.step():
            pass
    assert lander._warehouse.query("SELECT count(*) >= 3 FROM events") == [(True,)]
    lander.abandon()


def test_what_is_read_ahead_lands_as_if_it_were_not(log: MemoryLog, tmp_path: Path) -> None:
    """In batches of a record each, of which one is read again because its source is back, or all at once."""
    first, second = log.writer(), log.writer()
    events = [thumb(target=f"m{n}") for n in range(12)]
    for n, one in enumerate(events):
        writer = (first, second)[n % 2]
        again = [events[n - 1]] if n else []
        assert all(writer.append(pack([submission(one, *again)]).records))
    said = []
    for name, batch_bytes in (("one by one", 1), ("at once", 1 << 30)):
        folder = tmp_path / name
        warehouse = open_warehouse(folder)
        publisher = Publisher(warehouse, folder, interval=0)
        lander = Lander(log.reader(), warehouse, publisher, batch_bytes=batch_bytes, now=lambda: NOW)
        assert lander.step()
        sources = warehouse.positions()
        gone = next(iter(sources))
        warehouse.forget([gone], now=NOW)  # as when its file was removed; it is there again at once
        lander.abandon()
        warehouse = open_warehouse(folder)
        publisher = Publisher(warehouse, folder, interval=0)
        lander = Lander(log.reader(), warehouse, publisher, batch_bytes=batch_bytes, now=lambda: NOW)
        while lander.step():
            pass
        said.append(
            (
                warehouse.query("SELECT target, event_id, log_source, log_offset FROM events ORDER BY ALL"),
                warehouse.query("SELECT sum(n) FROM counts WHERE reason = 'repeat'"),
                warehouse.positions(),
            )
        )
        lander.abandon()
    assert said[0] == said[1]
    assert len(said[0][0]) == 12
    assert said[0][1] == [(11,)]


def test_after_megabytes_of_texts_that_take_the_disk_minutes_readers_wait_a_minute_more(
    log: MemoryLog, send: Callable[..., None], tmp_path: Path
) -> None:
    """On a disk that takes a second for each 100 kB of a checkpoint, by a clock that only the disk moves."""
    seconds = 0.0

    class SlowDisk(Warehouse):
        def checkpoint(self) -> None:
            nonlocal seconds
            seconds += self.unsaved_bytes() / 100_000
            super().checkpoint()

    warehouse = SlowDisk.open(tmp_path)
    publisher = Publisher(warehouse, tmp_path, clock=lambda: seconds)
    lander = Lander(log.reader(), warehouse, publisher, now=lambda: NOW)
    texts = (b64encode(Random(n).randbytes(3000)).decode() for n in range(500))
    send(submission(*(event("comment", target="m", body={"text": text}) for text in texts)))
    assert lander.step()
    lander.publish_if_due(last=True)
    held_up = seconds
    assert held_up > 60  # or the rule that bounds it would have nothing to do
    send(submission(thumb()))
    assert lander.step()
    while not publisher.due():
        seconds += 1
    assert seconds - held_up <= 61
    lander.close()
