"""One folder, many processes: each has files of its own, and takes over those of processes that are gone."""

from __future__ import annotations

import gc
import math
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import sayso
from integration.sdk.conftest import RunScript, leave, replayed
from integration.sdk.loopback import Answer, Loopback
from processes import wait_until
from sayso.spool import Spool
from sayso.spool.lock import Lock
from sayso.spool.takeover import AT_ONCE
from sayso.testing import MemoryTransport


def test_mode_33_two_clients_on_one_folder_never_send_the_same(collector: Loopback, tmp_path: Path) -> None:
    ids = [event_id for _ in range(10) for event_id in leave(tmp_path, 20, collector.url, "sk_1")]
    clients: list[sayso.Client] = []
    barrier = threading.Barrier(4)

    def start() -> None:
        barrier.wait()
        clients.append(sayso.Client(collector.url, "sk_1", spool_dir=tmp_path))

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wait_until(lambda: len(collector.ids) >= len(ids) and not any(c.stats().waiting for c in clients))
    assert sorted(collector.ids) == sorted(ids)
    assert sum(client.stats().recovered for client in clients) == 200
    assert all(client.close() for client in clients)


def test_however_many_have_left_something_few_files_are_open_and_all_of_it_is_sent(
    tmp_path: Path,
) -> None:
    ids = [event_id for _ in range(AT_ONCE + 4) for event_id in leave(tmp_path, 2)]
    most = 0

    class Watching(MemoryTransport):
        def send(self, batch: bytes, *, timeout: float = math.inf) -> sayso.Response:
            nonlocal most
            most = max(most, open_locks(tmp_path))
            return super().send(batch, timeout=timeout)

    memory = Watching()
    with sayso.Client(transport=memory, spool_dir=tmp_path) as client:
        replayed(client, len(ids))
    assert sorted(event["id"] for event in memory.events) == sorted(ids)
    assert 0 < most <= AT_ONCE
    assert list(tmp_path.iterdir()) == []


def open_locks(folder: Path) -> int:
    """How many locks are taken: this process cannot take them a second time."""
    taken = 0
    for path in folder.glob("*.lock"):
        lock = Lock.take(path)
        taken += lock is None
        if lock is not None:
            lock.release()
    return taken


def test_a_new_client_finds_a_lock_of_its_own_while_others_look_for_orphans(tmp_path: Path) -> None:
    """Between making a lock's file and taking the lock, somebody else may take it."""
    spools = [Spool(tmp_path, most=10**7) for _ in range(40)]
    done = threading.Event()

    def look() -> None:
        others = Spool(tmp_path, most=10**7, now=lambda: time.monotonic() * 1e6)
        while not done.is_set():
            others.look()
            others.adopt()

    looking = [threading.Thread(target=look) for _ in range(3)]
    for thread in looking:
        thread.start()
    written = [spool.append(b"{}", rest=False) for spool in spools]
    done.set()
    for thread in looking:
        thread.join()
    assert None not in written
    for spool in spools:
        spool.close()


def test_a_segment_that_goes_while_the_folder_is_measured_stops_nobody_from_writing(tmp_path: Path) -> None:
    """Others remove theirs at any time: one that is named and gone is like a link that leads nowhere."""
    (tmp_path / "other.000001.events").symlink_to(tmp_path / "gone")
    spool = Spool(tmp_path, most=10**7)
    spool.measure()
    assert spool.append(b"{}", rest=False) is not None, spool.trouble
    spool.close()


def test_mode_33_what_a_living_process_has_is_left_to_it(
    collector: Loopback, run_script: RunScript, tmp_path: Path
) -> None:
    collector.otherwise = Answer(status=503)
    client = sayso.Client(collector.url, "sk_1", spool_dir=tmp_path)
    client.thumb("msg_1", value="up")
    ended = run_script(f"""
import sayso, time
client = sayso.Client.from_env(spool_dir={str(tmp_path)!r})
shared = client._buffer._shared
deadline = time.monotonic() + 10
while shared.to_read and time.monotonic() < deadline:
    time.sleep(0.01)
assert not shared.to_read and client.stats().recovered == 0, client.stats()
""")
    assert ended.returncode == 0, ended.stderr
    client.close(0)


