"""Events on disk: through kill -9, full disks, and lines that were cut."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest
import sayso
from integration.sdk.conftest import RunScript, leave, replayed
from integration.sdk.loopback import Answer, Loopback
from processes import wait_until
from sayso.hooks import Hooks
from sayso.ready import Ready
from sayso.shared import Shared
from sayso.spool import SEGMENT, Spool
from sayso.spool.segment import HEADER, read
from sayso.testing import MemoryTransport

NOW = sayso.Limits(linger=0.0)


def events_in(folder: Path) -> int:
    return sum(len(read(path)[0]) for path in folder.glob("*.events"))


@pytest.mark.parametrize("ending", ["os.kill(os.getpid(), signal.SIGKILL)", "os._exit(0)"])
def test_mode_33_what_a_killed_process_has_recorded_is_sent_by_the_next(
    collector: Loopback, run_script: RunScript, tmp_path: Path, ending: str
) -> None:
    collector.otherwise = Answer(status=503)
    run_script(f"""
import os, signal, sayso
client = sayso.Client.from_env(spool_dir={str(tmp_path)!r})
for number in range(50):
    client.thumb(f"msg_{{number}}", value="up")
{ending}
""")
    collector.otherwise = Answer()
    with sayso.Client(collector.url, "sk_1", spool_dir=tmp_path) as client:
        replayed(client, 50)
    assert sorted(event["target"] for event in collector.stored) == sorted(f"msg_{n}" for n in range(50))
    assert (client.stats().recorded, client.stats().recovered, client.stats().delivered) == (50, 50, 50)
    assert list(tmp_path.iterdir()) == []


def test_mode_02_what_does_not_go_out_by_the_end_stays_and_is_said(
    collector: Loopback, run_script: RunScript, tmp_path: Path
) -> None:
    collector.otherwise = Answer(hold=True)
    ended = run_script(f"""
import sayso
client = sayso.Client.from_env(spool_dir={str(tmp_path)!r}, limits=sayso.Limits(exit_budget=0.2))
for number in range(20):
    client.thumb("msg_1", value="up")
