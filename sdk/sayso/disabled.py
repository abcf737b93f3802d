"""Stands in for the buffer where nothing shall be recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sayso.tally import Stats


class Disabled:
    """Takes every call, keeps nothing, counts nothing, and needs no collector."""

    def record(
        self, _kind: str, _target: object, _body: Mapping[str, Any], _context: Mapping[str, Any]
    ) -> str:
        """Return an id, as always."""
        return str(uuid4())

    def leave_out(self) -> str:
        """Return an id, as always."""
        return str(uuid4())

    def flush(self, _timeout: float) -> bool:
        """There is nothing to wait for."""
        return True

    def close(self, _timeout: float) -> bool:
        """There is nothing to close."""
        return True

    def stats(self) -> Stats:
        """Nothing was recorded."""
        return Stats(0, 0, 0, {}, 0)
