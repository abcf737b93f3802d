"""A backup of a service that takes events, lands, publishes and prunes meanwhile, whenever it is made."""

from __future__ import annotations

import os
import random
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from blank import open_warehouse
from chaos.load import Load
from landed import NOW, land, thumb
from processes import wait_until
from sayso_ingest.analysis import catalog
from sayso_ingest.eventlog import open_reader
from sayso_ingest.eventlog.sqlite import SqliteWriter
from sayso_ingest.lander import Lander
from sayso_ingest.operate import ensure_project
from sayso_ingest.operate.backup import restore
from sayso_ingest.places import live_warehouse, log_folder, project_folder
from sayso_ingest.record import Submission, encode_json, pack, unpack
from sayso_ingest.warehouse import Published, Publisher
from sayso_ingest.warehouse.connect import open_published
from service import Service, run

pytestmark = pytest.mark.slow
BACKUPS = int(os.environ.get("BACKUPS", "2"))
STORED = (
    "SELECT event_id::VARCHAR FROM events UNION ALL SELECT event_id FROM rejects WHERE event_id IS NOT NULL"
)


class Traffic:
    """A writer whose files are tiny, and a lander that publishes and prunes all the time, in threads."""

    def __init__(self, data: Path) -> None:
        self.acknowledged: list[str] = []
        self.pruned = 0
        self._folder = project_folder(data, "default")
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=work) for work in (self._write, self._land)]

    @contextmanager
    def running(self) -> Iterator[None]:
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join()

    def _write(self) -> None:
        with closing(SqliteWriter(log_folder(self._folder), rotate_bytes=3000)) as writer:
            while not self._stop.wait(0.002):
                event_id = str(uuid4())
                submission = Submission(
                    "key_1", "sk", NOW.isoformat(), events=[encode_json(thumb(id=event_id))]
                )
                assert all(writer.append(pack([submission]).records))
                self.acknowledged.append(event_id)

    def _land(self) -> None:
        chance = random.Random(11)
        reader = open_reader("sqlite", folder=log_folder(self._folder), project="default")
        warehouse = open_warehouse(self._folder, views=catalog())
        with closing(Lander(reader, warehouse, Publisher(warehouse, self._folder, interval=0.05))) as lander:
            while not self._stop.wait(chance.choice([0.0, 0.01, 0.05])):
                lander.step()
                lander.publish_if_due()


def ids_in(backup: Path) -> list[str]:
    """All ids that a backup has: those in its warehouse, refused or not, and those of records that are to be landed."""
    folder = project_folder(backup, "default")
    found: list[str] = []
    positions: dict[str, int] = {}
    if live_warehouse(folder).exists():
        with closing(open_published(live_warehouse(folder))) as copy:
            found += [row[0] for row in copy.execute(STORED).fetchall()]
            positions |= copy.execute("SELECT source, next_offset FROM positions").fetchall()
    reader = open_reader("sqlite", folder=log_folder(folder), project="default")
    while entries := reader.read(positions, max_bytes=1 << 20):
        for entry in entries:
            for part in unpack(entry.payload):
                found += [event["id"] for event in part.events]
                found += [rejection.event_id for rejection in part.rejects]
            positions[entry.source] = entry.offset + 1
    return found


def test_whatever_was_acknowledged_before_it_began_is_in_it_once(tmp_path: Path) -> None:
    """Time after time, while files of the log end, land and go between any two steps of it."""
    data = tmp_path / "data"
    ensure_project(data, "default")
    traffic = Traffic(data)
    with traffic.running():
        for number in range(BACKUPS):
            wait_until(lambda n=number: len(traffic.acknowledged) > 20 * n)
            before = set(traffic.acknowledged)
            outcome = run("backup", "--data", data, "--to", tmp_path / "backup")
            assert outcome.returncode == 0, outcome.stderr
            found = ids_in(tmp_path / "backup")
            assert before - set(found) == set(), "acknowledged, and not in the backup"
            assert len(found) == len(set(found))
            shutil.rmtree(tmp_path / "backup")
    assert len(traffic.acknowledged) > 20 * BACKUPS


def test_a_service_under_load_whose_processes_are_killed_is_backed_up(tmp_path: Path) -> None:
    """Each kill of a collector ends a file of the log, and each of the lander leaves it between any two steps."""
    service = Service(tmp_path / "data")
    load = Load(service.url, service.secret)
    try:
        for number in range(2):
            wait_until(lambda n=number: len(load.made) > 200 * (n + 1))
            os.kill(service.room("land") if number % 2 else service.workers()[0], signal.SIGKILL)
            before = set(load.made)
            outcome = run("backup", "--data", service.data, "--to", tmp_path / f"backup{number}")
            assert outcome.returncode == 0, outcome.stderr
            assert before - set(ids_in(tmp_path / f"backup{number}")) == set()
    finally:
        load.stop()
        service.stop()
    restore(tmp_path / "backup1", tmp_path / "again")
    again = project_folder(tmp_path / "again", "default")
    land(again)
    with Published.open(again) as copy:
        [(events, each)] = copy.table("SELECT count(*), count(DISTINCT event_id) FROM events")[1]
        landed = {str(row[0]) for row in copy.table(STORED)[1]}
    assert events == each
    assert before - landed == set()