""")
    assert "20 event(s) stay in" in ended.stderr
    assert "unsent" not in ended.stderr
    assert events_in(tmp_path) == 20


def test_a_client_that_closes_keeps_its_events_and_their_count(tmp_path: Path) -> None:
    ids = leave(tmp_path, 5)
    memory = MemoryTransport()
    memory.fail(1000)
    client = sayso.Client(transport=memory, spool_dir=tmp_path)
    wait_until(lambda: client.stats().recovered == 5)
    ids.append(client.thumb("msg_1", value="up"))
    assert not client.close(0.2)
    assert client.stats().waiting == client.stats().recorded == 6
    memory = MemoryTransport()
    with sayso.Client(transport=memory, spool_dir=tmp_path) as last:
        replayed(last, 6)
    assert sorted(event["id"] for event in memory.events) == sorted(ids)


def test_nobody_waits_for_what_others_have_left(tmp_path: Path) -> None:
    """It goes out in the background and after our own: who takes none of it holds up no flush and no close."""
    leave(tmp_path, 30)
    memory = MemoryTransport()
    memory.retry("thumb", times=1000)
    limits = sayso.Limits(batch_events=10, linger=0.0)
    client = sayso.Client(transport=memory, spool_dir=tmp_path, limits=limits)
    wait_until(lambda: client.stats().recovered == 30 and memory.requests)
    client.comment("mine", text="x")
    assert client.flush(10)
    assert client.close(10)
    stats = client.stats()
    assert (stats.delivered, stats.waiting, stats.dropped) == (1, 30, {})
    sent = [[event["target"] for event in request["events"]] for request in memory.requests]
    assert next(targets for targets in sent if "mine" in targets)[0] == "mine"
    assert events_in(tmp_path) == 30


def test_a_client_that_closes_while_it_reads_leaves_what_it_reads(tmp_path: Path) -> None:
    leave(tmp_path, 5)
    memory = MemoryTransport()
    shared = Shared(sayso.Limits(), Hooks(), time.monotonic, tmp_path)
    spool = shared.spool
    assert spool is not None
    assert spool.look()
    spool.adopt()
    segment = spool.next()
    assert segment is not None
    with shared.lock:
        shared.give_up()
        shared.restore(segment, [Ready("a", -1, 0.0, 1, "thumb", b"{}", segment)], {})
    assert shared.stats().waiting == shared.stats().recorded == 0
    with sayso.Client(transport=memory, spool_dir=tmp_path) as client:
        replayed(client, 5)
    assert len(memory.events) == 5


def test_files_belong_to_their_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "by us"
    leave(folder, 1)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_files_go_one_by_one_while_events_keep_coming(tmp_path: Path) -> None:
    memory = MemoryTransport()
    client = sayso.Client(transport=memory, spool_dir=tmp_path, limits=NOW)
    most = 0
    for _ in range(60):
        for _ in range(50):
            client.comment("msg_1", text="x" * 1000)
        until = time.monotonic() + 10
        while client.stats().waiting > 100 and time.monotonic() < until:
            time.sleep(0.001)
        most = max(most, sum(path.stat().st_size for path in tmp_path.glob("*.events")))
    assert most < 1_500_000  # of about 3.6 MB in all
    assert client.close(10)
    assert len(memory.events) == 3000
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [1, SEGMENT], ids=["a new file each time", "the same file, emptied"])
def test_what_is_settled_is_forgotten_and_what_came_after_is_there(tmp_path: Path, size: int) -> None:
    spool = Spool(tmp_path, most=10**7, size=size)
    for round in range(3):
        written = [spool.append(b'{"a":%d}' % (10 * round + nth), rest=False) for nth in range(3)]
        for segment in written:
            assert segment is not None
            spool.settle(segment)
    assert events_in(tmp_path) == 0
    spool.append(b'{"b":1}', rest=False)
    spool.close()
    assert [read(path) for path in tmp_path.glob("*.events")] == [([b'{"b":1}'], 0)]


def test_mode_18_what_finds_no_room_in_memory_waits_on_disk_alone(tmp_path: Path) -> None:
    memory = MemoryTransport()
    memory.fail(3)
    client = sayso.Client(transport=memory, spool_dir=tmp_path, limits=sayso.Limits(events=10, linger=0.0))
    ids = [client.comment(f"msg_{number}", text="x" * 2000) for number in range(500)]
    stats = client.stats()
    assert (stats.recorded, stats.delivered + stats.waiting, stats.dropped) == (500, 500, {})
    assert client.flush(20)
    assert sorted(event["id"] for event in memory.events) == sorted(ids)
    assert client.stats().dropped == {}
    client.close()


def test_mode_33_the_bound_on_disk_holds_and_what_does_not_fit_is_counted(tmp_path: Path) -> None:
    memory = MemoryTransport()
    memory.fail(1000)
    limits = sayso.Limits(events=10, spool_bytes=600_000, linger=60)
    client = sayso.Client(transport=memory, spool_dir=tmp_path, limits=limits)
    for _ in range(1000):
        client.comment("msg_1", text="x" * 1000)
    stats = client.stats()
    assert stats.recorded == 1000 == stats.waiting + sum(stats.dropped.values())
    assert stats.dropped["queue_full"] > 300
    assert sum(path.stat().st_size for path in tmp_path.glob("*.events")) < 600_000
    client.close(0)


def test_mode_18_an_event_is_not_too_old_while_it_is_in_the_spool(tmp_path: Path) -> None:
    from sayso.buffer import Buffer
    from sayso.stamps import Stamps

    ahead = 0.0
    memory = MemoryTransport()
    memory.answer(503, times=2)
    buffer = Buffer(memory, Stamps(), spool_dir=tmp_path, clock=lambda: time.monotonic() + ahead)
    buffer.record("thumb", "msg_1", {"value": "up"}, {})
    ahead = 901.0
    assert buffer.flush(10)
    assert buffer.stats().delivered == 1
    buffer.close(1)


@pytest.mark.parametrize("trouble", ["a file in its place", "read-only", "gone"])
def test_mode_33_a_folder_that_takes_nothing_harms_nobody(
    tmp_path: Path, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "spool"
    if trouble == "a file in its place":
        folder.write_text("")
    elif trouble == "read-only":
        if os.geteuid() == 0:
            folder = Path("/proc/sayso")  # where even root can make nothing
        else:
            folder.mkdir(mode=0o500)
    memory = MemoryTransport()
    client = sayso.Client(transport=memory, spool_dir=folder)
    if trouble == "gone":
        client.thumb("msg_1", value="up")
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
    client.thumb("msg_2", value="up")
    assert client.flush(10)
    assert memory.events[-1]["target"] == "msg_2"
    assert client.close()
    if trouble != "gone":
        assert client.stats().unspooled == 1
        assert caplog.text.count("takes no events") == 1


def test_mode_33_a_disk_that_is_full_is_said_and_leaves_no_half_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that may not grow any more stands for the disk: the system cuts the write as it does there."""
    import resource
    import signal

    memory = MemoryTransport()
    memory.fail(1000)
    client = sayso.Client(transport=memory, spool_dir=tmp_path, limits=sayso.Limits(linger=60))
    client.comment("msg_1", text="x" * 1000)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        client.comment("msg_2", text="x" * 1000)
        client.comment("msg_3", text="x" * 1000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    assert client.stats().unspooled == 2
    assert client.stats().waiting == 3
    assert "takes no events" in caplog.text
    (path,) = tmp_path.glob("*.events")
    events, unreadable = read(path)
    assert (len(events), unreadable) == (1, 0)
    client.close(0)


@pytest.mark.parametrize(
    ("damage", "delivered", "unreadable"),
    [
        (lambda content: content[:-20], 4, 1),
        (lambda content: content.replace(b"msg_1", b"msg_7"), 4, 1),
        (lambda content: content + b"\x00" * 100, 5, 1),
        (lambda content: content.replace(HEADER, b"sayso-spool 9\n"), 0, 6),
        (lambda content: b"", 0, 0),
    ],
    ids=["cut off", "changed", "zeros at the end", "another version", "empty"],
)
def test_mode_33_what_cannot_be_read_is_skipped_and_counted(
    tmp_path: Path, damage: object, delivered: int, unreadable: int, caplog: pytest.LogCaptureFixture
) -> None:
    leave(tmp_path, 5)
    (path,) = tmp_path.glob("*.events")
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    memory = MemoryTransport()
    with sayso.Client(transport=memory, spool_dir=tmp_path) as client:
        replayed(client, delivered + unreadable)
        wait_until(lambda: not list(tmp_path.glob("*.events")))
        stats = client.stats()
    assert len(memory.events) == delivered
    assert stats.dropped == ({"spool_unreadable": unreadable} if unreadable else {})
    assert stats.recorded == delivered + unreadable
    assert ("spool_unreadable" in caplog.text) == bool(unreadable)
    left = {path.suffix for path in tmp_path.iterdir()}
    assert left == ({".unreadable"} if not delivered and unreadable else set())


def test_what_has_rested_for_a_week_is_dropped_and_counted(tmp_path: Path) -> None:
    leave(tmp_path, 5)
    (path,) = tmp_path.glob("*.events")
    long_ago = time.time() - 8 * 24 * 3600
    os.utime(path, (long_ago, long_ago))
    memory = MemoryTransport()
    with sayso.Client(transport=memory, spool_dir=tmp_path) as client:
        replayed(client, 5)
    assert client.stats().dropped == {"spool_expired": 5}
    assert memory.events == []
    assert list(tmp_path.iterdir()) == []


def test_the_disk_gets_only_what_may_leave(tmp_path: Path) -> None:
    memory = MemoryTransport()
    memory.fail(1000)
    client = sayso.Client(
        transport=memory,
        spool_dir=tmp_path,
        redact=lambda field, text: text.replace("secret", "***"),
        before_send=lambda event: None if event["target"] == "private" else event,
    )
    client.comment("msg_1", text="a secret")
    client.comment("private", text="a word")
    client.thumb("msg_1", value="sideways")  # type: ignore[arg-type]
    written = b"".join(path.read_bytes() for path in tmp_path.glob("*.events"))
    assert b"***" in written
    assert b"secret" not in written
    assert b"private" not in written
    assert client.stats().dropped == {"before_send": 1, "invalid_value": 1}
    client.close(0)


def test_without_threads_what_others_have_left_is_sent_by_the_first_call(tmp_path: Path) -> None:
    leave(tmp_path, 30)
    memory = MemoryTransport()
    client = sayso.Client(transport=memory, spool_dir=tmp_path, sync=True)
    client.thumb("mine", value="up")
    assert len(memory.events) == 31
    assert client.close()
    assert list(tmp_path.iterdir()) == []
