"""Where a log in Kafka is not as a project's warehouse left it: told, and accepted by a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sayso_ingest.analysis import catalog
from sayso_ingest.eventlog import Security
from sayso_ingest.eventlog.gaps import Gap
from sayso_ingest.eventlog.kafka_reader import KafkaReader
from sayso_ingest.eventlog.open import brokers_and_topic
from sayso_ingest.places import live_warehouse
from sayso_ingest.warehouse import AcceptedGap, Warehouse


class Gaps:
    """A project's gaps, while no lander is at work on it."""

    def __init__(self, warehouse: Warehouse, reader: KafkaReader) -> None:
        self._warehouse = warehouse
        self.found: Sequence[Gap] = reader.gaps(warehouse.positions())

    def accept(self) -> None:
        """Let landing go on, in one transaction with a record of it in the table `accepted_gaps`."""
        accepted = [AcceptedGap(gap.source, gap.stored, gap.to, gap.said) for gap in self.found]
        self._warehouse.accept(accepted, now=datetime.now(UTC))


@contextmanager
def gaps_of(folder: Path, log: str, security: Security) -> Iterator[Gaps | None]:
    """Hold a project's live file and compare its positions with the log; None where nothing has landed yet.

    Raises:
        SettingError: the log is not in Kafka.
        LogUnavailable: the brokers do not answer.
        WarehouseLocked: a lander is at work.
    """
    brokers, topic = brokers_and_topic(log, folder.name, security)
    if not live_warehouse(folder).exists():
        yield None
        return
    with (
        closing(Warehouse.open(folder, views=catalog())) as warehouse,
        closing(KafkaReader(brokers, topic)) as reader,
    ):
        yield Gaps(warehouse, reader)