def test_mode_08_a_forked_child_has_files_of_its_own_and_a_dead_parent_leaves_its_to_others(
    collector: Loopback, run_script: RunScript, tmp_path: Path
) -> None:
    collector.otherwise = Answer(status=503)
    ended = run_script(f"""
import os, sayso
client = sayso.Client.from_env(spool_dir={str(tmp_path)!r})
for number in range(5):
    client.thumb("parent", value="up")
if os.fork() == 0:
    assert client.stats().waiting == 0
    for number in range(5):
        client.thumb("child", value="up")
    os._exit(0)
_, status = os.wait()
assert status == 0
assert client.stats().waiting == 5
os._exit(0)
""")
    assert ended.returncode == 0, ended.stderr
    assert len(list(tmp_path.glob("*.events"))) == 2
    collector.otherwise = Answer()
    with sayso.Client(collector.url, "sk_1", spool_dir=tmp_path) as client:
        replayed(client, 10)
    assert sorted(event["target"] for event in collector.stored) == ["child"] * 5 + ["parent"] * 5


def test_a_process_that_is_killed_again_and_again_loses_nothing(
    collector: Loopback, run_script: RunScript, tmp_path: Path
) -> None:
    """Killed within a call, a request, or a replay: every call that returned is delivered in the end."""
    script = f"""
import os, sys, threading, time, sayso
client = sayso.Client.from_env(spool_dir={str(tmp_path)!r}, limits=sayso.Limits(linger=0.0))
threading.Thread(target=lambda: (time.sleep(float(sys.argv[1])), os._exit(0)), daemon=True).start()
while True:
    print(client.thumb("msg_1", value="up"), flush=True)
    time.sleep(0.0005)
"""
    returned: set[str] = set()
    for delay in ("0.05", "0.1", "0.02"):
        ended = subprocess.run(
            [sys.executable, "-c", script, delay],
            env={"SAYSO_URL": collector.url, "SAYSO_KEY": "sk_1", "PYTHONPATH": "sdk"},
            cwd=Path(__file__).resolve().parents[3],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        returned |= set(ended.stdout.split())
    with sayso.Client(collector.url, "sk_1", spool_dir=tmp_path):
        wait_until(lambda: returned <= set(collector.ids))
    assert len(returned) > 10
    assert returned <= set(collector.ids)


@pytest.mark.parametrize(
    ("url", "key"),
    [("http://collector", "sk_2"), ("http://other", "sk_1"), ("", "")],
    ids=["another key", "another collector", "neither"],
)
def test_what_is_meant_for_another_collector_or_key_is_never_sent_nor_removed(
    tmp_path: Path, url: str, key: str
) -> None:
    leave(tmp_path, 5, "http://collector", "sk_1")
    before = {path.name for path in tmp_path.iterdir()}
    assert "sk_1" not in "".join(before)
    memory = MemoryTransport()
    with sayso.Client(url, key, transport=memory, spool_dir=tmp_path) as client:
        client.thumb("mine", value="up")
        assert client.flush(10)
        wait_until(lambda: not client._buffer._shared.to_read)  # type: ignore[attr-defined, union-attr]
        assert (client.stats().recorded, client.stats().waiting) == (1, 0)
    assert [event["target"] for event in memory.events] == ["mine"]
    assert {path.name for path in tmp_path.iterdir()} == before
    with sayso.Client("http://collector/", "sk_1", transport=memory, spool_dir=tmp_path) as client:
        replayed(client, 5)
    assert len(memory.events) == 6
    assert list(tmp_path.iterdir()) == []


def test_a_client_that_is_dropped_without_close_keeps_no_file_open_and_leaves_what_waits(
    tmp_path: Path,
) -> None:
    spool = Spool(tmp_path, most=10**7)
    segment = spool.append(b"{}", rest=False)
    assert segment is not None
    assert open_locks(tmp_path) == 1
    del spool
    gc.collect()
    assert open_locks(tmp_path) == 0
    assert len(list(tmp_path.glob("*.events"))) == 1
    for path in tmp_path.iterdir():
        path.unlink()
    spool = Spool(tmp_path, most=10**7)
    segment = spool.append(b"{}", rest=False)
    assert segment is not None
    spool.settle(segment)
    del spool
    gc.collect()
    assert list(tmp_path.iterdir()) == []
