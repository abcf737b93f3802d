"""Stopping a service by signals: the first lets what is in hand be finished, the second ends at once."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from landed import append, event, land
from processes import children, wait_until
from sayso_ingest.eventlog import open_reader
from sayso_ingest.keys import create_key
from sayso_ingest.operate import ensure_project
from sayso_ingest.record import unpack
from sayso_ingest.warehouse import Published
from service import COMMAND, environment

EVENT = b'{"events":[{"id":"019bc0de-0000-7000-8000-000000000001","kind":"thumb","target":"t","body":{"value":"up"}}]}'
MANY = 30_000
"""Events of a batch."""
AT_ONCE = 3.0
"""Seconds: fewer than a request in flight may take."""

Started = tuple[subprocess.Popen[bytes], str, str]
Start = Callable[..., Started]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a room and return its process, its address and a key."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(room: str, *options: str) -> Started:
        secret, _ = create_key(tmp_path / "data" / "keys.json", kind="sk", project="default")
        said = tmp_path / f"{room}.err"
        with said.open("w") as stderr:
            process = subprocess.Popen(
                [*COMMAND, room, "--data", str(tmp_path / "data"), *options],
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                env=environment(),
            )
        started.append(process)
        wait_until(lambda: "http://" in said.read_text() or process.poll() is not None)
        found = re.search(r"(?:listens on|is ready:) http://(\S+)", said.read_text())
        assert found, said.read_text()
        return process, found[1], secret

    yield begin
    for process in started:
        process.kill()
        process.wait()


def half_a_request(address: str, secret: str) -> socket.socket:
    """Send all of a request but its last ten bytes, once a worker is there that has taken it."""
    host, _, port = address.partition(":")

    def connected() -> socket.socket | None:
        try:
            return socket.create_connection((host, int(port)), timeout=20)
        except OSError:
            return None

    wait_until(lambda: (probe := connected()) is not None and probe.close() is None)
    request = socket.create_connection((host, int(port)), timeout=20)
    head = (
        f"POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(EVENT)}\r\n\r\n"
    )
    request.sendall(head.encode() + EVENT[:-10])
    time.sleep(1.0)  # for the worker to take it
    return request


def test_a_request_in_flight_is_answered_after_sigterm_and_what_it_brought_is_kept(
    start: Start, tmp_path: Path
) -> None:
    process, address, secret = start("collect", "--port", "0", "--workers", "1")
    with closing(half_a_request(address, secret)) as request:
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert process.poll() is None
        request.sendall(EVENT[-10:])
        answer = request.recv(4096)
    assert b"200 OK" in answer
    assert process.wait(timeout=20) == 0
    reader = open_reader("sqlite", folder=tmp_path / "data" / "default" / "log", project="default")
    kept = [part for entry in reader.read({}, max_bytes=1 << 20) for part in unpack(entry.payload)]
    assert len(kept) == 1
    reader.close()


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_a_collector_at_once_whatever_is_in_flight(
    start: Start, second: signal.Signals
) -> None:
    process, address, secret = start("collect", "--port", "0", "--workers", "1")
    workers = children(process.pid)
    with closing(half_a_request(address, secret)):
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert process.poll() is None
        began = time.monotonic()
        process.send_signal(second)
        assert process.wait(timeout=20) == 128 + second
        assert time.monotonic() - began < AT_ONCE
    wait_until(lambda: not any(map(alive, workers)), seconds=AT_ONCE)


def test_a_second_signal_ends_the_whole_service_at_once_and_leaves_no_process(start: Start) -> None:
    process, address, secret = start("serve", "--port", "0", "--console-port", "0")
    everybody = [pid for room in children(process.pid) for pid in (room, *children(room))]
    assert len(everybody) >= 5
    with closing(half_a_request(address, secret)):
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert process.poll() is None
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 128 + signal.SIGINT
        assert time.monotonic() - began < AT_ONCE
    wait_until(lambda: not any(map(alive, everybody)), seconds=AT_ONCE)


@pytest.fixture
def landing(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A lander in the midst of a batch that takes it a while, and its project's folder."""
    folder = tmp_path / "data" / "p"
    ensure_project(tmp_path / "data", "p")
    append(folder, *[event() for _ in range(MANY)])
    lander = subprocess.Popen([*COMMAND, "land", "--data", str(tmp_path / "data")], env=environment())
    wal = folder / "live" / "warehouse.duckdb.wal"
    empty = 200_000
    wait_until(
        lambda: (wal.exists() and wal.stat().st_size > empty) or lander.poll() is not None, pause=0.001
    )
    yield lander, folder
    lander.kill()
    lander.wait()


def test_a_lander_that_is_told_to_stop_lands_the_batch_in_hand_and_publishes_all_that_has_landed(
    landing: tuple[subprocess.Popen[bytes], Path],
) -> None:
    lander, folder = landing
    lander.send_signal(signal.SIGTERM)
    assert lander.wait(timeout=30) == 0
    assert not list(folder.glob(".*.draft")) and not list(folder.rglob("*.wal"))
    with Published.open(folder) as copy:
        [(published, ids)] = copy.table("SELECT count(*), count(DISTINCT event_id) FROM events")[1]
    with duckdb.connect(str(folder / "live" / "warehouse.duckdb"), read_only=True) as live:
        assert live.execute("SELECT count(*) FROM events").fetchone() == (published,)
    assert published == ids == MANY


def test_a_second_signal_ends_a_lander_at_once_and_the_next_one_lands_everything_once(
    landing: tuple[subprocess.Popen[bytes], Path],
) -> None:
    lander, folder = landing
    lander.send_signal(signal.SIGSTOP)  # so that both signals wait for it, and find it in the midst
    lander.send_signal(signal.SIGTERM)
    lander.send_signal(signal.SIGINT)
    lander.send_signal(signal.SIGCONT)
    assert lander.wait(timeout=30) in (
        128 + signal.SIGTERM,
        128 + signal.SIGINT,
    )  # whichever it hears of last
    land(folder)
    with Published.open(folder) as copy:
        assert copy.table("SELECT count(*), count(DISTINCT event_id) FROM events")[1] == [(MANY, MANY)]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
