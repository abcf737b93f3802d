"""Every metric there is: one row each, of which the manual's table is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["counter", "gauge", "histogram"]


@dataclass(frozen=True, slots=True)
class Row:
    """One metric: what it is called, what it says, and by what it is told apart."""

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()
    """Of a histogram: its upper bounds."""
    summed: bool = False
    """Of a gauge: whether those of several processes add up; else the one that was set last holds."""


PROJECT = ("project",)
_QUICK = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_SLOW = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

# Counted by the collector.
ACCEPTED = Row("sayso_events_accepted_total", "counter", "Events that were answered `accepted`.", PROJECT)
REJECTED = Row(
    "sayso_events_rejected_total",
    "counter",
    "Events that were answered `rejected`, by reason.",
    (*PROJECT, "reason"),
)
RETRIED = Row("sayso_events_retried_total", "counter", "Events that were answered `retry`.", PROJECT)
REFUSED = Row(
    "sayso_requests_refused_total", "counter", "Requests that were refused whole, by error code.", ("code",)
)
REDACTED = Row(
    "sayso_redacted_total", "counter", "What was replaced in texts, by what it was.", (*PROJECT, "what")
)
REQUEST = Row("sayso_request_seconds", "histogram", "Time to answer a request to /v1/events.", buckets=_QUICK)
APPEND = Row("sayso_append_seconds", "histogram", "Time of one append to the event log.", buckets=_QUICK)
WAITING = Row(
    "sayso_waiting_bytes",
    "gauge",
    "Bytes of requests that waited for the event log when the last append ended.",
    summed=True,
)
COLLECTOR = (ACCEPTED, REJECTED, RETRIED, REFUSED, REDACTED, REQUEST, APPEND, WAITING)

# Counted by the lander.
LANDED = Row("sayso_events_landed_total", "counter", "Events that were landed in the warehouse.", PROJECT)
REJECTS = Row("sayso_rejects_landed_total", "counter", "Rejects that were landed in the warehouse.", PROJECT)
BATCH = Row(
    "sayso_landing_events",
    "histogram",
    "Events and rejects of one landing.",
    buckets=(1, 10, 100, 1000, 10_000, 100_000, 1_000_000),
)
LANDING = Row("sayso_landing_seconds", "histogram", "Time of one landing.", buckets=_SLOW)
LAG_RECORDS = Row("sayso_lag_records", "gauge", "Records in the event log that have not landed.", PROJECT)
LAG_SECONDS = Row(
    "sayso_lag_seconds", "gauge", "How long the oldest record that has not landed has waited.", PROJECT
)
PUBLISHED = Row("sayso_published_timestamp_seconds", "gauge", "When the published copy was made.", PROJECT)
ROUND = Row("sayso_round_timestamp_seconds", "gauge", "When the lander last went through all projects.")
FAILURES = Row(
    "sayso_failures_in_a_row", "gauge", "How often landing a project failed since it last worked.", PROJECT
)
FAILED = Row(
    "sayso_failure_timestamp_seconds",
    "gauge",
    "When landing a project last failed, by the kind of error.",
    (*PROJECT, "error"),
)
DROPPED = Row(
    "sayso_dropped_events",
    "gauge",
    "Events that clients say they dropped so far, by reason (`other` for those of no list of ours).",
    (*PROJECT, "reason"),
)
LANDER = (
    LANDED,
    REJECTS,
    BATCH,
    LANDING,
    LAG_RECORDS,
    LAG_SECONDS,
    PUBLISHED,
    ROUND,
    FAILURES,
    FAILED,
    DROPPED,
)

# Looked at when they are asked for.
LOG_BYTES = Row("sayso_log_bytes", "gauge", "Size of the files of the sqlite log.", PROJECT)
WAREHOUSE_BYTES = Row("sayso_warehouse_bytes", "gauge", "Size of the live file of the warehouse.", PROJECT)
WAL_BYTES = Row("sayso_warehouse_wal_bytes", "gauge", "Size of its write-ahead log.", PROJECT)
DISK_FREE = Row("sayso_disk_free_bytes", "gauge", "Bytes free on the disk of the data folder.")
DISK_SIZE = Row("sayso_disk_size_bytes", "gauge", "Size of that disk.")
DISK_RESERVE = Row(
    "sayso_disk_reserve_bytes",
    "gauge",
    "Free bytes below which the collector takes nothing into a sqlite log: the reserve, and what landing takes.",
)
BUILD = Row("sayso_build_info", "gauge", "Always 1; its label says which version runs.", ("version",))
FOLDER = (LOG_BYTES, WAREHOUSE_BYTES, WAL_BYTES, DISK_FREE, DISK_SIZE, DISK_RESERVE, BUILD)

TABLE = (*COLLECTOR, *LANDER, *FOLDER)
