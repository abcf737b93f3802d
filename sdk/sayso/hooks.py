"""What an application may have a say in: what leaves, and what it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

Redact: TypeAlias = Callable[[str, str], str]
"""(field, text) -> the text that may leave; the field is a dotted path: body.input[1].content, meta.page."""
BeforeSend: TypeAlias = Callable[[dict[str, Any]], dict[str, Any] | None]
"""An event as it is about to leave -> the event that leaves, or None."""
OnError: TypeAlias = Callable[[str, str, str], object]
"""(reason, id of the event, message): an event was refused, by the rules of the wire or by the collector."""
OnDrop: TypeAlias = Callable[[str, int], object]
"""(reason, how many): events were lost."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """The functions that an application gave, and whether what people said may leave at all."""

    redact: Redact | None = None
    before_send: BeforeSend | None = None
    on_error: OnError | None = None
    on_drop: OnDrop | None = None
    text: bool = True
