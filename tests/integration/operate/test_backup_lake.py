"""A backup of a lake has all that was acknowledged, in a file; restored into a lake or a file it goes on, once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb
import pytest
from lakes import PROJECT, Servers
from landed import NOW, append, event, land, thumb
from sayso_ingest.analysis import catalog
from sayso_ingest.errors import SaysoError, WarehouseError
from sayso_ingest.eventlog import open_reader
from sayso_ingest.lander import Lander
from sayso_ingest.lander.pruning import held
from sayso_ingest.operate import ensure_project, erased
from sayso_ingest.operate.backup import Manifest, back_up, check, restore
from sayso_ingest.operate.erasure.elsewhere import leftovers
from sayso_ingest.places import live_warehouse, log_folder, project_folder
from sayso_ingest.warehouse import (
    Belongings,
    Lake,
    LakePublisher,
    LakeWarehouse,
    Published,
    snapshot_lake,
    state_of,
)
from sayso_ingest.warehouse.connect import DriverError, in_memory
from sayso_ingest.warehouse.lake.attach import open_at
from service import run_here

pytestmark = pytest.mark.lake
ANN = "actor-ann-4711"


class Installation:
    """A data folder and its lake."""

    def __init__(self, data: Path, lake: Lake) -> None:
        self.folder, self.lake = project_folder(data, PROJECT), lake
        self.data = data
        self.acknowledged: list[str] = []

    def append(self, *events: dict[str, object]) -> None:
        append(self.folder, *events)
        self.acknowledged += [str(one["id"]) for one in events]

    def lander(self, *, upkeep: float = 600) -> Lander:
        """One that keeps nothing for readers, and looks after the lake every `upkeep` seconds."""
        warehouse = LakeWarehouse.open(self.lake, self.folder, views=catalog())
        reader = open_reader("sqlite", folder=log_folder(self.folder), project=PROJECT)
        publisher = LakePublisher(warehouse, interval=0, upkeep=upkeep, keep=0)
        return Lander(reader, warehouse, publisher, now=lambda: NOW)

    def land(self) -> None:
        with closing(self.lander()) as lander:
            while lander.step():
                pass

    @contextmanager
    def landing(self) -> Iterator[None]:
        """Append, land and look after the lake all the time, in a thread."""
        stop, lander = threading.Event(), self.lander(upkeep=0)

        def work() -> None:
            with closing(lander):
                while not stop.is_set():
                    self.append(thumb(target=f"m{len(self.acknowledged) % 7}"), thumb("down", actor="ben"))
                    lander.step()
                    lander.publish_if_due()

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def back_up(self, target: Path) -> Manifest:
        return back_up(self.data, target, log="sqlite", lake_of=lambda _: self.lake)


@pytest.fixture(scope="module")
def source(lake_servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """One that has landed what ann said and what many others said, in one landing."""
    data = tmp_path_factory.mktemp("lake") / "data"
    ensure_project(data, PROJECT)
    made = Installation(data, lake_servers.blank(data, catalog()))
    said = {"input": "why", "output": "so"}
    asked = event("interaction", target="m1", actor=ANN, body=said)
    made.append(asked, thumb(actor=ANN), *[thumb(target=f"n{n}") for n in range(200)])
    made.land()
    return made


@pytest.fixture(scope="module")
def backup(source: Installation, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest, set[str]]:
    """A backup that was made while the lander landed, published and removed; and what was acknowledged before."""
    target = tmp_path_factory.mktemp("backups") / "one"
    with source.landing():
        before = set(source.acknowledged)
        manifest = source.back_up(target)
    return target, manifest, before


def use(monkeypatch: pytest.MonkeyPatch, servers: Servers, lake: Lake) -> None:
    for name, value in servers.environ(lake).items():
        monkeypatch.setenv(name, value)


def ids_of(home: Path | Lake) -> list[str]:
    with Published.open(home) as copy:
        return [str(event_id) for (event_id,) in copy.table("SELECT event_id FROM events")[1]]


def test_a_backup_is_a_file_with_all_that_was_acknowledged_which_says_where_it_is_from(
    source: Installation, backup: tuple[Path, Manifest, set[str]]
) -> None:
    """DuckDB alone reads it, views and all."""
    target, manifest, before = backup
    assert check(target) == manifest
    entry = manifest.projects[PROJECT]
    assert (entry.lake, entry.events > 200) == (source.lake.address, True)
    assert entry.snapshot and entry.waiting is not None
    with duckdb.connect(live_warehouse(target / PROJECT), read_only=True) as connection:
        [(landing,)] = connection.execute("SELECT landing FROM progress").fetchall()
        ids = {str(one) for (one,) in connection.execute("SELECT event_id FROM events").fetchall()}
        asked = "SELECT DISTINCT input FROM feedback WHERE target = 'm1'"
        assert connection.execute(asked).fetchall() == [("why",)]
    assert landing == entry.landing
    # An append of the test's is a record.
    assert len(before - ids) <= 2 * entry.waiting


def test_restored_into_a_new_lake_it_goes_on_once(
    source: Installation,
    backup: tuple[Path, Manifest, set[str]],
    lake_servers: Servers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What waited in its log lands, what is sent again is a repeat, and all is accounted for."""
    target, manifest, before = backup
    again = Installation(tmp_path / "data", lake_servers.blank(tmp_path, catalog()))
    use(monkeypatch, lake_servers, again.lake)
    done = run_here("restore", target, "--data", again.data)
    assert done.returncode == 0, done.stderr
    assert f"snapshot {manifest.projects[PROJECT].snapshot} of {source.lake.address}" in done.stderr
    assert list((again.folder / "live").glob("warehouse.duckdb*")) == []
    assert len(ids_of(again.lake)) == manifest.projects[PROJECT].events
    again.append(*[thumb(id=one) for one in sorted(before)[:50]], thumb(actor="new"))
    again.land()
    ids = ids_of(again.lake)
    assert (before | {again.acknowledged[-1]}) - set(ids) == set()
    assert len(ids) == len(set(ids))
    assert run_here("verify", "--data", again.data).returncode == 0
    refused = run_here("restore", target, "--data", tmp_path / "other")
    assert (refused.returncode, "is not empty: it is at landing" in refused.stderr) == (1, True)
    assert not (tmp_path / "other").exists()


