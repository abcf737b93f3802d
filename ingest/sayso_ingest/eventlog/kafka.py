"""The only import of kafka-python: what the writer and the reader of a log in Kafka need of it.

It is imported when it is first used, so that everything else works without it. What shapes these files: it tells of a
failed batch by its future alone, bounds no bytes that wait, leaves a thread behind where a constructor reaches no
broker, and knows nothing of forks.
"""

from __future__ import annotations

import contextlib
from typing import Any

from sayso_ingest.errors import MissingExtra

REQUEST_MS = 3_000
CONNECT_MS = 2_000


def require_library() -> None:
    """Raise MissingExtra where kafka-python, or the compression that the log uses, is not installed."""
    try:
        from kafka.codec import has_lz4
    except ImportError:
        raise MissingExtra("kafka-python", "kafka") from None
    if not has_lz4():
        raise MissingExtra("lz4", "kafka")


def build(name: str, **settings: Any) -> tuple[Any, Any]:
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


def ensure_topic(servers: str, topic: str) -> None:
    """Create a topic that is missing, with the brokers' own defaults for partitions and replicas."""
    from kafka import errors

    admin, _ = build("KafkaAdminClient", bootstrap_servers=servers, request_timeout_ms=REQUEST_MS)
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


def topic_partition(topic: str, partition: int) -> Any:
    """Return the library's name of a partition."""
    from kafka import TopicPartition

    return TopicPartition(topic, partition)


def gap_errors() -> tuple[type[Exception], ...]:
    """Return what the library raises when records are not there any more."""
    from kafka import errors

    return errors.OffsetOutOfRangeError, errors.NoOffsetForPartitionError, errors.LogTruncationError


def broker_errors() -> tuple[type[Exception], ...]:
    """Return what the library raises when brokers do not answer, or answer that they cannot."""
    from kafka import errors

    return errors.KafkaError, OSError
