"""Sending rejects again, mended: as a command does it, and as the console does."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from sayso_ingest.backfill.deliver import Deliverer, encode, in_batches
from sayso_ingest.backfill.refused import OF_A_BROWSER, Refused, is_of_a_browser, mend
from sayso_ingest.event import JSON
from sayso_ingest.keys import KeyRing
from sayso_ingest.places import keys_file

Skipped: TypeAlias = Counter[str]
"""How many were left out, by the sentence that says why."""


def secret_keys(data: Path) -> set[str]:
    """Name the keys with which a back end sends: those whose rejects a replay gives no new right."""
    return {key.key_id for key in KeyRing(keys_file(data)).entries() if key.kind == "sk"}


def value_of(text: str) -> JSON:
    """What a person typed for a field: JSON where it is JSON, else a text."""
    try:
        found: JSON = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return found


def mended(
    found: Iterable[Refused],
    changes: Mapping[str, JSON],
    *,
    trusted: Collection[str] | None,
    skipped: Skipped,
) -> Iterator[dict[str, Any]]:
    """Yield the events of rejects with `changes` made in them, and count in `skipped` those there are none of.

    What anybody could have sent, for it came with other keys than the `trusted`, is skipped too; None lets it pass.
    """
    for refused in found:
        event = mend(refused, changes)
        if event is None:
            skipped[refused.problem] += 1
        elif trusted is not None and is_of_a_browser(refused, trusted):
            skipped[OF_A_BROWSER] += 1
        else:
            yield event


def send(events: Iterable[Mapping[str, Any]], deliverer: Deliverer) -> Counter[str]:
    """Send events, and count what became of them: accepted, or rejected and why."""
    results: Counter[str] = Counter()
    for batch in in_batches(map(encode, events), size=len):
        for outcome in deliverer.send(batch):
            results["accepted" if outcome.accepted else f"rejected: {outcome.reason}"] += 1
    return results
