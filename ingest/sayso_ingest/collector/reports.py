"""Pure: what is said of events that never came this far: by a client in its report, and by the collector itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import islice

from sayso_ingest.collector.answers import TOO_FAST
from sayso_ingest.collector.limits import REASONS
from sayso_ingest.event import JSON, is_uuid
from sayso_ingest.record import counts_of


def with_turned_away(turned_away: int, report: dict[str, JSON] | None) -> dict[str, JSON] | None:
    """Add to a client's report how many events of its key were turned away."""
    return {**(report or {}), "turned_away": {TOO_FAST: turned_away}} if turned_away else report


def losses(report: dict[str, JSON] | None, *, named: Callable[[str], str] = str) -> dict[str, JSON] | None:
    """What a client says it dropped, as counts by reason; whatever else stands in its report is left out.

    `named` says what a reason is called in what is kept; two that are called the same are added up.
    With a `client` that is a UUID they are its totals so far, without one they are what came on top.
    """
    dropped = report.get("dropped") if report else None
    if not isinstance(dropped, dict):
        return None
    counts: Counter[str] = Counter()
    for reason, said in islice(dropped.items(), REASONS):
        counts.update(dict(counts_of({named(reason.encode("utf-8", "replace").decode()): said})))
    if not counts:
        return None
    client = report.get("client") if report else None
    return {"client": client, "dropped": {**counts}} if is_uuid(client) else {"dropped": {**counts}}
