"""The topics of a log in Kafka: one a project, made safe, and looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sayso_ingest.eventlog import Security
from sayso_ingest.eventlog.open import brokers_and_topic
from sayso_ingest.eventlog.topic import KEEP_DAYS, PARTITIONS, Topic, Topics, Weakness, safe, weaknesses


@dataclass(frozen=True, slots=True)
class TopicReport:
    """What became of a project's topic, and what about it may still lose records."""

    project: str
    topic: Topic
    brokers: int
    made: bool
    altered: Sequence[str] = ()
    weak: Sequence[Weakness] = ()


def create_topics(
    log: str,
    security: Security,
    projects: Sequence[str],
    *,
    partitions: int = PARTITIONS,
    days: float = KEEP_DAYS,
    alter: bool = False,
) -> Iterator[TopicReport]:
    """Make the topic of each project that is missing; with `alter` give those that are there the safe settings.

    Raises:
        SettingError: the log is not in Kafka.
        LogUnavailable: the brokers do not answer, or refuse.
    """
    for project in projects:
        brokers, name = brokers_and_topic(log, project, security)
        topics = Topics(brokers)
        count = topics.count_brokers()
        wanted = safe(name, brokers=count, partitions=partitions, days=days)
        found = topics.look(name)
        if found is None:
            topics.make(wanted)
            yield TopicReport(project, topics.look(name) or wanted, count, made=True)
            continue
        weak, altered = weaknesses(found, wanted), dict[str, str]()
        if alter:
            altered = dict(weakness.setting for weakness in weak if weakness.setting)
            if altered:
                topics.alter(name, altered)
                found = topics.look(name) or found
                weak = weaknesses(found, wanted)
        yield TopicReport(project, found, count, made=False, altered=sorted(altered), weak=weak)


def look_at_topic(log: str, security: Security, project: str) -> TopicReport | None:
    """Look at a project's topic and change nothing; None where there is none yet.

    Raises:
        SettingError, LogUnavailable: as `create_topics`.
    """
    brokers, name = brokers_and_topic(log, project, security)
    topics = Topics(brokers)
    found = topics.look(name)
    if found is None:
        return None
    count = topics.count_brokers()
    return TopicReport(project, found, count, made=False, weak=weaknesses(found, safe(name, brokers=count)))
