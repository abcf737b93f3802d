"""Where a project's lake is, and what opens it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from sayso_ingest.settings import Settings

PORT = 5432
LONGEST_NAME = 63
"""Bytes of a name in PostgreSQL."""
_CATALOG = re.compile(
    r"ducklake:postgres://(?P<user>[^@]+)@(?:\[(?P<v6>[^]]+)\]|(?P<host>[^:/]+))(?::(?P<port>\d+))?/(?P<database>.+)"
)


@dataclass(frozen=True, slots=True)
class Lake:
    """The lake of one project: its catalog is a schema of a PostgreSQL database, its files are below a path."""

    project: str
    host: str
    port: int
    database: str
    user: str
    data: str
    password: str = field(default="", repr=False)
    sslmode: str = "prefer"
    endpoint: str = ""
    region: str = "us-east-1"
    key_id: str = ""
    secret: str = field(default="", repr=False)
    tls: bool = True
    ca: str = ""

    @property
    def schema(self) -> str:
        """The schema of the catalog; PostgreSQL cuts longer names."""
        name = f"sayso_{self.project}"
        if len(name) <= LONGEST_NAME:
            return name
        return f"{name[: LONGEST_NAME - 9]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"

    @property
    def files(self) -> str:
        """Where the Parquet files are."""
        return f"{self.data.rstrip('/')}/{self.project}/"

    @property
    def on_s3(self) -> bool:
        """Whether they are on an S3 server."""
        return self.data.startswith("s3:")

    @property
    def address(self) -> str:
        """Where its catalog is."""
        return f"ducklake:postgres://{self.host}:{self.port}/{self.database}"

    def __str__(self) -> str:
        return f"the lake of {self.project} at {self.address}"


Home: TypeAlias = Path | Lake
"""Where readers find what is published of a project: its folder, or its lake."""


def lake_of(settings: Settings, project: str) -> Lake | None:
    """Return the lake of a project; None where its warehouse is a file."""
    parts = _CATALOG.fullmatch(settings.warehouse)
    if parts is None:
        return None
    return Lake(
        project=project,
        host=parts["v6"] or parts["host"],
        port=int(parts["port"] or PORT),
        database=parts["database"],
        user=parts["user"],
        data=settings.lake_data,
        password=settings.lake_password,
        sslmode=settings.lake_sslmode,
        endpoint=settings.lake_endpoint,
        region=settings.lake_region,
        key_id=settings.lake_key_id,
        secret=settings.lake_secret,
        tls=settings.lake_tls == "on",
        ca=settings.lake_ca,
    )


def home_of(settings: Settings) -> Home:
    """Say where the project that is worked on is read."""
    return lake_of(settings, settings.project) or settings.project_folder
