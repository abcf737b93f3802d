"""The lander's loop: projects in turn, and the trouble of one is not the trouble of another."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from blank import open_warehouse
from processes import wait_until
from sayso_ingest.errors import (
    AnotherLander,
    ErasedIsBack,
    LogGap,
    LogUnavailable,
    SaysoError,
    WarehouseAway,
    WarehouseError,
)
from sayso_ingest.eventlog import Entry, MemoryLog
from sayso_ingest.eventlog.base import Positions
from sayso_ingest.lander import Lander, run
from sayso_ingest.lander.measures import Measures
from sayso_ingest.places import live_warehouse
from sayso_ingest.record import Submission, encode_json, pack
from sayso_ingest.warehouse import Published, Publisher
from sayso_ingest.warehouse.publish import COPIER

Opener = Callable[[], Lander]


def opener(log: MemoryLog, folder: Path) -> Opener:
    def open_lander() -> Lander:
        warehouse = open_warehouse(folder)
        return Lander(log.reader(), warehouse, Publisher(warehouse, folder, interval=0))

    return open_lander


def send(log: MemoryLog) -> None:
    event = {
        "id": str(uuid.uuid4()),
        "kind": "thumb",
        "target": "m",
        "body": {"value": "up"},
        "verified": True,
    }
    log.writer().append(
        pack([Submission("k", "sk", "2026-03-01T12:00:00Z", events=[encode_json(event)])]).records
    )


def count(folder: Path) -> int:
    try:
        with Published.open(folder) as copy:
            return int(copy.table("SELECT count(*) FROM events")[1][0][0])
    except Exception:
        return 0


class Loop:
    """`run` in a thread."""

    def __init__(
        self, openers: dict[str, Opener], *, idle: float = 0.01, measures: Measures | None = None
    ) -> None:
        self.openers = openers
        self.measures = measures
        self.idle = idle
        self.stop = threading.Event()
        self.clock = 0.0
        self.error: BaseException | None = None
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        def find(known: frozenset[str]) -> dict[str, Opener]:
            return {name: opener for name, opener in self.openers.items() if name not in known}

        def clock() -> float:
            self.clock += 100  # every wait is over at the next turn
            return self.clock

        try:
            run(find, self.stop, idle=self.idle, clock=clock, measures=self.measures)
        except AnotherLander as error:
            self.error = error

    def end(self) -> None:
        self.stop.set()
        self.thread.join(timeout=30)
        assert not self.thread.is_alive()


def test_a_log_that_is_away_for_days_ends_nothing(tmp_path: Path) -> None:
    """Waits grow to a bound, however many failures there were."""
    attempts = 0

    def open_lander() -> Lander:
        nonlocal attempts
        attempts += 1
        raise LogUnavailable("the brokers are away")

    loop = Loop({"p": open_lander}, idle=0.0001)
    wait_until(lambda: attempts > 1_200 or loop.error)
    loop.end()
    assert loop.error is None


class Gap:
    """A log that does not fit once something of it has landed."""

    def __init__(self, log: MemoryLog) -> None:
        self._reader = log.reader()

    def read(self, positions: Positions, *, max_bytes: int) -> list[Entry]:
        if positions:
            raise LogGap("records are missing")
        return self._reader.read(positions, max_bytes=max_bytes)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)


def test_what_landed_before_the_log_stopped_it_is_published_all_the_same_and_nobody_waits_for_it(
    tmp_path: Path,
) -> None:
    """However long it takes until somebody has decided what becomes of the log, and however long a copy takes."""
    log, good, folder = MemoryLog(), MemoryLog(), tmp_path / "p"
    send(log)
    copies = tmp_path / "copies"
    waits = (
        "import os, pathlib, sys, time\n"
        "pathlib.Path(sys.argv[-3]).touch()\n"
        "while not os.path.exists(sys.argv[1]): time.sleep(0.01)\n"
        "os.execv(sys.argv[2], sys.argv[2:])"
    )

    def open_lander() -> Lander:
        warehouse = open_warehouse(folder)
        copier = (sys.executable, "-c", waits, str(copies), *COPIER)
        return Lander(Gap(log), warehouse, Publisher(warehouse, folder, interval=0, copier=copier))

    loop = Loop({"p": open_lander, "good": opener(good, tmp_path / "good")})
    wait_until((folder / ".warehouse.duckdb.draft").exists)
    send(good)
    wait_until(lambda: count(tmp_path / "good") == 1)
    assert count(folder) == 0
    copies.touch()
    wait_until(lambda: count(folder) == 1)
    loop.end()


def test_a_project_that_cannot_be_opened_does_not_stop_the_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Its file is not a database; it says so, tries again, and lands when it can be opened."""
    good, bad = MemoryLog(), MemoryLog()
    broken = tmp_path / "bad" / "live" / "warehouse.duckdb"
    broken.parent.mkdir(parents=True)
    broken.write_bytes(b"this is no database" * 1000)
    send(good)
    send(bad)
    loop = Loop({"bad": opener(bad, tmp_path / "bad"), "good": opener(good, tmp_path / "good")})
    wait_until(lambda: count(tmp_path / "good") == 1)
    assert "project bad" in caplog.text
    broken.unlink()
    wait_until(lambda: count(tmp_path / "bad") == 1)
    loop.end()


