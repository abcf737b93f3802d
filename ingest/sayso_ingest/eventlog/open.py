"""From the address of a log to a writer or a reader of it: the scheme decides, nothing is guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sayso_ingest.errors import SettingError
from sayso_ingest.eventlog.base import LogReader, LogWriter
from sayso_ingest.eventlog.files_first import FilesFirst
from sayso_ingest.eventlog.kafka_reader import KafkaReader
from sayso_ingest.eventlog.kafka_writer import KafkaWriter
from sayso_ingest.eventlog.memory import MemoryLog
from sayso_ingest.eventlog.security import PLAINTEXT, Brokers, Security
from sayso_ingest.eventlog.sqlite import SqliteWriter
from sayso_ingest.eventlog.sqlite_reader import SqliteReader

POSSIBLE = (
    "Possible are: sqlite (files in the project's folder), kafka://HOST:PORT[,HOST:PORT]/PREFIX "
    "(one topic a project, PREFIX.PROJECT), memory://NAME (inside one process, for tests)."
)
_SERVERS = re.compile(r"[^/?#@,]+:\d+(,[^/?#@,]+:\d+)*")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,120}")


@dataclass(frozen=True, slots=True)
class _Address:
    scheme: str
    servers: str = ""
    name: str = ""


def open_writer(url: str, *, folder: Path, project: str, security: Security = PLAINTEXT) -> LogWriter:
    """Make a writer of a project's log; files and connections are opened by its first append.

    Raises:
        SettingError: the address is none of the possible ones.
        MissingExtra: it is one of Kafka, and kafka-python is not installed.
    """
    address = _parse(url)
    if address.scheme == "kafka":
        return KafkaWriter(Brokers(address.servers, security), f"{address.name}.{project}")
    if address.scheme == "memory":
        return MemoryLog.named(f"{address.name}/{project}").writer()
    return SqliteWriter(folder)


def open_reader(
    url: str,
    *,
    folder: Path,
    project: str,
    keep: float = 0.0,
    make: bool = False,
    security: Security = PLAINTEXT,
) -> LogReader:
    """Make a reader of a project's log; raises like `open_writer`.

    Files stay for `keep` seconds after they landed. With `make` a topic that is missing is made, as a lander wants it
    that waits for the first record.
    """
    address = _parse(url)
    if address.scheme == "kafka":
        topic = KafkaReader(Brokers(address.servers, security), f"{address.name}.{project}", make=make)
        return FilesFirst(SqliteReader(folder, keep=keep), topic)
    if address.scheme == "memory":
        return MemoryLog.named(f"{address.name}/{project}").reader()
    return SqliteReader(folder, keep=keep)


def brokers_and_topic(url: str, project: str, security: Security) -> tuple[Brokers, str]:
    """Say where the log of a project in Kafka is.

    Raises:
        SettingError: the address is none of a log in Kafka.
    """
    address = _parse(url)
    if address.scheme != "kafka":
        raise SettingError(f"{_without_password(url)!r} is not the address of a log in Kafka. {POSSIBLE}")
    return Brokers(address.servers, security), f"{address.name}.{project}"


def _parse(url: str) -> _Address:
    scheme, separator, rest = url.partition("://")
    if scheme == "sqlite" and not separator:
        return _Address(scheme)
    if scheme == "memory" and _NAME.fullmatch(rest):
        return _Address(scheme, name=rest)
    if scheme == "kafka":
        servers, _, prefix = rest.partition("/")
        if _SERVERS.fullmatch(servers) and _NAME.fullmatch(prefix):
            return _Address(scheme, servers=servers, name=prefix)
    raise SettingError(f"{_without_password(url)!r} is not the address of an event log. {POSSIBLE}")


def _without_password(url: str) -> str:
    """What may be shown of an address that somebody has put a name and a password into."""
    return re.sub(r"^((?:sqlite|kafka|memory):(?://)?)?.*@", r"\1...@", url, flags=re.IGNORECASE | re.DOTALL)
