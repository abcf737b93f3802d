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
from collections.abc import Callable, Mapping
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
)
from sayso_ingest.eventlog.security import Brokers
from sayso_ingest.eventlog.topic import ensure_topic, exists

_log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")


class KafkaReader:
    """Reads all partitions of a topic from positions that the caller keeps; used by one thread at a time."""

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
        self._next: dict[str, int] = {}
        self._fetched: deque[Entry] = deque()
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
        self._fetched.clear()

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
                f"Topic {self._topic} at {self._brokers} cannot be read: {error!r}. "
                "If this stays, check that the brokers are up and can be reached from here."
            ) from error

    def _read(self, positions: Positions, max_bytes: int) -> list[Entry]:
        spans = self._spans(positions)
        wanted = self._wanted(positions, spans)
        if wanted != self._next:
            self._seek(wanted)
        if not self._fetched:
            self._fetch(spans)
        entries: list[Entry] = []
        while self._fetched and (not entries or len(self._fetched[0].payload) <= max_bytes):
            entry = self._fetched.popleft()
            entries.append(entry)
            max_bytes -= len(entry.payload)
            self._next[entry.source] = entry.offset + 1
        return entries

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

    def _seek(self, wanted: dict[str, int]) -> None:
        self._fetched.clear()
        self._consumer.assign([self._at(_partition(source)) for source in wanted])
        for source, offset in wanted.items():
            self._consumer.seek(self._at(_partition(source)), offset)
        self._next = wanted

    def _fetch(self, spans: Mapping[str, Span]) -> None:
        """Wait for the records that are known to be there (not for those that only take up an offset)."""
        deadline = time.monotonic() + self._wait_ms / 1000
        while not self._fetched and any(
            self._consumer.position(self._at(_partition(source)), timeout_ms=self._wait_ms) < span.end
            for source, span in spans.items()
        ):
            if time.monotonic() > deadline:
                raise TimeoutError(f"no records came within {self._wait_ms / 1000} s")
            for at, records in self._consumer.poll(timeout_ms=100).items():
                source = self._source(at.partition)
                self._fetched.extend(Entry(source, r.offset, r.value or b"") for r in records)
        if spans and self._topic_id != self._cluster.topic_id(self._topic):
            raise ConnectionError("the topic was deleted or made again while it was read")

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
            max_poll_records=2_000,
            metadata_max_age_ms=self._refresh_ms,
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
