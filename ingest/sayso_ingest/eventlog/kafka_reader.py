"""The reader of the log in Kafka: all partitions of a project's topic, from positions that the caller keeps.

A source is `<cluster id>/<topic id>/<partition>`, so a topic that was deleted and made again is another source.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sayso_ingest.errors import LogGap, LogUnavailable
from sayso_ingest.eventlog.base import Entry, Positions
from sayso_ingest.eventlog.kafka import (
    broker_errors,
    build,
    ensure_topic,
    gap_errors,
    require_library,
    topic_partition,
)

_log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")


class KafkaReader:
    """Reads all partitions of a topic from positions that the caller keeps; used by one thread at a time."""

    def __init__(
        self, servers: str, topic: str, *, wait_seconds: float = 5.0, refresh_seconds: float = 10.0
    ) -> None:
        require_library()
        self._servers = servers
        self._topic = topic
        self._wait_ms = int(wait_seconds * 1000)
        self._refresh_ms = int(refresh_seconds * 1000)
        self._consumer: Any = None
        self._cluster: Any = None
        self._topic_id: Any = None
        self._next: dict[int, int] = {}
        self._fetched: deque[Entry] = deque()
        self._warned: set[str] = set()

    def read(self, positions: Positions, *, max_bytes: int) -> list[Entry]:
        """Return entries, waiting for those that are known to be there; see `LogReader`."""
        return self._guarded(lambda: self._read(positions, max_bytes))

    def behind(self, positions: Positions) -> int:
        """Count the records that are in the topic and not landed."""

        def count() -> int:
            begins, ends = self._offsets()
            wanted = self._wanted(positions, begins, ends)
            return sum(ends[partition] - offset for partition, offset in wanted.items())

        return self._guarded(count)

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
        self._fetched.clear()

    def _guarded(self, ask: Callable[[], _Answer]) -> _Answer:
        try:
            return ask()
        except gap_errors() as error:
            self.close()
            raise LogGap(
                f"Topic {self._topic} at {self._servers} has lost records that were not landed: {error}."
            ) from error
        except broker_errors() as error:
            self.close()
            raise LogUnavailable(
                f"Topic {self._topic} at {self._servers} cannot be read: {error!r}. "
                "If this stays, check that the brokers are up and can be reached from here."
            ) from error

    def _read(self, positions: Positions, max_bytes: int) -> list[Entry]:
        begins, ends = self._offsets()
        wanted = self._wanted(positions, begins, ends)
        if wanted != self._next:
            self._seek(wanted)
        if not self._fetched:
            self._fetch(ends)
        entries: list[Entry] = []
        while self._fetched and (not entries or len(self._fetched[0].payload) <= max_bytes):
            entry = self._fetched.popleft()
            entries.append(entry)
            max_bytes -= len(entry.payload)
            self._next[_partition(entry.source)] = entry.offset + 1
        return entries

    def _offsets(self) -> tuple[dict[int, int], dict[int, int]]:
        """Return where each partition begins and ends, those that were added since among them."""
        self._connect()
        partitions = [
            self._at(partition) for partition in self._cluster.partitions_for_topic(self._topic) or ()
        ]
        begins = self._consumer.beginning_offsets(partitions, timeout_ms=self._wait_ms)
        ends = self._consumer.end_offsets(partitions, timeout_ms=self._wait_ms)
        return {at.partition: n for at, n in begins.items()}, {at.partition: n for at, n in ends.items()}

    def _wanted(
        self, positions: Positions, begins: Mapping[int, int], ends: Mapping[int, int]
    ) -> dict[int, int]:
        """Return the next offset to read of each partition.

        Raises:
            LogGap: a position lies outside of what the partition holds.
        """
        self._warn_of_others(positions)
        wanted = {}
        for partition, end in ends.items():
            source, begin = self._source(partition), begins[partition]
            if source not in positions and begin > 0:
                self._warn(
                    f"Records of {self._topic} before {source}:{begin} expired before they were landed"
                )
            wanted[partition] = positions.get(source, begin)
            if not begin <= wanted[partition] <= end:
                raise LogGap(
                    f"Partition {partition} of topic {self._topic} at {self._servers} holds the offsets "
                    f"{begin} to {end}, but the next one to land is {wanted[partition]} ({source}). Below, records "
                    "expired before they were landed: restore them, and give the topic a longer retention.ms. "
                    "Above, the log or the warehouse was put back from an older time: use those that belong "
                    "together."
                )
        return wanted

    def _seek(self, wanted: dict[int, int]) -> None:
        self._fetched.clear()
        self._consumer.assign([self._at(partition) for partition in wanted])
        for partition, offset in wanted.items():
            self._consumer.seek(self._at(partition), offset)
        self._next = wanted

    def _fetch(self, ends: Mapping[int, int]) -> None:
        """Wait for the records that are known to be there (not for those that only take up an offset)."""
        deadline = time.monotonic() + self._wait_ms / 1000
        while not self._fetched and any(
            self._consumer.position(self._at(partition), timeout_ms=self._wait_ms) < end
            for partition, end in ends.items()
        ):
            if time.monotonic() > deadline:
                raise TimeoutError(f"no records came within {self._wait_ms / 1000} s")
            for at, records in self._consumer.poll(timeout_ms=100).items():
                source = self._source(at.partition)
                self._fetched.extend(Entry(source, r.offset, r.value or b"") for r in records)
        if self._topic_id != self._cluster.topic_id(self._topic):
            raise ConnectionError("the topic was deleted or made again while it was read")

    def _connect(self) -> None:
        if self._consumer is not None and self._topic_id == self._cluster.topic_id(self._topic):
            return
        self.close()
        ensure_topic(self._servers, self._topic)
        self._consumer, client = build(
            "KafkaConsumer",
            bootstrap_servers=self._servers,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            allow_auto_create_topics=False,
            max_poll_records=2_000,
            metadata_max_age_ms=self._refresh_ms,
        )
        self._cluster = client.cluster
        self._cluster.add_topic(self._topic)
        deadline = time.monotonic() + self._wait_ms / 1000
        while self._cluster.topic_id(self._topic) is None:
            if time.monotonic() > deadline:
                raise TimeoutError("the brokers name no id of the topic (they do so from Kafka 2.8 on)")
            told = threading.Event()
            self._cluster.request_update().add_both(lambda _, told=told: told.set())
            told.wait(0.2)
        self._topic_id = self._cluster.topic_id(self._topic)

    def _at(self, partition: int) -> Any:
        return topic_partition(self._topic, partition)

    def _source(self, partition: int) -> str:
        return f"{self._cluster.cluster_id}/{self._topic_id}/{partition}"

    def _warn_of_others(self, positions: Positions) -> None:
        mine = self._source(0).rpartition("/")[0]
        others = {
            source.rpartition("/")[0] for source in positions if "/" in source and not source.startswith(mine)
        }
        for other in sorted(others):
            self._warn(
                f"Topic {self._topic} is {mine} now, and was {other} before: it is read from its beginning, and "
                "what was not landed of the old one is not read any more"
            )

    def _warn(self, text: str) -> None:
        if text not in self._warned:
            self._warned.add(text)
            _log.warning("%s.", text)


def _partition(source: str) -> int:
    return int(source.rpartition("/")[2])