def test_restored_into_a_file_it_goes_on_as_a_file(
    backup: tuple[Path, Manifest, set[str]], tmp_path: Path
) -> None:
    target, _, before = backup
    restore(target, tmp_path / "data")
    folder = project_folder(tmp_path / "data", PROJECT)
    land(folder)
    ids = ids_of(folder)
    assert before - set(ids) == set()
    assert len(ids) == len(set(ids))


def test_until_all_is_in_the_lake_no_lander_begins_and_a_move_finishes_what_was_killed(
    backup: tuple[Path, Manifest, set[str]],
    lake_servers: Servers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nor where a service had published that lake while it was empty; and a backup made meanwhile has the file."""
    target, manifest, _ = backup
    again = Installation(tmp_path / "data", lake_servers.blank(tmp_path, catalog()))
    with closing(LakeWarehouse.open(again.lake, tmp_path / "elsewhere", views=catalog())) as empty:
        empty.fold(now=NOW)
    restore(target, again.data, lake_of=lambda _: again.lake)  # and killed before the second half
    with pytest.raises(WarehouseError, match="sayso warehouse move"):
        again.lander()
    made = again.back_up(tmp_path / "meanwhile").projects[PROJECT]
    assert (made.lake, made.events) == (None, manifest.projects[PROJECT].events)
    use(monkeypatch, lake_servers, again.lake)
    to = lake_servers.environ(again.lake)["SAYSO_WAREHOUSE"]
    assert run_here("warehouse", "move", "--to", to, "--data", again.data).returncode == 0
    assert len(set(ids_of(again.lake))) == manifest.projects[PROJECT].events


def test_nothing_that_a_copy_reads_goes_meanwhile_and_if_it_does_that_is_said(
    source: Installation, tmp_path: Path
) -> None:
    """A copy that lacked it silently would be taken for a whole one."""
    with closing(source.lander()) as lander:
        warehouse = lander._warehouse
        assert isinstance(warehouse, LakeWarehouse)
        state = state_of(source.lake)
        with held(source.folder / "live"):
            source.append(*[thumb("down", target=f"n{n}", actor="eve") for n in range(150)])
            lander.step()
            lander.publish_if_due(last=True)
            warehouse.look_after(keep=0)
            snapshot_lake(source.lake, state, tmp_path / "held.duckdb")
        with closing(in_memory()) as connection:
            open_at(source.lake, state.snapshot, beside=connection)
            warehouse.look_after(keep=0)
            with pytest.raises(DriverError):
                connection.execute("FROM lake.verdict_state")


def test_a_lake_that_is_behind_what_went_from_the_log_is_not_the_one(
    source: Installation, lake_servers: Servers, tmp_path: Path
) -> None:
    """A backup without what landed would be taken for a whole one."""
    other = lake_servers.new_lake()
    with pytest.raises(SaysoError, match="Is it the right lake"):
        back_up(source.data, tmp_path / "backup", log="sqlite", lake_of=lambda _: other)
    assert not (tmp_path / "backup").exists()


def test_whoever_was_erased_stays_so_when_an_older_state_is_put_into_a_lake(
    source: Installation,
    backup: tuple[Path, Manifest, set[str]],
    lake_servers: Servers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Readers of a lake see at once what is moved into it: so it waits in the file until that is done."""
    target, _, _ = backup
    erased.add(source.folder, set(source.acknowledged[:2]))  # as an erasure of ann does
    new = lake_servers.blank(tmp_path, catalog())
    use(monkeypatch, lake_servers, new)
    refused = run_here("restore", target, "--data", source.data, "--replace")
    assert refused.returncode == 1
    erase, move = (
        f"sayso {words}" for words in ("erase --again --yes --project default", "warehouse move --to")
    )
    assert f"SAYSO_WAREHOUSE=duckdb {erase}" in refused.stderr
    assert move in refused.stderr
    with pytest.raises(SaysoError, match="Nothing has been published"):
        Published.open(new)
    to = lake_servers.environ(new)["SAYSO_WAREHOUSE"]
    assert run_here("warehouse", "move", "--to", to, "--data", source.data).returncode == 1
    monkeypatch.setenv("SAYSO_WAREHOUSE", "duckdb")
    assert run_here("erase", "--again", "--yes", "--data", source.data).returncode == 0
    assert run_here("warehouse", "move", "--to", to, "--data", source.data).returncode == 0
    with Published.open(new) as copy:
        assert copy.table("SELECT count(*) FROM events WHERE actor = ?", [ANN])[1] == [(0,)]
        assert copy.table("SELECT count(*) > 200 FROM events")[1] == [(True,)]
    [left] = leftovers(source.folder, Belongings(Counter(), frozenset(), {}, frozenset(), frozenset()))
    assert left.startswith(f"{live_warehouse(source.folder)}.moved is the warehouse as it was")
