"""Where a log in Kafka is not as a project's warehouse left it: told, and accepted by a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sayso_ingest.eventlog import Security
from sayso_ingest.eventlog.gaps import Gap
from sayso_ingest.eventlog.kafka_reader import KafkaReader
from sayso_ingest.eventlog.open import brokers_and_topic
from sayso_ingest.operate.tables import open_tables
from sayso_ingest.settings import Settings
from sayso_ingest.warehouse import AcceptedGap, Store


class Gaps:
    """A project's gaps, while no lander is at work on it."""

    def __init__(self, tables: Store, reader: KafkaReader) -> None:
        self._tables = tables
        self.found: Sequence[Gap] = reader.gaps(tables.positions())

    def accept(self) -> None:
        """Let landing go on, in one transaction with a record of it in the table `accepted_gaps`."""
        accepted = [AcceptedGap(gap.source, gap.stored, gap.to, gap.said) for gap in self.found]
        self._tables.accept(accepted, now=datetime.now(UTC))


@contextmanager
def gaps_of(settings: Settings, folder: Path) -> Iterator[Gaps]:
    """Hold what a project's lander writes, and compare its positions with the log.

    Raises:
        SettingError: the log is not in Kafka.
        LogUnavailable: the brokers do not answer.
        WarehouseLocked: a lander is at work.
    """
    brokers, topic = brokers_and_topic(settings.log, folder.name, Security.of(settings))
    with closing(KafkaReader(brokers, topic)) as reader:
        tables, _ = open_tables(settings, folder)
        with closing(tables):
            yield Gaps(tables, reader)
