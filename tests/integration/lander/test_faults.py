"""What befalls a lander from outside: a log that was put back, a full disk at each step, a clock that jumps."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sayso_ingest.event import Reason, Rejection
from sayso_ingest.eventlog import LogWriter, open_reader, open_writer
from sayso_ingest.lander import Lander
from sayso_ingest.record import Submission, encode_json, pack
from sayso_ingest.settings import log_folder
from sayso_ingest.warehouse import Published, Publisher, Warehouse

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def thumb(value: str | None = "up", **fields: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "kind": "thumb",
        "target": "m1",
        "actor": "ann",
        "body": {"value": value},
        "verified": True,
        **fields,
    }


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
    warehouse = Warehouse.open(folder)
    reader = open_reader("sqlite", folder=log_folder(folder), project="p")
    return Lander(reader, warehouse, Publisher(warehouse, folder, interval=0), now=lambda: NOW)


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
