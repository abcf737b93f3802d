"""Read the golden events: the contract that the SDK, the widget and the collector are each tested against.

A file in events/accept holds {"why", "event"}; one in events/reject {"why", "reason", "key", and "event" or "raw"},
where `raw` is the JSON text of an event that JSON proper cannot say. Macros keep the files small:

    {"$repeat": "x", "times": 3}   the text "xxx"
    {"$nest": 3}                   3 objects inside each other: {"n": {"n": {}}}
    {"$fill": 65536}               as many "x" as make the whole event 65536 bytes of compact, unescaped UTF-8 JSON
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "events"


@dataclass(frozen=True, slots=True)
class Golden:
    """One golden event, its macros expanded."""

    name: str
    why: str
    text: str
    """The event as JSON text, as it may stand in a request."""
    event: Any = None
    """The decoded event; None when only `text` can say it."""
    reason: str | None = None
    """Why it is refused; None when it is accepted."""
    key: str = "sk"
    """The kind of key that sends it."""
    raw: bool = False
    """Whether JSON proper cannot say it."""

    def __str__(self) -> str:
        return self.name


def accepted() -> list[Golden]:
    """Every event that is accepted."""
    return [_read(path) for path in sorted((FOLDER / "accept").glob("*.json"))]


def rejected() -> list[Golden]:
    """Every event that is rejected."""
    return [_read(path) for path in sorted((FOLDER / "reject").glob("*.json"))]


def expand(event: Any) -> Any:
    """Replace the macros in an event by what they stand for."""
    room = sum(_fills(event))
    return _expand(event, room - _size(_expand(event, 0)) if room else 0)


def _read(path: Path) -> Golden:
    held = json.loads(path.read_text("ascii"))
    if "raw" in held:
        event, text = None, held["raw"]
    else:
        event = expand(held["event"])
        text = json.dumps(event)
    return Golden(
        name=path.stem,
        why=held["why"],
        text=text,
        event=event,
        reason=held.get("reason"),
        key=held.get("key", "sk"),
        raw="raw" in held,
    )


def _size(event: Any) -> int:
    return len(json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode())


def _expand(value: Any, room: int) -> Any:
    if isinstance(value, list):
        return [_expand(item, room) for item in value]
    if not isinstance(value, dict):
        return value
    if "$repeat" in value:
        return value["$repeat"] * value["times"]
    if "$fill" in value:
        return "x" * room
    if "$nest" in value:
        nested: dict[str, Any] = {}
        for _ in range(value["$nest"] - 1):
            nested = {"n": nested}
        return nested
    return {key: _expand(item, room) for key, item in value.items()}


def _fills(value: Any) -> list[int]:
    if isinstance(value, list):
        return [size for item in value for size in _fills(item)]
    if not isinstance(value, dict):
        return []
    return (
        [value["$fill"]] if "$fill" in value else [size for item in value.values() for size in _fills(item)]
    )
