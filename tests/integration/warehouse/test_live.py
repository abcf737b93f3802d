"""The live file knows every id that landed, whatever its age, and takes no fault of its own for one of the rows."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from blank import open_warehouse
from hypothesis import given
from hypothesis import strategies as st
from integration.lander.agreement import examples
from sayso_ingest.errors import UnstorableBatch, WarehouseError
from sayso_ingest.warehouse import Batch, Published, Publisher, Store, connect

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def warehouse(store: Callable[..., Store], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = store(tmp_path_factory.mktemp("project"))
    yield opened
    opened.close()


def batch(warehouse: Store, ids: list[str], **columns: list[Any]) -> Batch:
    hashes = [int(i[-8:], 16) for i in ids]
    made = {"event_id": ids, "kind": ["thumb"] * len(ids), "content_hash": hashes, **columns}
    return Batch(events=[warehouse.rows(made)])


def made(minutes: int) -> str:
    """A UUID of version 7 made so many minutes after some time."""
    ms = f"{1_770_000_000_000 + minutes * 60_000:012x}"
    return f"{ms[:8]}-{ms[8:]}-7000-8000-{uuid.uuid4().hex[:12]}"


IDS = st.lists(st.integers(0, 20_000).map(made) | st.uuids(version=4).map(str), max_size=12, unique=True)


@examples(4)  # a lake takes seconds for each, and is asked for fewer
@given(landed=IDS, others=IDS, again=st.booleans())
def test_every_id_that_landed_is_known(
    warehouse: Store, landed: list[str], others: list[str], again: bool
) -> None:
    """Old and new, of any version, also after the file was opened again; and no other is."""
    warehouse.land(batch(warehouse, landed), now=NOW)
    if again:
        warehouse.reopen()
    known = warehouse.stored([*others, *landed])
    assert known == {each: int(each[-8:], 16) for each in landed}
    everything = [str(row[0]) for row in warehouse.query("SELECT event_id FROM events")]
    assert set(warehouse.stored(everything)) == set(everything)


def test_ids_that_a_killed_lander_committed_are_known(tmp_path: Path) -> None:
    """The filter is made anew from the file, what waits in its WAL included."""
    event_id = made(1)
    child = (
        "import os, sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from sayso_ingest.warehouse import Batch, Warehouse\n"
        "warehouse = Warehouse.open(Path(sys.argv[1]))\n"
        "table = {'event_id': [sys.argv[2]], 'kind': ['thumb'], 'content_hash': [5]}\n"
        "warehouse.land(Batch(events=[warehouse.rows(table)]), now=datetime.now(UTC)); os.kill(os.getpid(), 9)"
    )
    ended = subprocess.run([sys.executable, "-c", child, str(tmp_path), event_id], check=False)
    assert ended.returncode == -9
    warehouse = open_warehouse(tmp_path)
    assert warehouse.stored([event_id, made(2)]) == {event_id: 5}
    warehouse.close()


def test_what_was_rolled_back_is_not_known(warehouse: Store) -> None:
    """The filter took it in before the commit, the search in the file says that it is not there."""
    event_id = made(3)
    bad = batch(warehouse, [event_id], of=["no uuid"])
    assert not warehouse.can_store(bad.events[0])
    with pytest.raises(WarehouseError):
        warehouse.land(bad, now=NOW)
    assert warehouse.stored([event_id]) == {}
    warehouse.land(batch(warehouse, [event_id]), now=NOW)
    assert list(warehouse.stored([event_id])) == [event_id]


def test_the_remembered_landing_is_that_of_the_file(warehouse: Store) -> None:
    """After each landing, after one that failed, and after the file was opened again."""

    def is_right() -> bool:
        return [(warehouse.landing(),)] == warehouse.query("SELECT landing FROM progress")

    before = warehouse.landing()
    for step, event_id in enumerate((made(4), made(5)), start=1):
        warehouse.land(batch(warehouse, [event_id]), now=NOW)
        assert warehouse.landing() == before + step
        assert is_right()
    with pytest.raises(UnstorableBatch):
        warehouse.land(batch(warehouse, [made(6)], about=["no uuid"]), now=NOW)
    assert warehouse.landing() == before + 2
    assert is_right()
    warehouse.reopen()
    assert warehouse.landing() == before + 2


def test_a_file_at_fault_is_not_laid_on_the_rows(tmp_path: Path) -> None:
    """A table that was changed by hand takes no row at all: that is an error of the file, and nobody's reject."""
    warehouse = open_warehouse(tmp_path)
    warehouse.check_storing()
    warehouse.query("ALTER TABLE events ADD COLUMN mine INTEGER DEFAULT ('no number'::INTEGER)")
    with pytest.raises(WarehouseError, match="does not even take an ordinary row"):
        warehouse.check_storing()
    warehouse.close()


def test_a_live_file_older_than_what_was_published_is_refused(tmp_path: Path) -> None:
    """A backup of the live file was put back, and the published copy knows more: which one holds, a person says."""
    warehouse = open_warehouse(tmp_path)
    warehouse.land(batch(warehouse, [made(1)]), now=NOW)
    warehouse.checkpoint()
    backup = warehouse.path.read_bytes()
    warehouse.land(batch(warehouse, [made(2)]), now=NOW)
    publisher = Publisher(warehouse, tmp_path, interval=0)
    publisher.start(now=NOW)
    assert publisher.poll(wait=True)
    warehouse.close()
    path = warehouse.path
    path.write_bytes(backup)
    with pytest.raises(WarehouseError, match=r"landing 1 .* landing 2") as refused:
        open_warehouse(tmp_path)
    command = str(refused.value).split("go on from it: ")[1].split("\n")[0]
    subprocess.run(command, shell=True, check=True)
    restored = open_warehouse(tmp_path)
    assert len(restored.query("FROM events")) == 2
    restored.close()
    with Published.open(tmp_path) as copy:
        assert len(copy.table("FROM events")[1]) == 2


def test_a_live_file_takes_no_more_memory_than_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much there is in the machine, so that collectors and readers on it have theirs."""
    monkeypatch.setattr(connect, "MEMORY", 64 << 20)
    opened = open_warehouse(tmp_path)
    assert opened.query("SELECT current_setting('memory_limit')") == [("64.0 MiB",)]
    opened.close()
