"""A log in files and one in a topic, read as one."""

from __future__ import annotations

from sayso_ingest.eventlog.files_first import FilesFirst
from sayso_ingest.eventlog.memory import MemoryLog


def test_files_that_go_on_being_written_do_not_keep_back_the_topic() -> None:
    files, topic = MemoryLog(), MemoryLog()
    forgotten, collector = files.writer(), topic.writer()
    collector.append([b"topic"] * 3)
    reader, positions, read = FilesFirst(files.reader(), topic.reader()), {}, []
    for _ in range(8):
        forgotten.append([b"files"])
        for entry in reader.read(positions, max_bytes=5):
            positions[entry.source] = entry.offset + 1
            read.append(entry.payload)
    assert read == [b"files", b"topic"] * 3 + [b"files"] * 2
    while entries := reader.read(positions, max_bytes=1 << 20):
        positions |= {entry.source: entry.offset + 1 for entry in entries}
    assert reader.behind(positions) == 0
