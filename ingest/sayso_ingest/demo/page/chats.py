"""The conversations that the page's back end remembers, so that a reload shows them again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

CHATS, TURNS = 100, 50
"""Beyond these the oldest are forgotten."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody asked, and what the assistant said to it, under the id that all feedback names."""

    target: str
    input: str
    output: str
    original: str | None


class Chats:
    """Turns by chat; used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._chats: OrderedDict[str, list[Turn]] = OrderedDict()

    def add(self, chat: str, turn: Turn) -> None:
        """Remember a turn."""
        with self._lock:
            turns = self._chats.setdefault(chat, [])
            turns.append(turn)
            del turns[:-TURNS]
            self._chats.move_to_end(chat)
            while len(self._chats) > CHATS:
                self._chats.popitem(last=False)

    def turns(self, chat: str) -> list[Turn]:
        """Every turn of a chat, the oldest first."""
        with self._lock:
            return list(self._chats.get(chat, ()))
