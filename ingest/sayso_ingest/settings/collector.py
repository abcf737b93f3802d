"""Rows: where the collector listens, and what it takes."""

from __future__ import annotations

from dataclasses import dataclass

from sayso_ingest import parsers
from sayso_ingest.settings.row import setting


@dataclass(frozen=True)
class CollectorRows:
    """Where the collector listens, and what it takes."""

    host: str = setting(
        "0.0.0.0",  # noqa: S104 - browsers and back ends elsewhere send to it; it is write-only
        "Address that the collector listens on.",
        parsers.matching(parsers.HOST),
        "an IP address or a host name",
    )
    port: int = setting(
        8710,
        "Port that the collector listens on; 0 takes a free one.",
        parsers.number(int, 0, 65535),
        "0 to 65535",
    )
    workers: int = setting(2, "Processes of the collector.", parsers.number(int, 1, 64), "1 to 64")
    threads: int = setting(
        32,
        "Requests that one process of the collector works on at a time; a slow client holds one.",
        parsers.number(int, 1, 512),
        "1 to 512",
    )
    key_rate: float = setting(
        100.0,
        "Events a second that each process of the collector takes from one pk_ key on average.",
        parsers.number(float, 0.01, 1_000_000.0),
        "0.01 to 1000000",
    )
    key_burst: int = setting(
        1000,
        "Events that it takes at once from one pk_ key that has been quiet.",
        parsers.number(int, 1, 100_000_000),
        "1 to 100000000",
    )
    who_rate: float = setting(
        5.0,
        "Events a second that it takes on average from one actor, else browser, else session, with a pk_ key.",
        parsers.number(float, 0.01, 1_000_000.0),
        "0.01 to 1000000",
    )
    who_burst: int = setting(
        300,
        "Events that it takes at once from one of those who has been quiet: a long page that is scrolled through.",
        parsers.number(int, 1, 100_000_000),
        "1 to 100000000",
    )
    disk_reserve: str = setting(
        parsers.AUTO,
        "Bytes of the disk that the sqlite log leaves free for others, as in 500MB, beside what it takes to land and "
        "publish what waits: below both the collector answers 503. auto is 500MB, or 2 % of a small disk.",
        parsers.reserve,
        "auto, or a number alone or with KB, MB, GB or TB",
    )
    redact: str = setting(
        "",
        "What is replaced in texts before anything is kept, in projects of which nothing else is set: email, phone, "
        "card (accounts too), key.",
        parsers.redactable,
        "some of email, phone, card and key, separated by commas, or nothing",
    )
    redact_hook: str = setting(
        "",
        "A function of yours that every text passes after that, module:function: it takes a text and returns it "
        "redacted.",
        parsers.matching(parsers.HOOK),
        "module:function, as in our_rules:redact",
    )
