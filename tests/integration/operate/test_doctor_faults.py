"""Every fault that tests inject elsewhere, brought about in a real folder: the doctor finds it, and names the command.

The manual has the same list; what a folder cannot show (brokers, traffic) is held in `test_doctor` and `test_checks`.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import duckdb
import pytest
from landed import NOW, append, event, land
from processes import wait_until
from sayso_ingest import erased_ids
from sayso_ingest.operate import ensure_project
from sayso_ingest.operate.doctor import examine, gather
from sayso_ingest.operate.doctor.processes import flock_owner, lock_owner
from sayso_ingest.places import log_folder
from sayso_ingest.warehouse.aside import LOCK

ROOT = Path(__file__).resolve().parents[3]
NAIVE = NOW.replace(tzinfo=None)
HOLD = "import duckdb, sys, time; held = duckdb.connect(sys.argv[1]); time.sleep(99)"
ASK = """
import sys, time
from pathlib import Path
from sayso_ingest.warehouse.aside import asked
with asked(Path(sys.argv[1])):
    time.sleep(99)
"""
IDLE = "import time; time.sleep(99)"


@dataclass
class Patient:
    """A project in which all has landed, and what is to be undone after a fault."""

    folder: Path
    undo: ExitStack

    @property
    def data(self) -> Path:
        return self.folder.parent

    @property
    def live(self) -> Path:
        return self.folder / "live" / "warehouse.duckdb"

    @property
    def copy(self) -> Path:
        return self.folder / "warehouse.duckdb"

    def start(self, program: str, *words: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, "-c", program, *words])
        self.undo.callback(process.wait)
        self.undo.callback(process.kill)
        return process


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("healthy") / "data"
    ensure_project(data, "p")
    append(data / "p", event(), event("interaction", target="t"), received_at=NOW - timedelta(hours=1))
    land(data / "p")
    return data


@pytest.fixture
def patient(healthy: Path, tmp_path: Path) -> Iterator[Patient]:
    shutil.copytree(healthy, tmp_path / "data")
    with ExitStack() as undo:
        yield Patient(tmp_path / "data" / "p", undo)


def held(patient: Patient, *words: str) -> subprocess.Popen[bytes]:
    process = patient.start(HOLD, str(patient.live), *words)
    wait_until(lambda: lock_owner(patient.live) == process.pid)
    return process


def stopped_lander(patient: Patient) -> None:
    os.kill(held(patient, "land").pid, signal.SIGSTOP)


def stopped_erasure(patient: Patient) -> None:
    append(patient.folder, event())
    process = patient.start(ASK, str(patient.live.parent))
    wait_until(lambda: flock_owner(patient.live.parent / LOCK) == process.pid)
    os.kill(process.pid, signal.SIGSTOP)


def newer_live(patient: Patient) -> None:
    with duckdb.connect(str(patient.live)) as live:
        live.execute("INSERT INTO migrations VALUES ('9999_later.sql', now()::TIMESTAMP)")


def newer_copy(patient: Patient) -> None:
    before = patient.live.read_bytes()
    newer_live(patient)
    patient.live.replace(patient.copy)
    patient.live.write_bytes(before)


def put_back(patient: Patient) -> None:
    before = patient.live.read_bytes()
    append(patient.folder, event())
    land(patient.folder)
    patient.live.write_bytes(before)


def gap(patient: Patient) -> None:
    append(patient.folder, event())
    [file] = log_folder(patient.folder).glob("*.db")
    with duckdb.connect(str(patient.live)) as live:
        live.execute("INSERT INTO positions VALUES (?, 7)", [file.stem])
    patient.live.replace(patient.copy)
    patient.live.write_bytes(patient.copy.read_bytes())


def broken_copy(patient: Patient) -> None:
    patient.copy.unlink()
    patient.copy.write_bytes(b"no database" * 5000)
    patient.copy.chmod(0o444)


def erased_is_back(patient: Patient) -> None:
    with duckdb.connect(str(patient.live), read_only=True) as live:
        [(event_id,)] = live.execute("SELECT event_id::VARCHAR FROM events LIMIT 1").fetchall()
    erased_ids.add(patient.folder, {event_id})


def outlived(patient: Patient) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    patient.start(IDLE, "collect", "--supervised-by", str(gone.pid), "--data", str(patient.data))


FAULTS: dict[str, tuple[Callable[[Patient], object], str, str]] = {
    "a lander that was killed": (lambda p: append(p.folder, event()), "lander", "sayso serve --data"),
    "a lander that is stuck": (stopped_lander, "lander", "kill -CONT"),
    "a live file that somebody else has locked": (held, "lander", "kill "),
    "an erasure that somebody has stopped": (stopped_erasure, "lander", "kill -CONT"),
    "a process that outlived its service": (outlived, "processes", "kill "),
    "a live file that is corrupted": (lambda p: p.live.write_bytes(b"x" * 9999), "live_file", "mv "),
    "a live file that is gone": (lambda p: p.live.unlink(), "live_file", "cp "),
    "a live file of a newer version than the copy": (newer_live, "live_file", "pip install --upgrade"),
    "a copy of a newer version than the live file": (newer_copy, "live_file", "pip install --upgrade"),
    "a live file that is older than the copy": (put_back, "live_file", "cp "),
    "an older state with what was erased since": (erased_is_back, "erased", "sayso erase --again --yes"),
    "a copy that is broken": (broken_copy, "published_copy", "let a lander run"),
    "a copy that anybody may write to": (lambda p: p.copy.chmod(0o644), "published_copy", "chmod 444"),
    "a copy that was opened for writing": (
        lambda p: (p.folder / "warehouse.duckdb.wal").write_bytes(b"x"),
        "published_copy",
        "READ_ONLY",
    ),
    "a publish that was cut short": (
        lambda p: (p.folder / ".warehouse.duckdb.draft").write_bytes(b"x"),
        "published_copy",
        "sayso land --data",
    ),
    "a log file that is corrupted": (
        lambda p: (log_folder(p.folder) / f"{UUID(int=1)}.db").write_bytes(b"none" * 3000),
        "event_log",
        "ls -l",
    ),
    "a log that does not fit what has landed": (gap, "event_log", "that belong together"),
    "a file of somebody else in the log": (
        lambda p: (log_folder(p.folder) / "notes.txt").write_text("x"),
        "event_log",
        "ls -l",
    ),
    "keys.json that cannot be read": (lambda p: (p.data / "keys.json").write_text("{"), "keys_file", "ls -l"),
    "keys.json that others may read": (lambda p: (p.data / "keys.json").chmod(0o644), "keys_file", "chmod 600"),
    "keys.json that is gone": (lambda p: (p.data / "keys.json").unlink(), "keys_file", "sayso serve --data"),
    "projects.json that cannot be read": (
        lambda p: (p.data / "projects.json").write_text("{"),
        "projects_file",
        "ls -l",
    ),
    "users.json that cannot be read": (
        lambda p: (p.data / "users.json").write_text("{"),
        "users_file",
        "ls -l",
    ),
    "service.key that is gone": (lambda p: (p.folder / "service.key").unlink(), "service_key", "sayso serve"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_the_doctor_finds_it_and_names_the_next_command(patient: Patient, fault: str) -> None:
    inject, check, command = FAULTS[fault]

    def found() -> list[str]:
        told = examine(gather(patient.data, log="sqlite", now=NAIVE))
        return [one.next for one in told if one.check == check and one.level != "ok"]

    assert found() == []
    inject(patient)
    assert any(command in next for next in found()), found()


def test_the_manual_lists_each_fault_with_the_check_that_finds_it() -> None:
    manual = (ROOT / "ingest" / "README.md").read_text()
    missing = [fault for fault, (_, check, _) in FAULTS.items() if f"| {fault} | `{check}` |" not in manual]
    assert missing == []
