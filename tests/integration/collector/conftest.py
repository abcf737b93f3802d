"""The collector over logs in memory, with keys of every kind and clocks that stand still."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sayso_ingest.collector import GroupCommit, create_app
from sayso_ingest.collector.rate import ProjectLimits, RateLimit
from sayso_ingest.collector.refusals import Refusals
from sayso_ingest.eventlog import MemoryLog
from sayso_ingest.keys import KeyRing, create_key, revoke_key
from sayso_ingest.projects import ProjectBook
from sayso_ingest.record import Part, unpack
from werkzeug.test import TestResponse

NOW = datetime(2026, 1, 15, 10, 0, 0, 250_000, tzinfo=UTC)
PAGE = "https://app.example.com"


class Collector:
    """A collector and what stands in its logs."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "keys.json"
        self.secrets = {
            "sk": self.make("sk"),
            "pk": self.make("pk", origins=["loopback"]),
            "pk_app": self.make("pk", origins=[PAGE]),
            "ak": self.make("ak"),
            "other": self.make("sk", project="other"),
            "revoked": self.make("pk", origins=["https://old.example.com"], revoked=True),
            "unknown": "sk_" + "x" * 43,
        }
        self.seconds = 0.0
        self.now = NOW
        self.logs: defaultdict[str, MemoryLog] = defaultdict(MemoryLog)
        self.commit = GroupCommit(lambda project: self.logs[project].writer())
        self.refusals = Refusals()
        self.app = create_app(
            keyring=KeyRing(self.path),
            commit=self.commit,
            rate_limit=RateLimit(rate=100, burst=1000, clock=lambda: self.seconds),
            who_limit=RateLimit(rate=5, burst=300, clock=lambda: self.seconds),
            project_limits=ProjectLimits(clock=lambda: self.seconds),
            project_of=ProjectBook(folder / "projects.json").get,
            now=lambda: self.now,
            refusals=self.refusals,
        )
        self.client = self.app.test_client()

    def make(
        self, kind: str, *, project: str = "default", origins: list[str] | None = None, revoked: bool = False
    ) -> str:
        secret, key = create_key(self.path, kind=kind, project=project, origins=origins or ())
        if revoked:
            revoke_key(self.path, key.key_id)
        return secret

    def post(
        self, body: object, *, key: str | None = "sk", origin: str | None = None, **headers: str
    ) -> TestResponse:
        """Post a body (bytes as they are, anything else as JSON); header names have _ for -."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent.setdefault("Content-Type", "application/json")
        if key:
            sent["Authorization"] = f"Bearer {self.secrets[key]}"
        if origin:
            sent["Origin"] = origin
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post("/v1/events", data=data, headers=sent)

    def parts(self, project: str = "default") -> list[Part]:
        """What the project's log holds."""
        entries = self.logs[project].reader().read({}, max_bytes=1 << 30)
        return [part for entry in entries for part in unpack(entry.payload)]


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[Collector]:
    opened = Collector(tmp_path)
    yield opened
    opened.commit.close()


def thumb(number: int = 1, **over: Any) -> dict[str, Any]:
    """Make a thumb with an id of its own."""
    return {
        "id": f"019bc0de-0000-7000-8000-{number:012x}",
        "kind": "thumb",
        "target": "msg_1",
        "body": {"value": "up"},
        **over,
    }


@pytest.fixture
def make_thumb() -> Any:
    return thumb
