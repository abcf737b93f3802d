"""What people say in the console goes to the collector, as from any other application: by the public SDK."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from sayso import Client, Limits

from sayso_ingest.errors import NotSent, UsageError
from sayso_ingest.places import service_key_file

PATIENCE = 3.0
"""Seconds in which the collector has to take an event; somebody waits for the page."""
_KEY = re.compile(r"sk_[A-Za-z0-9_-]{43}")

Record = Callable[[Client], str]


def send(folder: Path, url: str, record: Record, *, event_id: str) -> None:
    """Send one event with the project's service key, and return when the collector has it on disk.

    Whoever sends a form again sends the same id, so that it counts once.

    Raises:
        NotSent: the collector did not take it; says why.
    """
    client = Client(url, service_key(folder), new_id=lambda _now: event_id, limits=Limits(linger=0))
    try:
        record(client)
        settled = client.flush(PATIENCE)
        stats = client.stats()
    finally:
        client.close(0)
    if stats.delivered:
        return
    if settled:
        raise NotSent(f"The collector at {url} did not take it ({', '.join(stats.dropped)}). {_ADVICE}")
    raise NotSent(f"The collector at {url} does not answer. {_ADVICE}")


_ADVICE = "Nothing is lost here: send it again when `sayso doctor` finds nothing wrong."


def annotate(
    folder: Path, url: str, *, target: str, actor: str, event_id: str, part: str = "", **said: Any
) -> None:
    """Say what an annotator says of an answer; raises like `send`."""
    known = {name: value for name, value in said.items() if value not in (None, "")}
    send(
        folder,
        url,
        lambda client: client.annotation(target, actor=actor, part=part or None, **known),
        event_id=event_id,
    )


def take_back(folder: Path, url: str, *, target: str, actor: str, of: str, event_id: str) -> None:
    """Take an annotation back; raises like `send`."""
    send(folder, url, lambda client: client.retraction(target, of=of, actor=actor), event_id=event_id)


def checked_id(text: str) -> str:
    """The id that a form carries for its event.

    Raises:
        UsageError: it is none.
    """
    try:
        return str(UUID(text))
    except ValueError as error:
        raise UsageError("This form has no id of its own. Load the page again.") from error


def service_key(folder: Path) -> str:
    """Read the key with which this machine sends to a project; raises NotSent where there is none."""
    path = service_key_file(folder)
    try:
        key = path.read_text("utf-8").strip()
    except OSError as error:
        raise NotSent(f"{path} cannot be read ({error.strerror}). `sayso serve` makes it.") from error
    if not _KEY.fullmatch(key):
        raise NotSent(f"{path} holds no key. Remove it: `sayso serve` makes another one when it starts.")
    return key
