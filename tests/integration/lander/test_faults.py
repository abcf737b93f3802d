"""What befalls a lander from outside: a log that was put back, a full disk at each step, a clock that jumps."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from blank import open_warehouse
from disks import full, grow, mounted, read_only
from landed import thumb
from sayso_ingest.errors import WarehouseError
from sayso_ingest.event import Reason, Rejection
from sayso_ingest.eventlog import LandedMark, LogWriter, open_reader, open_writer, waiting_bytes
from sayso_ingest.lander import Lander
from sayso_ingest.lander.ahead import ReadAhead
from sayso_ingest.lander.read import read_entries
from sayso_ingest.places import log_folder
from sayso_ingest.record import Submission, encode_json, pack
from sayso_ingest.warehouse import Published, Publisher

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def append(writer: LogWriter, *events: dict[str, Any], received_at: datetime = NOW, **fields: Any) -> None:
    submission = Submission(
        "key_1", "sk", received_at.isoformat(), events=[encode_json(event) for event in events], **fields
    )
    assert all(writer.append(pack([submission]).records))


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[LogWriter]:
    with closing(open_writer("sqlite", folder=log_folder(tmp_path), project="p")) as opened:
        yield opened


def open_lander(folder: Path) -> Lander:
    warehouse = open_warehouse(folder)
    reader = open_reader("sqlite", folder=log_folder(folder), project="p")
    minutes = count(step=60.0)  # every wait is over at the next look
    publisher = Publisher(warehouse, folder, interval=0, clock=lambda: next(minutes))
    return Lander(reader, warehouse, publisher, now=lambda: NOW)


def published(lander: Lander, folder: Path, sql: str) -> list[tuple[Any, ...]]:
    while lander.step():
        pass
    lander.publish_if_due(last=True)
    with Published.open(folder) as copy:
        return copy.table(sql)[1]


def test_a_reject_that_is_sent_again_is_kept_once(writer: LogWriter, tmp_path: Path) -> None:
    """In the same landing and in a later one; one without an id, of another key or for another reason is another."""

    def send(event_id: str | None = "e1", key_id: str = "key_1", reason: Reason = Reason.WRONG_TYPE) -> None:
        rejection = Rejection.of(b'{"id":"e1"}', reason, event_id=event_id)
        records = pack([Submission(key_id, "sk", NOW.isoformat(), rejects=[rejection])]).records
        assert all(writer.append(records))

    with closing(open_lander(tmp_path)) as lander:
        send()
        send()
        lander.step()
        send()
        send(event_id=None)
        send(event_id=None)
        send(key_id="key_2")
        send(reason=Reason.INVALID_VALUE)
        by_key = "SELECT key_id, count(*) FROM rejects GROUP BY 1 ORDER BY 1"
        assert published(lander, tmp_path, by_key) == [("key_1", 4), ("key_2", 1)]
        repeats = "SELECT key_id, n FROM losses WHERE reason = 'repeat'"
        assert published(lander, tmp_path, repeats) == [("key_1", 2)]


def test_a_source_that_was_removed_and_is_back_lands_nothing_twice(writer: LogWriter, tmp_path: Path) -> None:
    """Not its events, not its rejects, not what a client reported: a backup of a log was put back."""
    rejection = Rejection.of(b"{", Reason.INVALID_JSON)
    append(writer, thumb(), rejects=[rejection], report={"dropped": {"queue_full": 2}})
    writer.close()
    folder = log_folder(tmp_path)
    backup = {path.name: path.read_bytes() for path in folder.iterdir()}
    with closing(open_lander(tmp_path)) as lander:
        assert published(lander, tmp_path, "SELECT count(*) FROM events") == [(1,)]
        assert list(folder.iterdir()) == []

        for name, content in backup.items():
            (folder / name).write_bytes(content)
        sums = "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM rejects), sum(n)::INT FROM losses"
        assert published(lander, tmp_path, sums) == [(1, 1, 2 + 1)]


def comments(writer: LogWriter, number: int) -> None:
    """Some megabytes, which compress badly."""
    for _ in range(number):
        append(writer, thumb(kind="comment", body={"text": os.urandom(20_000).hex()}))


def holds_exactly(folder: Path, events: int) -> None:
    """A lander that starts now brings everything into the published copy, once."""
    with closing(open_lander(folder)) as lander:
        sums = "SELECT count(*), count(DISTINCT event_id) FROM events"
        assert published(lander, folder, sums) == [(events, events)]
    assert open_warehouse(folder).positions() == {}, "the log is removed behind it"


def test_a_disk_that_is_full_while_landing_costs_nothing(writer: LogWriter, tmp_path: Path) -> None:
    with mounted(tmp_path / "live", megabytes=16) as disk:
        comments(writer, 20)
        lander = open_lander(tmp_path)
        published(lander, tmp_path, "SELECT 1")
        comments(writer, 20)
        writer.close()
        with full(disk):
            with pytest.raises(WarehouseError, match="nothing was written"):
                lander.step()
            lander.abandon()
        holds_exactly(tmp_path, 40)


def test_a_disk_that_is_full_at_the_checkpoint_costs_nothing(writer: LogWriter, tmp_path: Path) -> None:
    """What is committed stands in the WAL, and the log is not removed before it stands in the file."""
    with mounted(tmp_path / "live", megabytes=16) as disk:
        comments(writer, 40)
        writer.close()
        lander = open_lander(tmp_path)
        assert lander.step()
        with full(disk):
            with pytest.raises(WarehouseError):
                lander.publish_if_due(last=True)
            lander.abandon()
        assert list(log_folder(tmp_path).glob("*.db"))
        holds_exactly(tmp_path, 40)


def test_a_disk_that_is_full_for_the_copy_leaves_readers_the_last_one(
    writer: LogWriter, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Landing goes on meanwhile, and the next copy is whole."""
    with (
        mounted(tmp_path / "project", megabytes=4) as disk,
        mounted(disk / "live", megabytes=64),
        closing(open_writer("sqlite", folder=log_folder(tmp_path), project="p")) as log,
    ):
        (disk / "log").symlink_to(log_folder(tmp_path))
        append(log, thumb())
        with closing(open_lander(disk)) as lander:
            assert published(lander, disk, "SELECT count(*) FROM events") == [(1,)]
            comments(log, 60)
            log.close()
            with full(disk):
                assert published(lander, disk, "SELECT count(*) FROM events") == [(1,)]
                assert "readers keep the last copy: " in caplog.text
                assert "No space left" in caplog.text
                assert {path.name for path in disk.iterdir()} == {
                    "live",
                    "log",
                    "ballast",
                    "warehouse.duckdb",
                }
            grow(disk, megabytes=64)
            assert published(lander, disk, "SELECT count(*) FROM events") == [(61,)]


