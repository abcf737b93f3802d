"""What was refused: found by reason, key or time, made events again, and mended."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from sayso_ingest.backfill.rows import read_rows
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.event import JSON, Reason, is_uuid
from sayso_ingest.warehouse import Published, read_statements

_SQL = read_statements(files(__package__) / "refused.sql")
_OF_THE_LANDER = frozenset({Reason.ID_REUSED, Reason.UNSTORABLE})
_OF_REQUESTS = frozenset({Reason.INVALID_ENVELOPE, Reason.TOO_MANY_EVENTS, Reason.BODY_TOO_LARGE})
LANDED = "What was refused has landed since."
_OF_BROWSERS = frozenset({Reason.BAD_TOKEN, Reason.TOKEN_EXPIRED, Reason.UNSIGNED, Reason.KIND_NOT_ALLOWED})
OF_A_BROWSER = (
    "A publishable key sent it, or it came without a good token: sent again from here it would count as said by your "
    "back end. Look at it (sayso rejects show ID); where it may: sayso rejects replay --as-backend."
)
REFUSED_AGAIN = "It was sent again since and refused again: that is a reject of its own, and the one to mend."


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rejects are meant; None means any."""

    reason: str | None = None
    key: str | None = None
    since: datetime | None = None
    ids: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A reject: why it was refused, and the event that was kept of it, or why there is none to be sent again."""

    reject_id: str
    reason: str
    detail: JSON
    event: dict[str, Any] | None
    problem: str = ""
    key_id: str | None = None


def statement(name: str, selection: Selection, *, limit: int = 0) -> tuple[str, dict[str, Any]]:
    """Return a named statement about rejects, `list`, `counts` or `raw`, with its parameters."""
    params: dict[str, Any] = {
        "reason": selection.reason,
        "key": selection.key,
        "since": selection.since,
        "ids": list(selection.ids) if selection.ids is not None else None,
    }
    if name == "list":
        params["limit"] = limit
    return f"{_SQL['known']} {_SQL[name]}", params


def refused(copy: Published, selection: Selection) -> Iterator[Refused]:
    """Yield rejects with the events that were kept of them, the oldest first."""
    columns, rows = copy.stream(*statement("raw", selection))
    for row in rows:
        yield _parse(dict(zip(columns, row, strict=True)))


def whole_id(copy: Published, beginning: str) -> str:
    """Return the id of the one reject whose id begins so.

    Raises:
        NotFound: there is none.
        UsageError: there are several.
    """
    found = copy.query(_SQL["beginning"], {"beginning": beginning.lower()}) if beginning else []
    if not found:
        raise NotFound(f"There is no reject {beginning!r}. List them with: sayso rejects list")
    if len(found) > 1:
        ids = ", ".join(row["reject_id"] for row in found)
        raise UsageError(f"More than one reject begins with {beginning!r}: {ids}. Write more of it.")
    return str(found[0]["reject_id"])


def mend(found: Refused, changes: Mapping[str, JSON]) -> dict[str, Any] | None:
    """Return the event with fields changed ("body.value": "up"), and with an id: its own, or else the reject's.

    Replayed twice it has the same id, and lands once. None where there is no event to be sent.
    """
    if found.event is None:
        return None
    event: dict[str, Any] = json.loads(json.dumps(found.event))
    for name, value in changes.items():
        *parents, last = name.split(".")
        place = event
        for parent in parents:
            inside = place.get(parent)
            place[parent] = place = inside if isinstance(inside, dict) else {}
        place[last] = value
    if not is_uuid(event.get("id")):
        event["id"] = found.reject_id
    return event


def is_of_a_browser(found: Refused, secret_keys: Collection[str]) -> bool:
    """Say whether anybody could have sent it: with a key that is no back end's, or without a good token.

    Every replay goes with the service key, and would give it the right of a back end.
    """
    return found.reason in _OF_BROWSERS or (found.key_id is not None and found.key_id not in secret_keys)


def read_mended(path: Path) -> Iterator[Refused]:
    """Read what was exported and changed by hand; a line without an event says why."""
    for row in read_rows(path):
        event = row.fields.get("event")
        reject_id = str(row.fields.get("reject_id"))
        problem = row.problem or ("" if isinstance(event, dict) else "It has no event.")
        if not problem and not is_uuid(reject_id):
            problem = "It has no reject_id: `sayso import` takes events that never were rejects."
        known = event if isinstance(event, dict) and not problem else None
        yield Refused(
            reject_id,
            str(row.fields.get("reason")),
            None,
            known,
            problem and f"Line {row.line}: {problem}",
            row.fields.get("key_id"),
        )


def _parse(row: Mapping[str, Any]) -> Refused:
    reject_id, raw = str(row["reject_id"]), bytes(row["raw"] or b"")
    detail = json.loads(row["detail"]) if row["detail"] else None

    def none(problem: str) -> Refused:
        return Refused(reject_id, row["reason"], detail, None, problem)

    if row["replayed"]:
        return none(LANDED)
    if row["refused_again"]:
        return none(REFUSED_AGAIN)
    if row["length"] > len(raw):
        return none(f"Only the first {len(raw)} of its {row['length']} bytes were kept.")
    try:
        event = json.loads(raw)
    except (ValueError, RecursionError):
        return none("It is not JSON.")
    if not isinstance(event, dict):
        return none("It is not a JSON object.")
    if row["reason"] in _OF_THE_LANDER and "body" not in event:
        return none("The lander refused it, and kept the row that it would have been.")
    if row["reason"] in _OF_REQUESTS or ("events" in event and "body" not in event):
        return none("It is a whole request, not an event.")
    # Without a time of its own it would count as of its replay.
    event.setdefault("occurred_at", row["received_at"].isoformat() + "Z")
    return Refused(reject_id, row["reason"], detail, event, key_id=row["key_id"])
