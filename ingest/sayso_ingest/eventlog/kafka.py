"""The log in Kafka, for collectors on several machines: one topic a project, its retention is Kafka's.

A source is `<cluster id>/<topic id>/<partition>`, so a topic that was deleted and made again is another source.
What shapes this file: kafka-python tells of a failed batch by its future alone, bounds no bytes that wait, leaves
a thread behind where a constructor reaches no broker, and knows nothing of forks.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sayso_ingest.errors import LogGap, LogUnavailable, MissingExtra
from sayso_ingest.eventlog.base import Entry, Positions
from sayso_ingest.eventlog.outage import Outage

_log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")

# Each is longer than the one before, so that an answer is never given up while its record may still be delivered.
REQUEST_MS = 3_000
DELIVERY_MS = 8_000
APPEND_SECONDS = 8.5
CONNECT_MS = 2_000
IN_FLIGHT_BYTES = 64 * 1024 * 1024


class KafkaWriter:
    """Appends to a topic; used by one thread at a time. Connects with the first append in a process."""

    def __init__(self, servers: str, topic: str, *, in_flight_bytes: int = IN_FLIGHT_BYTES) -> None:
        _require_library()
        self._servers = servers
        self._topic = topic
        self._in_flight_bytes = in_flight_bytes
        self._producer: Any = None
        self._pid = 0
        self._inherited: list[Any] = []
        self._outage = Outage(f"{topic} at {servers}")

    def append(self, records: Sequence[bytes]) -> list[bool]:
        """Send all records and wait for each, until one deadline for all; see `LogWriter`."""
        if not records:
            return []
        deadline = time.monotonic() + APPEND_SECONDS
        results: list[bool] = []
        in_flight: deque[tuple[Any, int]] = deque()
        room = self._in_flight_bytes
        try:
            producer = self._connected()
            for record in records:
                while in_flight and room < len(record):
                    future, size = in_flight.popleft()
                    results.append(self._durable(future, deadline))
                    room += size
                in_flight.append((producer.send(self._topic, record), len(record)))
                room -= len(record)
        except Exception as error:  # it raises more than KafkaError: RuntimeError, OSError, ValueError
            self._outage.begins(error)
        results += [self._durable(future, deadline) for future, _ in in_flight]
        results += [False] * (len(records) - len(results))
        if not any(results):
            self._drop(seconds=0)  # the next append starts anew, whatever state this producer is in
        elif all(results):
            self._outage.ends()
        return results

    def close(self) -> None:
        """Drop the connection; a later append connects again."""
        self._drop(seconds=1)

    def _drop(self, *, seconds: float) -> None:
        if self._producer is not None and self._pid == os.getpid():
            producer, self._producer = self._producer, None
            with contextlib.suppress(Exception):
                try:
                    producer.close(timeout=seconds)
                except Exception:
                    # Records still wait, and it gives up before it ends its thread. There is no public way.
                    producer._sender.force_close()
                    producer.close(timeout=1)

    def _durable(self, future: Any, deadline: float) -> bool:
        try:
            future.get(timeout=max(0.0, deadline - time.monotonic()))
        except Exception as error:  # whatever it is, the record is not known to be durable
            self._outage.begins(error)
            return False
        return True

    def _connected(self) -> Any:
        if self._producer is not None and self._pid != os.getpid():
            self._inherited.append(self._producer)  # the parent's: closing it here would wait for its thread
            self._producer = None
        if self._producer is None:
            _ensure_topic(self._servers, self._topic)
            self._producer, _ = _build(
                "KafkaProducer",
                bootstrap_servers=self._servers,
                acks="all",
                enable_idempotence=True,  # said aloud: another `acks` would otherwise switch it off silently
                compression_type="lz4",
                linger_ms=10,
                batch_size=131_072,
                max_block_ms=CONNECT_MS,
                request_timeout_ms=REQUEST_MS,
                delivery_timeout_ms=DELIVERY_MS,
                max_in_flight_requests_per_connection=5,
            )
            self._pid = os.getpid()
        return self._producer


class KafkaReader:
    """Reads all partitions of a topic from positions that the caller keeps; used by one thread at a time."""

    def __init__(
        self, servers: str, topic: str, *, wait_seconds: float = 5.0, refresh_seconds: float = 10.0
    ) -> None:
        _require_library()
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
        from kafka import errors

        try:
            return ask()
        except (
            errors.OffsetOutOfRangeError,
            errors.NoOffsetForPartitionError,
            errors.LogTruncationError,
        ) as error:
            self.close()
            raise LogGap(
                f"Topic {self._topic} at {self._servers} has lost records that were not landed: {error}."
            ) from error
        except (errors.KafkaError, OSError) as error:
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
        _ensure_topic(self._servers, self._topic)
        self._consumer, client = _build(
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
        from kafka import TopicPartition

        return TopicPartition(self._topic, partition)

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


def _require_library() -> None:
    try:
        from kafka.codec import has_lz4
    except ImportError:
        raise MissingExtra("kafka-python", "kafka") from None
    if not has_lz4():
        raise MissingExtra("lz4", "kafka")


def _build(name: str, **settings: Any) -> tuple[Any, Any]:
    """Make one of the library's clients, and return it with its network client.

    When no broker answers within `CONNECT_MS` it raises, and nothing of it is left.
    """
    import kafka
    from kafka.net.compat import KafkaNetClient

    networks: list[Any] = []

    def network(**config: Any) -> Any:
        networks.append(KafkaNetClient(**config))
        return networks[-1]

    try:
        client = getattr(kafka, name)(kafka_client=network, bootstrap_timeout_ms=CONNECT_MS, **settings)
    except BaseException:
        for left in networks:
            left.close()
        raise
    return client, networks[0]


def _ensure_topic(servers: str, topic: str) -> None:
    """Create a topic that is missing, with the brokers' own defaults for partitions and replicas."""
    from kafka import errors

    admin, _ = _build("KafkaAdminClient", bootstrap_servers=servers, request_timeout_ms=REQUEST_MS)
    try:
        found = errors.for_code(admin.describe_topics([topic])[0]["error_code"])
        if found is errors.UnknownTopicOrPartitionError:
            with contextlib.suppress(errors.TopicAlreadyExistsError):
                admin.create_topics([topic], timeout_ms=REQUEST_MS)
            admin.wait_for_topics([topic], timeout_ms=REQUEST_MS)
        elif found is not errors.NoError and not found.retriable:
            raise found(topic)
    finally:
        admin.close()
