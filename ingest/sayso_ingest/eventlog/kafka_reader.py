"""The reader of the log in Kafka: all partitions of a project's topic, from positions that the caller keeps.

A source is `<cluster id>/<topic id>/<partition>`, so a topic that was deleted and made again is another source.
Positions that do not fit what is there stop it until a person has decided (`sayso log accept`).
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from sayso_ingest.errors import LogGap, LogUnavailable
from sayso_ingest.eventlog.base import Entry, Positions
from sayso_ingest.eventlog.gaps import Gap, Span, gaps
from sayso_ingest.eventlog.kafka import (
    broker_errors,
    build,
    gap_errors,
    require_library,
    topic_partition,
    why,
)
from sayso_ingest.eventlog.security import Brokers
from sayso_ingest.eventlog.topic import MESSAGE_BYTES, ensure_topic, exists
from sayso_ingest.record import NOTHING

_log = logging.getLogger(__name__)
FETCH_BYTES = 8 << 20
"""Compressed bytes that a broker sends at once: they wait in memory while those before them are landed."""
FETCH_WAIT_MS = 10
"""Milliseconds that a broker may keep a request. It is asked when there are records; while one that names other
partitions waits for records, it takes none for these."""
FEWEST = 16
"""Records that are taken at once, however large they may be."""
_Answer = TypeVar("_Answer")


class KafkaReader:
    """Reads all partitions of a topic from positions that the caller keeps; used by one thread at a time."""

    unread: frozenset[str] = frozenset()  # it is all of them or none

    def __init__(
        self,
        brokers: Brokers,
        topic: str,
        *,
        make: bool = False,
        wait_seconds: float = 5.0,
        refresh_seconds: float = 10.0,
    ) -> None:
        require_library()
        self._brokers = brokers
        self._topic = topic
        self._make = make
        self._wait_ms = int(wait_seconds * 1000)
        self._refresh_ms = int(refresh_seconds * 1000)
        self._consumer: Any = None
        self._cluster: Any = None
        self._topic_id: Any = None
        self._began: dict[str, int] = {}
        self._next: dict[str, int] = {}
        self._fetched: deque[Entry] = deque()
        self._bytes = 0  # of what is fetched
        self._warned: set[str] = set()

    def read(self, positions: Positions, *, max_bytes: int) -> list[Entry]:
        """Return entries, waiting for those that are known to be there; see `LogReader`."""
        return self._guarded(lambda: self._read(positions, max_bytes))

    def behind(self, positions: Positions) -> int:
        """Count the records that are in the topic and not landed."""

        def count() -> int:
            spans = self._spans(positions)
            wanted = self._wanted(positions, spans)
            return sum(spans[source].end - offset for source, offset in wanted.items())

        return self._guarded(count)

    def ends(self, positions: Positions) -> Positions:
        """Return how far each partition goes."""
        spans = self._guarded(lambda: self._spans(positions))
        return {source: span.end for source, span in spans.items()}

    def gaps(self, positions: Positions) -> list[Gap]:
        """Say where positions do not fit what the topic holds, and how it would go on.

        Raises:
            LogUnavailable: the brokers do not answer.
        """
        return self._guarded(lambda: gaps(positions, self._spans({})))

    def prune(self, positions: Positions) -> list[str]:  # noqa: ARG002 - the interface's
        """Remove nothing: how long records stay is the topic's `retention.ms`."""
        return []

    def close(self) -> None:
        """Drop the connection; a later read connects again."""
        if self._consumer is not None:
            with contextlib.suppress(Exception):
                self._consumer.close(timeout_ms=500)
        self._consumer = self._cluster = None
        self._next = {}
        self._drop_fetched()

    def _guarded(self, ask: Callable[[], _Answer]) -> _Answer:
        try:
            return ask()
        except gap_errors() as error:
            self.close()
            raise LogGap(
                f"Topic {self._topic} at {self._brokers} has lost records that were not landed: {error}."
            ) from error
        except broker_errors() as error:
            self.close()
            raise LogUnavailable(
                f"Topic {self._topic} at {self._brokers} cannot be read: {why(error)}. "
                "If this stays, check that the brokers are up and can be reached from here."
            ) from error

    def _read(self, positions: Positions, max_bytes: int) -> list[Entry]:
        if not self._connect(positions):
            self._wanted(positions, {})
            return []
        if not self._follows(positions):
            self._seek(self._wanted(positions, self._spans(positions)), positions)
        if self._bytes < max_bytes:
            try:
                self._fetch(positions, max_bytes)
            except gap_errors():
                self._wanted(positions, self._spans(positions))  # says it in full
                raise
        entries: list[Entry] = []
        while self._fetched and (not entries or len(self._fetched[0].payload) <= max_bytes):
            entry = self._fetched.popleft()
            entries.append(entry)
            max_bytes -= len(entry.payload)
            self._bytes -= len(entry.payload)
            self._next[entry.source] = entry.offset + 1
        return entries

    def _follows(self, positions: Positions) -> bool:
        """Say whether the last read ended at these: then a fetch itself tells of it if they do not fit any more."""
        partitions = self._cluster.partitions_for_topic(self._topic) or ()
        return (
            len(partitions) == len(self._next)
            and all(source in self._next for source in positions if "/" in source)
            and all(
                positions.get(source, self._began[source]) == offset for source, offset in self._next.items()
            )
        )

    def _spans(self, positions: Positions) -> dict[str, Span]:
        """Return what each partition holds, those that were added since among them; nothing where there is no topic."""
        if not self._connect(positions):
            return {}
        partitions = [
            self._at(partition) for partition in self._cluster.partitions_for_topic(self._topic) or ()
        ]
        begins = self._consumer.beginning_offsets(partitions, timeout_ms=self._wait_ms)
        ends = self._consumer.end_offsets(partitions, timeout_ms=self._wait_ms)
        return {self._source(at.partition): Span(begins[at], ends[at]) for at in partitions}

    def _wanted(self, positions: Positions, spans: Mapping[str, Span]) -> dict[str, int]:
        """Return the next offset to read of each source.

        Raises:
            LogGap: a position does not fit.
        """
        found = gaps(positions, spans)
        if found:
            project = self._topic.rpartition(".")[2]
            raise LogGap(
                f"Topic {self._topic} at {self._brokers} is not as it was when this project last landed. "
                f"{found[0].said}. Nothing of it is landed until somebody has decided: put back the log and the "
                f"warehouse that belong together, or see what would be skipped: sayso log accept --project {project}"
            )
        for source, span in spans.items():
            if source not in positions and span.begin > 0:
                self._warn(
                    f"Records of {self._topic} before {source}:{span.begin} expired before they were landed"
                )
        return {source: positions.get(source, span.begin) for source, span in spans.items()}

    def _seek(self, wanted: dict[str, int], positions: Positions) -> None:
        self._drop_fetched()
        # So that it is known from now on where a partition began of which nothing was left to land: what expires there
        # later was lost, what had expired before was not.
        self._take(
            Entry(source, offset - 1, NOTHING)
            for source, offset in wanted.items()
            if offset > 0 and source not in positions
        )
        self._consumer.assign([self._at(_partition(source)) for source in wanted])
        for source, offset in wanted.items():
            self._consumer.seek(self._at(_partition(source)), offset)
        self._began, self._next = dict(wanted), wanted

    def _fetch(self, positions: Positions, max_bytes: int) -> None:
        """Wait for the records that are known to be there (not for those that only take up an offset)."""
        deadline = time.monotonic() + self._wait_ms / 1000
        ends = self._ends()
        if any(offset > ends[source] for source, offset in self._next.items()):
            self._wanted(positions, self._spans(positions))
        while self._bytes < max_bytes and self._lacks(ends):
            if time.monotonic() > deadline:
                if self._fetched:
                    break
                raise TimeoutError(f"no records came within {self._wait_ms / 1000} s")
            # Not more at once than surely fits: a record that is small when it comes may be large.
            most = max(FEWEST, (max_bytes - self._bytes) // MESSAGE_BYTES)
            for at, records in self._consumer.poll(timeout_ms=100, max_records=most).items():
                source = self._source(at.partition)
                self._take(Entry(source, r.offset, r.value or b"") for r in records)
        if self._topic_id != self._cluster.topic_id(self._topic):
            raise ConnectionError("the topic was deleted or made again while it was read")

    def _lacks(self, ends: Mapping[str, int]) -> bool:
        """Say whether some of what is there has not come yet."""
        return any(
            self._consumer.position(self._at(_partition(source)), timeout_ms=self._wait_ms) < end
            for source, end in ends.items()
        )

    def _ends(self) -> dict[str, int]:
        partitions = [self._at(_partition(source)) for source in self._next]
        ends = self._consumer.end_offsets(partitions, timeout_ms=self._wait_ms)
        return {self._source(at.partition): end for at, end in ends.items()}

    def _take(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._fetched.append(entry)
            self._bytes += len(entry.payload)

    def _drop_fetched(self) -> None:
        self._fetched.clear()
        self._bytes = 0

    def _connect(self, positions: Positions) -> bool:
        """Connect, if that is not so already; false where there is no topic, and none is to be made."""
        if self._consumer is not None and self._topic_id == self._cluster.topic_id(self._topic):
            return True
        self.close()
        if not exists(self._brokers, self._topic):
            # One of which something has landed was deleted: that is told, and nobody makes it anew.
            if not self._make or any("/" in source for source in positions):
                return False
            ensure_topic(self._brokers, self._topic)
        self._consumer, client = build(
            "KafkaConsumer",
            self._brokers,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            allow_auto_create_topics=False,
            max_partition_fetch_bytes=FETCH_BYTES,
            fetch_max_bytes=FETCH_BYTES,
            fetch_max_wait_ms=FETCH_WAIT_MS,
            metadata_max_age_ms=self._refresh_ms,
            metrics_enabled=False,
        )
        self._cluster = client.cluster
        self._cluster.add_topic(self._topic)
        self._await_topic()
        return True

    def _await_topic(self) -> None:
        deadline = time.monotonic() + self._wait_ms / 1000
        while not self._cluster.partitions_for_topic(self._topic):
            if time.monotonic() > deadline:
                raise TimeoutError("the brokers do not say what partitions the topic has")
            told = threading.Event()
            self._cluster.request_update().add_both(lambda _, told=told: told.set())
            told.wait(0.2)
        self._topic_id = self._cluster.topic_id(self._topic)
        if self._topic_id is None:
            raise TimeoutError("the brokers name no id of the topic (they do so from Kafka 2.8 on)")

    def _at(self, partition: int) -> Any:
        return topic_partition(self._topic, partition)

    def _source(self, partition: int) -> str:
        return f"{self._cluster.cluster_id}/{self._topic_id}/{partition}"

    def _warn(self, text: str) -> None:
        if text not in self._warned:
            self._warned.add(text)
            _log.warning("%s.", text)


def _partition(source: str) -> int:
    return int(source.rpartition("/")[2])
