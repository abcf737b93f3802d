"""Waiting until judgements have landed, so that what is reported has them."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic, sleep

from sayso_ingest.cli.options import say
from sayso_ingest.settings import Settings

LANDING = 20.0
"""Seconds that the report waits for what was sent."""


def wait_for(settings: Settings, taken: Sequence[str]) -> None:
    """Wait a little until these events are published; those that the collector refused never are."""
    from sayso_ingest.warehouse import Published, home_of

    sent = list(set(taken))
    sql = "SELECT count(*) AS n FROM events WHERE event_id IN (SELECT unnest($1::UUID[]))"
    until, seen, missing = monotonic() + LANDING, None, len(sent)
    while missing and monotonic() < until:
        version = Published.version(home_of(settings))
        if version == seen:  # a copy is opened once: the lander needs the processor too
            sleep(0.2)
            continue
        seen = version
        with Published.open(home_of(settings)) as published:
            missing = len(sent) - published.query(sql, [sent])[0]["n"]
    if missing:
        say(f"{missing:,} have not landed yet; `sayso judge --report` shows them later.")
