"""The writer of the log in Kafka: one topic a project, records spread over its partitions."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import Any

from sayso_ingest.errors import LogUnavailable
from sayso_ingest.eventlog.in_step import can_reach, takes_records
from sayso_ingest.eventlog.kafka import CONNECT_MS, REQUEST_MS, build, require_library
from sayso_ingest.eventlog.outage import Outage
from sayso_ingest.eventlog.security import Brokers
from sayso_ingest.eventlog.topic import Topics, ensure_topic

# Request, delivery, append: each is longer than the one before, so that no record is given up that may yet be
# delivered.
DELIVERY_MS = 8_000
APPEND_SECONDS = 8.5
IN_FLIGHT_BYTES = 64 * 1024 * 1024


class KafkaWriter:
    """Appends to a topic; used by one thread at a time. Connects with the first append in a process."""

    def __init__(self, brokers: Brokers, topic: str, *, in_flight_bytes: int = IN_FLIGHT_BYTES) -> None:
        require_library()
        self._brokers = brokers
        self._topic = topic
        self._in_flight_bytes = in_flight_bytes
        self._producer: Any = None
        self._pid = 0
        self._needed = 0
        self._inherited: list[Any] = []
        self._outage = Outage(f"{topic} at {brokers}")

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

    def problem(self) -> str:
        """Ask the brokers who leads the topic, and whether enough copies are in step; see `LogWriter`."""
        try:
            producer = self._connected()
            producer.partitions_for(self._topic)  # from now on the library asks about it
            # What it has may be minutes old, and there is no public way to ask anew, nor for copies in step.
            metadata = producer._metadata
            asked, answered = metadata.request_update(), threading.Event()
            asked.add_both(lambda *_: answered.set())
            producer._sender.wakeup()
            if not answered.wait(CONNECT_MS / 1000) or asked.failed():
                return "no broker answers"
            if not metadata.available_partitions_for_topic(self._topic):
                return "no partition of its topic has a leader"
            partitions = metadata._partitions[self._topic].values()
            if takes_records(partitions, self._copies_needed(), partial(_is_up, metadata)):
                return ""
            return "too few brokers are up that have a copy of its topic in step"
        except LogUnavailable:
            return "no broker answers"
        except Exception as error:  # it raises more than KafkaError, and says addresses
            return f"its brokers do not answer, or do not let it in ({type(error).__name__})"

    def _copies_needed(self) -> int:
        """How many copies in step the topic asks for, as it was when this was asked first."""
        if not self._needed:
            topic = Topics(self._brokers).look(self._topic)
            self._needed = int(topic.settings.get("min.insync.replicas", 1)) if topic else 1
        return self._needed

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
            ensure_topic(self._brokers, self._topic)
            self._producer, _ = build(
                "KafkaProducer",
                self._brokers,
                acks="all",
                enable_idempotence=True,  # said aloud: another `acks` would otherwise switch it off silently
                compression_type="lz4",
                linger_ms=0,  # the collector has grouped what waits; nothing more comes until this is durable
                batch_size=131_072,
                max_block_ms=CONNECT_MS,
                request_timeout_ms=REQUEST_MS,
                delivery_timeout_ms=DELIVERY_MS,
                max_in_flight_requests_per_connection=5,
                metrics_enabled=False,  # nobody asks for them, and to keep them costs a tenth of an append
            )
            self._pid = os.getpid()
        return self._producer


def _is_up(metadata: Any, node: int) -> bool:
    broker = metadata.broker_metadata(node)
    return broker is not None and can_reach(broker.host, broker.port)
