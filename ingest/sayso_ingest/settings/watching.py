"""Rows: the port for machines that watch."""

from __future__ import annotations

from dataclasses import dataclass

from sayso_ingest import parsers
from sayso_ingest.settings.row import setting


@dataclass(frozen=True)
class WatchingRows:
    """The port for machines that watch."""

    private_host: str = setting(
        "127.0.0.1",
        "Address of the private port; whoever reaches it sees names of projects and how much is said in them.",
        parsers.matching(parsers.HOST),
        "an IP address or a host name",
    )
    private_port: str = setting(
        "",
        "Port for /healthz, /readyz and /metrics; 0 takes a free one. Where it is empty nothing is measured.",
        parsers.port_or_none,
        "0 to 65535, or nothing",
    )
