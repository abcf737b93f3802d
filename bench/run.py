"""What every line is given: a folder of its own, and how long it may measure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bench.figure import Figure

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache"
_Size = TypeVar("_Size")


@dataclass(frozen=True)
class Run:
    """One measuring of one line."""

    folder: Path
    """Empty, and removed afterwards."""
    quick: bool = False
    """A smoke test: everything runs, no figure says anything."""

    def size(self, full: _Size, quick: _Size) -> _Size:
        """Choose how much is measured."""
        return quick if self.quick else full


Measure = Callable[[Run], Iterator[Figure]]
