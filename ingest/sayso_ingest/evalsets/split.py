"""The two sides of an eval set: cases to work with, and cases that are held out until the end."""

from __future__ import annotations

import hashlib
from typing import Literal, TypeAlias

Split: TypeAlias = Literal["dev", "held_out"]

HELD_OUT_OF = 5
"""One case in so many is held out."""


def split_of(case_id: str) -> Split:
    """The side of a question: decided by its id alone, so that it is the same in every set, version and project.

    Hashed once more: versions are ordered by id, and the first cases of a file are to be a fair share of both sides.
    """
    digest = hashlib.sha256(f"split:{case_id}".encode()).digest()
    return "held_out" if int.from_bytes(digest[:8], "big") % HELD_OUT_OF == 0 else "dev"