@pytest.mark.parametrize("place", ["live", "."])
def test_a_folder_that_is_read_only_costs_nothing(writer: LogWriter, tmp_path: Path, place: str) -> None:
    """The live file's, and the project's, where copies are published."""
    comments(writer, 2)
    with closing(open_lander(tmp_path)) as lander:
        published(lander, tmp_path, "SELECT 1")
    comments(writer, 2)
    writer.close()
    with read_only(tmp_path / place), suppress(WarehouseError):
        lander = open_lander(tmp_path)
        lander.step()
        lander.publish_if_due(last=True)
        lander.abandon()
    holds_exactly(tmp_path, 4)


def test_a_second_lander_is_refused_and_the_first_one_works_on(writer: LogWriter, tmp_path: Path) -> None:
    append(writer, thumb())
    with closing(open_lander(tmp_path)) as lander:
        code = (
            "import sys; from pathlib import Path; from sayso_ingest.warehouse import Warehouse\n"
            "from sayso_ingest.errors import WarehouseLocked\n"
            "try: Warehouse.open(Path(sys.argv[1]))\n"
            "except WarehouseLocked as error: print(error)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], check=True, capture_output=True, text=True
        )
        assert "One lander at a time writes it: stop the other one" in done.stdout
        assert published(lander, tmp_path, "SELECT count(*) FROM events") == [(1,)]


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
def test_the_order_of_a_clients_events_is_its_own_whatever_the_collectors_clock_does(
    writer: LogWriter, tmp_path: Path, jump: timedelta
) -> None:
    """Said down first and up later, received by a collector whose clock is a day wrong by then."""
    times = [NOW, NOW + timedelta(seconds=5)]
    for value, said_at, received_at in zip(("down", "up"), times, (NOW, NOW + jump), strict=True):
        append(writer, thumb(value, occurred_at=said_at.isoformat()), received_at=received_at)
    with closing(open_lander(tmp_path)) as lander:
        assert published(lander, tmp_path, "SELECT value FROM verdicts") == [("up",)]


