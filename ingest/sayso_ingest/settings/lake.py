"""Rows: where the warehouse is, and how its lake is reached."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sayso_ingest import parsers
from sayso_ingest.settings.row import secret, setting

WAREHOUSE = re.compile(
    r"duckdb|ducklake:postgres://[A-Za-z0-9_][A-Za-z0-9_.-]*@"
    r"(?:[A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?/[A-Za-z0-9_][A-Za-z0-9_.-]*"
)
LAKE_DATA = re.compile(r"(?:s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[A-Za-z0-9._=-]+)*/?|/[^\x00'*?\[\]]+)?")
ENDPOINT = re.compile(r"(?:(?:[A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?)?")
REGION = re.compile(r"[a-z0-9-]{1,40}")
KEY_ID = re.compile(r"[\x21-\x26\x28-\x7e]{0,128}")


@dataclass(frozen=True)
class LakeRows:
    """Where the warehouse is, and how its lake is reached."""

    warehouse: str = setting(
        "duckdb",
        "The warehouse: duckdb (a file a project) or ducklake:postgres://USER@HOST[:PORT]/DATABASE (tables in Parquet "
        "files, a catalog in PostgreSQL).",
        parsers.matching(WAREHOUSE),
        "duckdb, ducklake:postgres://USER@HOST[:PORT]/DATABASE (the password has a setting of its own)",
    )
    lake_password: str = secret("Password of the lake's user in PostgreSQL, where it needs one.")
    lake_sslmode: str = setting(
        "prefer",
        "Whether the connection to PostgreSQL is encrypted, in PostgreSQL's words.",
        parsers.one_of(("disable", "prefer", "require", "verify-ca", "verify-full")),
        "disable, prefer, require, verify-ca, verify-full",
    )
    lake_data: str = setting(
        "",
        "Where the lake's Parquet files are, each project in a folder of its own below it: s3://BUCKET[/PREFIX], or an "
        "absolute path for trying out.",
        parsers.matching(LAKE_DATA),
        "s3://BUCKET[/PREFIX], or an absolute path",
    )
    lake_endpoint: str = setting(
        "",
        "HOST[:PORT] of the S3 server; Amazon's, where it is empty.",
        parsers.matching(ENDPOINT),
        "HOST or HOST:PORT, without http:// before it",
    )
    lake_region: str = setting(
        "us-east-1",
        "Region of the bucket.",
        parsers.matching(REGION),
        "the name of a region, such as eu-central-1",
    )
    lake_key_id: str = setting(
        "",
        "Access key id for the S3 server.",
        parsers.matching(KEY_ID),
        "up to 128 printable characters",
    )
    lake_secret: str = secret("Secret access key that belongs to that id.")
    lake_tls: str = setting(
        "on",
        "Whether the S3 server is spoken to by https.",
        parsers.one_of(("on", "off")),
        "on, off",
    )
    lake_ca: str = setting(
        "",
        "PEM file of the authorities that sign the certificates of PostgreSQL and of the S3 server; where it is empty, "
        "those of this machine.",
        parsers.matching(parsers.FILE_OR_NONE),
        "the path of a file",
    )
    lake_keep: float = setting(
        3600.0,
        "Seconds for which the lake keeps what newer files have replaced: nothing may read it for longer than that.",
        parsers.number(float, 60.0, 31_536_000.0),
        "60 to 31536000 (a year)",
    )
    lake_upkeep: float = setting(
        600.0,
        "Seconds between two rounds in which the lander merges the lake's small files and removes what has been "
        "replaced for longer than lake_keep.",
        parsers.number(float, 1.0, 86400.0),
        "1 to 86400",
    )
