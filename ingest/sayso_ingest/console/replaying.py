"""Rejects sent again from a page, as `sayso rejects replay` sends them: nothing beyond the right of its key."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from flask import current_app
from sayso import HttpTransport

from sayso_ingest.backfill import Deliverer, Selection, mended, refused, secret_keys, send, value_of
from sayso_ingest.console.copy import copy
from sayso_ingest.console.sending import PATIENCE, service_key
from sayso_ingest.errors import NotSent, SaysoError

MOST = 1000
"""Events at once: somebody waits for the page."""
SHOWN = 3


@dataclass(slots=True)
class Replay:
    """What became of rejects, or what would: those that went, by result; those left out, by why; and the first few."""

    sent: bool
    results: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    first: list[str] = field(default_factory=list)
    events: int = 0
    more: bool = False

    @property
    def accepted(self) -> int:
        """How many were taken."""
        return self.results["accepted"]

    @property
    def again(self) -> dict[str, int]:
        """How many were refused again, by reason."""
        return {name.removeprefix("rejected: "): n for name, n in self.results.items() if name != "accepted"}


def replay(selection: Selection, *, name: str, value: str, really: bool) -> Replay:
    """Send the rejects that are selected, with a field changed where it has a `name`; or only look, unless `really`.

    Raises:
        NotSent: no collector takes them now.
    """
    told = Replay(sent=really)
    changes = {name: value_of(value)} if name else {}
    trusted = secret_keys(current_app.config["PROJECT_FOLDER"].parent)
    every = mended(refused(copy().open(), selection), changes, trusted=trusted, skipped=told.skipped)
    events = _counted(islice(every, MOST), told)
    if really:
        told.results = _send(events)
    else:
        for _ in events:
            pass
    told.more = next(every, None) is not None
    return told


def _counted(events: Iterable[dict[str, Any]], told: Replay) -> Iterator[Mapping[str, Any]]:
    for event in events:
        told.events += 1
        if len(told.first) < SHOWN:
            shown = json.dumps(event, ensure_ascii=False, indent=2)
            told.first.append(shown.encode("utf-8", "backslashreplace").decode())  # half of a surrogate pair
        yield event


def _send(events: Iterator[Mapping[str, Any]]) -> Counter[str]:
    url: str = current_app.config["COLLECTOR"]
    transport = HttpTransport(url, service_key(current_app.config["PROJECT_FOLDER"]))
    try:
        return send(events, Deliverer(transport, url=url, patience=PATIENCE))
    except SaysoError as error:
        raise NotSent(str(error)) from error
    finally:
        transport.close()
