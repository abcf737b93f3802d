"""What the doctor knows, as plain values; `gather` finds it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sayso_ingest.keys import Key
from sayso_ingest.operate.collector import CollectorFacts
from sayso_ingest.operate.doctor.files import FileFacts
from sayso_ingest.operate.doctor.processes import HeldCopy, Process
from sayso_ingest.operate.looking import Page
from sayso_ingest.operate.topics import TopicReport
from sayso_ingest.warehouse import LakeReport


@dataclass(frozen=True, slots=True)
class LogFacts:
    """What waits in the log of a project; `problem` says why it cannot be told."""

    waiting: int | None = None
    oldest: datetime | None = None
    problem: str = ""
    gap: bool = False
    strangers: Sequence[str] = ()
    aside: Sequence[str] = ()
    """Files that were not whole, or not the ones that were read, and were moved aside."""
    kafka: bool = False
    topic: TopicReport | None = None
    """What its topic in Kafka is like; None where there is none, or it cannot be told."""
    landed_topics: Sequence[str] = ()
    """Partitions in Kafka that have landed; where the log is said to be in files, somebody else says otherwise."""


@dataclass(frozen=True, slots=True)
class CopyFacts:
    """What the published copy of a project says; times are UTC."""

    file: FileFacts | None
    """None in a lake."""
    stray_wal: bool = False
    problem: str = ""
    newer: Sequence[str] = ()
    page: Page | None = None
    """None where it has a problem."""
    rejects: Sequence[dict[str, Any]] = ()
    losses: Sequence[dict[str, Any]] = ()
    repeats: int = 0
    skewed: Sequence[dict[str, Any]] = ()
    keys: Sequence[dict[str, Any]] = ()
    orphans: dict[str, Any] = field(default_factory=dict)
    near_miss: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What is known about one project."""

    name: str
    folder: Path
    folders: Sequence[FileFacts]
    """Its own folder, that of the log, and that of the live file, as far as they are there."""
    service_key: FileFacts | None
    service_key_works: bool
    log: LogFacts
    live: FileFacts | None
    lander: Process | None
    """Who holds the live file, or is the one to land."""
    copy: CopyFacts | None
    held: Sequence[HeldCopy]
    collector: CollectorFacts | None = None
    """None where it was not asked."""
    asking: Process | None = None
    """Who keeps the lander away from the live file, as an erasure does."""
    retired: bool = False
    lake: LakeReport | None = None
    """What its lake is like; None where its warehouse is a file."""
    live_problem: str = ""
    """Why no lander could open the live file."""
    live_newer: Sequence[str] = ()
    """What a newer version has done to the live file."""
    draft: bool = False
    """Whether a copy that was not finished lies there."""
    erased_back: str = ""
    """What was erased and is there again, which keeps all from landing."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a data folder."""

    now: datetime
    data: Path
    folder: FileFacts | None
    keys_file: FileFacts | None
    keys: Sequence[Key]
    keys_problem: str
    free: int
    size: int
    projects: Sequence[ProjectFacts]
    projects_problem: str = ""
    """Why projects.json cannot be read."""
    reserve: int = 0
    """Bytes of the disk that the collector leaves free, whatever waits."""
    landing: int = 0
    """Bytes that landing what waits and publishing it take, which it leaves free too."""
    users_file: FileFacts | None = None
    users_problem: str = ""
    """Why users.json cannot be read."""
    outliving: Sequence[Process] = ()
    """Rooms of a service whose supervisor is gone."""
    only: str | None = None
    """The project that was asked for; None means all of them."""
    known: Sequence[str] = ()
    """The names of all projects in the folder."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """The secrets that are set, each with where it comes from."""
