"""The only import of kafka-python: what the writer and the reader of a log in Kafka need of it.

It is imported when it is first used, so that everything else works without it. What shapes these files: it tells of a
failed batch by its future alone, bounds no bytes that wait, leaves a thread behind where a constructor reaches no
broker, and knows nothing of forks.
"""

from __future__ import annotations

import logging
import re
from importlib.util import find_spec
from typing import Any

from sayso_ingest.errors import MissingExtra
from sayso_ingest.eventlog.security import Brokers

_REFUSAL = re.compile("authenticat|handshake|certificate", re.IGNORECASE)
_ENTRY = re.compile(f"{_REFUSAL.pattern}|ssl|sasl|authoriz", re.IGNORECASE)
"""What is said where a user, a password, TLS or its absence is not what the broker expects."""
_ADDRESS = re.compile(r"[\w.-]+:\d+|\w+(?:[.-]\w+)+")
"""Of a broker, which may be called kafka-ssl."""
REQUEST_MS = 3_000
CONNECT_MS = 2_000


def require_library() -> None:
    """Raise MissingExtra where kafka-python, the compression that the log uses or quick checksums are not installed."""
    try:
        from kafka.codec import has_lz4
    except ImportError:
        raise MissingExtra("kafka-python", "kafka") from None
    if not has_lz4():
        raise MissingExtra("lz4", "kafka")
    if find_spec("crc32c") is None:  # it would reckon in Python, and take three times as long for a record
        raise MissingExtra("crc32c", "kafka")


def build(name: str, brokers: Brokers, **settings: Any) -> tuple[Any, Any]:
    """Make one of the library's clients, and return it with its network client.

    When no broker answers within `CONNECT_MS`, or lets nobody in, it raises, and nothing of it is left.
    """
    import kafka
    from kafka import errors
    from kafka.net.compat import KafkaNetClient

    _keep_secrets()
    networks: list[Any] = []

    def network(**config: Any) -> Any:
        networks.append(KafkaNetClient(**config))
        return networks[-1]

    settings |= {"bootstrap_servers": brokers.servers, **brokers.security.options()}
    complaints = _Complaints()
    network_log = logging.getLogger("kafka.net.manager")
    network_log.addHandler(complaints)
    try:
        client = getattr(kafka, name)(kafka_client=network, bootstrap_timeout_ms=CONNECT_MS, **settings)
    except BaseException as error:
        for left in networks:
            left.close()
        if isinstance(error, errors.KafkaTimeoutError) and complaints.last:
            raise errors.KafkaConnectionError(complaints.last) from error
        raise
    finally:
        network_log.removeHandler(complaints)
    return client, networks[0]


class _Complaints(logging.Handler):
    """Keeps why a broker did not let it in: what the library raises says only that none did."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last = ""

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        # A refusal says more than what comes of trying again until the deadline.
        if said.startswith("Bootstrap connection") and not _REFUSAL.search(self.last):
            self.last = said.partition(" (backoff")[0]


def _keep_secrets() -> None:
    """Let the library say what goes wrong, and no more: below that it writes down passwords, and all that it sends.

    And that only with our own level debug: while a broker is away it says so many times a second, and we say it once.
    """
    library = logging.getLogger("kafka")
    if library.level < logging.WARNING:
        library.setLevel(logging.WARNING)
        library.addHandler(logging.NullHandler())
    library.propagate = logging.getLogger().isEnabledFor(logging.DEBUG)


def topic_partition(topic: str, partition: int) -> Any:
    """Return the library's name of a partition."""
    from kafka import TopicPartition

    return TopicPartition(topic, partition)


def gap_errors() -> tuple[type[Exception], ...]:
    """Return what the library raises when records are not there any more."""
    from kafka import errors

    return errors.OffsetOutOfRangeError, errors.NoOffsetForPartitionError, errors.LogTruncationError


def why(error: BaseException) -> str:
    """Say what went wrong between here and a broker; where it let nobody in, name the settings."""
    said = str(error) or type(error).__name__
    if not _ENTRY.search(f"{type(error).__name__} {_ADDRESS.sub('', said)}"):
        return said
    return (
        f"signing in or security failed: {said} (look at SAYSO_KAFKA_SECURITY, and what else is "
        "set of SAYSO_KAFKA_*, against what the brokers have)"
    )


def broker_errors() -> tuple[type[Exception], ...]:
    """Return what the library raises when brokers do not answer, or answer that they cannot."""
    from kafka import errors

    return errors.KafkaError, OSError