def test_ids_from_a_wrong_clock_land_like_others(writer: LogWriter, tmp_path: Path) -> None:
    """The first id of version 7 that there is, the last one, and one of today; each of them twice."""
    ids = [f"{time:08x}-{time & 0xFFFF:04x}-7000-8000-000000000000" for time in (0, 0xFFFFFFFF, 0x0196CBAE)]
    for event_id in [*ids, *ids]:
        append(writer, thumb(id=event_id, target=event_id))
    with closing(open_lander(tmp_path)) as lander:
        assert published(lander, tmp_path, "SELECT count(*) FROM events") == [(3,)]
        assert published(lander, tmp_path, "SELECT n FROM losses") == [(3,)]


def test_what_waits_is_known_also_under_traffic_that_never_ends(writer: LogWriter, tmp_path: Path) -> None:
    """Each read finds something; what was there before it has landed after it."""
    log, mark = log_folder(tmp_path), tmp_path / "landed"
    warehouse = open_warehouse(tmp_path)
    reader = open_reader("sqlite", folder=log, project="p")
    lander = Lander(reader, warehouse, Publisher(warehouse, tmp_path), mark=LandedMark(log, mark))
    append(writer, thumb())
    assert waiting_bytes(log, mark) > 0
    assert lander.step()
    assert waiting_bytes(log, mark) == 0
    lander.abandon()


def test_catching_up_lands_all_that_can_be_read_of_a_file_with_a_damaged_end(
    writer: LogWriter, tmp_path: Path
) -> None:
    """Or what is left of it would land after an erasure has looked for what is somebody's."""
    for _ in range(40):
        append(writer, thumb(context={"page": "x" * 400}))
    writer.close()
    [file] = log_folder(tmp_path).glob("*.db")
    file.write_bytes(file.read_bytes()[:-4096] + b"\xff" * 4096)
    warehouse = open_warehouse(tmp_path)
    reader = open_reader("sqlite", folder=log_folder(tmp_path), project="p")
    with closing(Lander(reader, warehouse, Publisher(warehouse, tmp_path), batch_bytes=4000)) as lander:
        assert lander.catch_up() > 1
        assert lander.landed.events > 20
        assert not lander.step()


def test_a_file_that_cannot_be_read_is_not_told_to_have_landed(writer: LogWriter, tmp_path: Path) -> None:
    """Or nothing would be left free for landing it once it can be, as when it has its rights again."""
    append(writer, thumb())
    log, mark = log_folder(tmp_path), tmp_path / "landed"
    [file] = log.glob("*.db")
    unlanded = waiting_bytes(log, mark)
    with closing(open_warehouse(tmp_path)) as warehouse:
        reader, landed = open_reader("sqlite", folder=log, project="p"), LandedMark(log, mark)
        ahead = ReadAhead(
            reader, lambda some: read_entries(some, warehouse.rows), batch_bytes=1 << 20, sizes=landed.sizes
        )
        for position, waiting in ((1, 0), (2, unlanded)):  # the second is beyond its end
            sizes = ahead.next({file.stem: position}).all_of
            assert sizes is not None
            landed.landed(sizes)
            assert waiting_bytes(log, mark) == waiting
        ahead.close()
