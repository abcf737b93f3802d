"""The golden tokens, and senders whose project has the key that signed them (see tests/contract/tokens.json)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sayso_ingest.collector.sender import Sender
from sayso_ingest.keys import Key

_HELD = json.loads(Path(__file__).with_name("tokens.json").read_text("ascii"))
SECRET: str = _HELD["secret"]
NOW: int = _HELD["now"]
SIGNED: list[dict[str, Any]] = _HELD["signed"]
KEY = Key(
    _HELD["kid"],
    "sk",
    "p",
    "",
    (),
    datetime(2026, 1, 1, tzinfo=UTC),
    token_key=bytes.fromhex(_HELD["token_key"]),
)


@dataclass(frozen=True, slots=True)
class Case:
    """One golden token, and what becomes of an event that carries it."""

    why: str
    token: str
    event: dict[str, Any]
    reason: str | None
    actor: str | None

    def __str__(self) -> str:
        return self.why


CASES = [
    Case(case["why"], case["token"], case["event"], case.get("reason"), case.get("actor"))
    for case in _HELD["cases"]
]


def sender(kind: Any, **more: Any) -> Sender:
    """Somebody who sends to the project of the golden key, at the time of the golden tokens."""
    find = {KEY.key_id: KEY}.get
    return Sender(kind, **{"project": "p", "find_key": find, "now": float(NOW), **more})
