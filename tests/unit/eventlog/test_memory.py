"""The twin in memory, where it differs from the durable logs: it can be told to be full."""

from __future__ import annotations

from sayso_ingest.eventlog import MemoryLog


def test_a_full_log_refuses_until_there_is_room() -> None:
    log = MemoryLog()
    writer = log.writer()
    log.full = True
    assert writer.append([b"a", b"b"]) == [False, False]

    log.full = False
    assert writer.append([b"a"]) == [True]
    assert [entry.payload for entry in log.reader().read({}, max_bytes=1)] == [b"a"]


def test_logs_without_a_name_share_nothing() -> None:
    MemoryLog().writer().append([b"a"])

    assert MemoryLog().reader().behind({}) == 0


def test_the_same_name_is_the_same_log() -> None:
    assert MemoryLog.named("twice") is MemoryLog.named("twice")
    assert MemoryLog.named("twice") is not MemoryLog.named("once")
