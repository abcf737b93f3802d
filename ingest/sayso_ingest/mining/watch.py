"""What whoever waits for a long run is told meanwhile, through a function that is handed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Watch: TypeAlias = Callable[[str, int, int], None]
"""Called with what is done now, how much of it is done, and how much there is; 0 where nobody knows."""


def unwatched(what: str, done: int, of: int) -> None:
    """Tell nobody."""