def test_a_damaged_file_does_not_stop_the_others(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The driver's message speaks of a block; it is not taken for that of a file that another process has locked."""
    good, bad = MemoryLog(), MemoryLog()
    opener(bad, tmp_path / "bad")().close()
    damage(live_warehouse(tmp_path / "bad"))
    send(good)
    loop = Loop({"bad": opener(bad, tmp_path / "bad"), "good": opener(good, tmp_path / "good")})
    wait_until(lambda: count(tmp_path / "good") == 1)
    loop.end()
    assert "project bad" in caplog.text
    assert "in block at location" in caplog.text
    assert "sayso restore" in caplog.text
    assert "another process" not in caplog.text


def damage(path: Path) -> None:
    """Change a byte in each block."""
    held = bytearray(path.read_bytes())
    for place in range(100, len(held), 4096):
        held[place] ^= 0xFF if place > 12288 else 0
    path.write_bytes(held)


def test_a_file_that_somebody_holds_is_waited_for_and_that_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Anybody who opens it with DuckDB does. That stops no other project; and for long, it is a failure and a lag."""
    good, held, told = MemoryLog(), MemoryLog(), Told()
    opener(held, tmp_path / "p")().close()
    send(good)
    send(held)
    holds = "import sys, duckdb; held = duckdb.connect(sys.argv[1]); print(flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", holds, str(live_warehouse(tmp_path / "p"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        holder.stdout.readline()
        openers = {"p": opener(held, tmp_path / "p"), "good": opener(good, tmp_path / "good")}
        loop = Loop(openers, measures=told)
        wait_until(lambda: count(tmp_path / "good") == 1)
        assert count(tmp_path / "p") == 0
        wait_until(lambda: told.failures.get("p", 0) > 2 and len(told.lags) > 2)
        assert told.lags[0][1] < told.lags[-1][1]
        assert told.errors["p"] == "WarehouseLocked"
        holder.communicate()
    wait_until(lambda: count(tmp_path / "p") == 1 and told.failures["p"] == 0)
    loop.end()
    assert caplog.text.count("is open in another process") == 1


def test_a_project_that_comes_later_is_found(tmp_path: Path) -> None:
    """Without a restart."""
    log = MemoryLog()
    send(log)
    loop = Loop({})
    loop.openers["late"] = opener(log, tmp_path / "late")
    wait_until(lambda: count(tmp_path / "late") == 1)
    loop.end()


def test_what_trickles_in_is_landed_a_few_times_a_second(tmp_path: Path) -> None:
    """Not one by one as it comes, which would keep a processor busy."""
    log, idle, began = MemoryLog(), 0.2, time.monotonic()
    loop = Loop({"p": opener(log, tmp_path)}, idle=idle)
    for _ in range(100):
        send(log)
        time.sleep(0.01)
    wait_until(lambda: count(tmp_path) == 100)
    waits = (time.monotonic() - began) / idle
    loop.end()
    with Published.open(tmp_path) as copy:
        assert copy.table("SELECT max(landing) FROM events")[1][0][0] <= waits + 2


def test_a_fault_of_ours_is_survived(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """An error that nobody foresaw is logged, and the project opened anew."""
    log = MemoryLog()
    send(log)
    failures = iter([ZeroDivisionError("a fault")])

    def open_lander() -> Lander:
        for failure in failures:
            raise failure
        return opener(log, tmp_path)()

    loop = Loop({"other": opener(MemoryLog(), tmp_path / "other"), "p": open_lander})
    wait_until(lambda: count(tmp_path) == 1)
    loop.end()
    assert "a fault" in caplog.text


def test_a_lander_that_can_land_nothing_ends_and_says_why(tmp_path: Path) -> None:
    """Every project fails in the first round: whoever started it is to know at once."""
    broken = tmp_path / "live" / "warehouse.duckdb"
    broken.parent.mkdir(parents=True)
    broken.write_bytes(b"this is no database" * 1000)
    with pytest.raises(WarehouseError, match="cannot be opened"):
        run(lambda known: {} if known else {"p": opener(MemoryLog(), tmp_path)}, threading.Event())


@pytest.mark.parametrize(
    "error", [kind("nobody answers") for kind in (LogUnavailable, WarehouseAway, ErasedIsBack)]
)
def test_a_log_or_a_lake_that_is_away_and_an_erasure_that_is_due_are_waited_for_at_the_start(
    error: SaysoError, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A broker may come later than the lander, and who has to decide about a gap, or to erase again, much later."""
    log, tries = MemoryLog(), []

    def open_lander() -> Lander:
        tries.append(1)
        if len(tries) == 1:
            raise error
        return opener(log, tmp_path)()

    send(log)
    loop = Loop({"p": open_lander})
    wait_until(lambda: count(tmp_path) == 1)
    loop.end()
    assert "nobody answers" in caplog.text


def test_stopping_publishes_what_is_landed(tmp_path: Path) -> None:
    """Also what came a moment before."""
    log = MemoryLog()
    loop = Loop({"p": opener(log, tmp_path)})
    wait_until((tmp_path / "warehouse.duckdb").exists)
    reader = log.reader()
    send(log)
    wait_until(lambda: reader.behind({}) == 1)
    loop.end()
    if count(tmp_path) == 0:  # it ended before it was read: then it is still in the log
        assert len(reader.read({}, max_bytes=1 << 20)) == 1


class Told:
    """Remembers what the loop tells."""

    def __init__(self) -> None:
        self.events = self.rejects = self.copies = 0
        self.lags: list[tuple[int, float]] = []
        self.dropped: Mapping[str, int] = {}
        self.failures: Mapping[str, int] = {}
        self.errors: Mapping[str, str] = {}

    def landed(self, project: str, *, events: int, rejects: int, seconds: float) -> None:
        assert seconds > 0
        if project == "p":
            self.events += events
            self.rejects += rejects

    def looked(self, project: str, *, records: int, seconds: float, dropped: Mapping[str, int]) -> None:
        if project != "p":
            return
        self.lags.append((records, seconds))
        self.dropped = dropped or self.dropped

    def published(self, project: str) -> None:
        self.copies += 1

    def round(self, failures: Mapping[str, int], errors: Mapping[str, str]) -> None:
        self.failures = failures
        self.errors = errors


def test_who_measures_is_told_what_landed_what_waits_and_how_often_a_project_failed(tmp_path: Path) -> None:
    """A repeat is no event that landed; what cannot be opened fails again and again, and then no more."""
    log, told = MemoryLog(), Told()
    broken = tmp_path / "live" / "warehouse.duckdb"
    broken.parent.mkdir(parents=True)
    broken.write_bytes(b"this is no database" * 1000)
    for _ in range(3):
        send(log)
    log.writer().append([b"no record"])
    report = {"dropped": {"queue_full": 7}}
    log.writer().append(pack([Submission("k", "sk", "2026-03-01T12:00:00Z", report=report)]).records)
    # A loop without any other project that works would end at once.
    loop = Loop({"good": opener(MemoryLog(), tmp_path / "good"), "p": opener(log, tmp_path)}, measures=told)
    wait_until(lambda: told.failures.get("p", 0) >= 2)
    broken.unlink()
    wait_until(lambda: told.failures.get("p") == 0 and told.dropped == {"queue_full": 7})
    loop.end()
    assert (told.events, told.rejects) == (3, 1)
    assert told.copies >= 1


def test_while_nothing_lands_a_project_is_told_to_be_further_and_further_behind(tmp_path: Path) -> None:
    """Or what was told last, while it landed, would pass for what is true now."""
    told, lands = Told(), threading.Event()
    opens = opener(MemoryLog(), tmp_path / "p")

    def open_lander() -> Lander:
        if lands.is_set():
            raise WarehouseError("the disk is full")
        lander = opens()
        lander.step = fails_from_now_on  # type: ignore[method-assign]
        return lander

    def fails_from_now_on() -> bool:
        if told.lags:
            lands.set()
            raise WarehouseError("the disk is full")
        return False

    loop = Loop({"good": opener(MemoryLog(), tmp_path / "good"), "p": open_lander}, measures=told)
    wait_until(lambda: len(told.lags) > 3)
    loop.end()
    assert told.lags[0] == (0, 0)
    assert [seconds for _, seconds in told.lags] == sorted({seconds for _, seconds in told.lags})


def test_what_waits_is_told_with_the_age_of_the_oldest(tmp_path: Path) -> None:
    log = MemoryLog()
    lander = opener(log, tmp_path)()
    assert (lander.lag().records, lander.lag().seconds) == (0, 0)
    send(log)
    log.writer().append([b"no record"])
    lag = lander.lag()
    assert lag.records == 2
    assert lag.seconds > 1e6  # it came in on the first of March of 2026, or a test of time has failed before
    lander.step()
    assert lander.lag().records == 0
    lander.close()
