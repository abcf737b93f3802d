"""A project's topic in Kafka: made with settings under which no accepted record is lost, looked at, altered."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sayso_ingest.errors import LogUnavailable
from sayso_ingest.eventlog.kafka import REQUEST_MS, broker_errors, build, why
from sayso_ingest.eventlog.security import Brokers

PARTITIONS = 3
COPIES = 3
KEEP_DAYS = 7.0
"""Longer than a lander may be away."""
_DAY_MS = 86_400_000
MESSAGE_BYTES = 1_048_588
"""Kafka's own default, which a record of the log fits into."""
FOR_EVER = -1


@dataclass(frozen=True, slots=True)
class Topic:
    """What a topic is like, or is to be like."""

    name: str
    partitions: int
    copies: int
    """Of the partition that has the fewest."""
    settings: Mapping[str, str]

    @property
    def keep_ms(self) -> int:
        """Milliseconds that a record stays, `FOR_EVER` included."""
        return int(self.settings.get("retention.ms", 7 * _DAY_MS))


@dataclass(frozen=True, slots=True)
class Weakness:
    """Something about a topic that may lose records; with the setting that mends it, where one does."""

    said: str
    setting: tuple[str, str] | None = None


def safe(name: str, *, brokers: int, partitions: int = PARTITIONS, days: float = KEEP_DAYS) -> Topic:
    """Say what a topic is to be like on so many brokers: one of them may fail, and nothing accepted is lost."""
    copies = min(COPIES, brokers)
    return Topic(
        name,
        partitions,
        copies,
        {
            "min.insync.replicas": str(max(1, copies - 1)),
            "unclean.leader.election.enable": "false",
            "cleanup.policy": "delete",
            "retention.ms": str(int(days * _DAY_MS)),
            "retention.bytes": str(FOR_EVER),
            "max.message.bytes": str(MESSAGE_BYTES),
        },
    )


def weaknesses(found: Topic, wanted: Topic) -> list[Weakness]:
    """Say in what a topic is less safe than it is wanted; what is safer still is in order."""
    weak = []
    if found.copies < wanted.copies:
        weak.append(
            Weakness(
                f"of each record there {'is one copy' if found.copies == 1 else f'are {found.copies} copies'}, and the "
                f"brokers could hold {wanted.copies}"
            )
        )
    for name, value in wanted.settings.items():
        has = found.settings.get(name, "")
        if not _as_safe(name, has, value):
            weak.append(Weakness(f"{name} is {has or 'not told'}, and {value} is safe", (name, value)))
    return weak


def _as_safe(name: str, has: str, value: str) -> bool:
    if name in ("retention.ms", "retention.bytes"):
        return int(has or 0) == FOR_EVER or (value != str(FOR_EVER) and int(has or 0) >= int(value))
    if name in ("min.insync.replicas", "max.message.bytes"):
        return int(has or 0) >= int(value)
    return has == value


def ensure_topic(brokers: Brokers, name: str) -> None:
    """Make a topic that is missing, as it is safe; one that is there stays as it is."""
    with _admin(brokers) as admin:
        if _described(admin, name) is None:
            _make(admin, safe(name, brokers=_count(admin)))


def exists(brokers: Brokers, name: str) -> bool:
    """Say whether there is such a topic."""
    with _admin(brokers) as admin:
        return _described(admin, name) is not None


class Topics:
    """The topics of some brokers, for a command: what goes wrong is a LogUnavailable that names the brokers."""

    def __init__(self, brokers: Brokers) -> None:
        self._brokers = brokers

    def count_brokers(self) -> int:
        """How many brokers there are, those that are away for a moment among them."""
        with self._asked() as admin:
            return _count(admin)

    def look(self, name: str) -> Topic | None:
        """Look at a topic; None where there is none."""
        from kafka.admin import ConfigResource

        with self._asked() as admin:
            described = _described(admin, name)
            if described is None:
                return None
            told = admin.describe_configs([ConfigResource("TOPIC", name)], config_filter="all")["topic"][name]
        partitions = described["partitions"]
        return Topic(
            name,
            len(partitions),
            min(len(partition["replica_nodes"]) for partition in partitions),
            {setting: str(row["value"]) for setting, row in told.items()},
        )

    def make(self, topic: Topic) -> None:
        """Make a topic, and wait until each partition has a leader."""
        with self._asked() as admin:
            _make(admin, topic)

    def alter(self, name: str, settings: Mapping[str, str]) -> None:
        """Change settings of a topic, and leave the others."""
        from kafka.admin import ConfigResource

        with self._asked() as admin:
            admin.alter_configs([ConfigResource("TOPIC", name, dict(settings))])

    @contextlib.contextmanager
    def _asked(self) -> Iterator[Any]:
        try:
            with _admin(self._brokers) as admin:
                yield admin
        except broker_errors() as error:
            raise LogUnavailable(
                f"The brokers at {self._brokers} did not do it: {why(error)}. Check that they are up and can be "
                "reached from here, and that this user may describe, create and alter topics."
            ) from error


@contextlib.contextmanager
def _admin(brokers: Brokers) -> Iterator[Any]:
    admin, _ = build("KafkaAdminClient", brokers, request_timeout_ms=REQUEST_MS)
    try:
        yield admin
    finally:
        admin.close()


def _described(admin: Any, name: str) -> dict[str, Any] | None:
    """Describe a topic; None where there is none."""
    from kafka import errors

    described: dict[str, Any] = admin.describe_topics([name])[0]
    found = errors.for_code(described["error_code"])
    if found is errors.UnknownTopicOrPartitionError:
        return None
    if found is not errors.NoError and not found.retriable:
        raise found(name)
    return described


def _make(admin: Any, topic: Topic) -> None:
    from kafka import errors

    plan = {
        "num_partitions": topic.partitions,
        "replication_factor": topic.copies,
        "configs": dict(topic.settings),
    }
    with contextlib.suppress(errors.TopicAlreadyExistsError):  # somebody was faster
        admin.create_topics({topic.name: plan}, timeout_ms=REQUEST_MS)
    admin.wait_for_topics([topic.name], timeout_ms=REQUEST_MS)


def _count(admin: Any) -> int:
    return len(admin.describe_cluster()["brokers"])
