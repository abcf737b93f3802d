"""Pure: does the log in Kafka keep what was accepted until it has landed?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sayso_ingest.operate.doctor.facts import Facts, ProjectFacts
from sayso_ingest.operate.doctor.finding import Finding, note, ok, wrong

SOON = 0.5
"""The share of the time that records are kept, after which one that has not landed is told of."""


def topic(project: ProjectFacts, facts: Facts) -> Iterator[Finding]:
    """The topic has the copies and settings that lose nothing, and its records land long before they expire."""
    log = project.log
    create = f"sayso log create --project {project.name} --data {facts.data}"
    if not log.kafka and log.landed_topics:
        yield note(
            f"The log is in files here, and a topic in Kafka has landed ({log.landed_topics[0]}): this command looks "
            "at another log than the lander did.",
            "Say SAYSO_LOG to it as the lander has it. If you went back to files: sayso log move --to sqlite",
        )
    elif not log.kafka:
        yield ok("The log is in files on this machine.")
    if not log.kafka or log.problem:
        return
    if log.topic is None:
        yield note("There is no topic yet; the first event makes one.", create)
        return
    for weakness in log.topic.weak:
        yield wrong(
            f"Topic {log.topic.topic.name}: {weakness.said}.",
            f"{create} --alter"
            if weakness.setting
            else "Give it more with kafka-reassign-partitions.sh, or a new topic: another PREFIX in SAYSO_LOG.",
        )
    yield from _expiry(project, facts)
    if log.topic.topic.copies == 1:
        yield note(
            "There is one copy of each record: what its disk loses before it has landed, is lost.",
            "Run three brokers, and make the topic on them.",
        )
    elif not log.topic.weak:
        yield ok(
            f"Topic {log.topic.topic.name} has {log.topic.topic.copies} copies of each record, and safe settings."
        )


def _expiry(project: ProjectFacts, facts: Facts) -> Iterator[Finding]:
    log = project.log
    if log.topic is None or log.oldest is None or log.topic.topic.keep_ms < 0:
        return
    keep, age = timedelta(milliseconds=log.topic.topic.keep_ms), facts.now - log.oldest
    if age > keep * SOON:
        yield wrong(
            f"The oldest record that waits is {_hours(age)} old, and records are removed after {_hours(keep)}, landed "
            "or not.",
            f"sayso land --data {facts.data}; until it has caught up: sayso log create --days 30 --alter --project "
            f"{project.name} --data {facts.data}",
        )


def _hours(time: timedelta) -> str:
    return f"{time.total_seconds() / 3600:.1f} h"
