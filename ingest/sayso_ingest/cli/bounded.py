"""A bound on what this process may allocate, for what a question needs that DuckDB does not count."""

from __future__ import annotations

import os
import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sayso_ingest.errors import QueryError

SIZE = re.compile(r"([1-9]\d*(?:\.\d+)?) ?([KMGT])(i?)B", re.IGNORECASE)
"""A number of bytes as DuckDB spells it."""
ROOM = 512_000_000
"""Bytes on top, for threads and for rows on their way out."""


@contextmanager
def bounded(memory: str) -> Iterator[None]:
    """Let this process allocate so much ("2GB"), and `ROOM`, on top of what it has; only Linux holds it to that.

    DuckDB counts what it sorts, joins and groups, but neither long texts and lists nor what it works out while it
    plans: `SELECT repeat('x', 4_000_000_000)` takes 8 GB, whatever its limit is. When the system refuses memory,
    DuckDB ends the question as at its own limit.

    Raises:
        QueryError: what Python needed was too much.
    """
    used = _allocated()
    before = resource.getrlimit(resource.RLIMIT_DATA)
    if used is None:
        yield
        return
    bounds = [
        used + ROOM + size_in_bytes(memory),
        *(bound for bound in before if bound != resource.RLIM_INFINITY),
    ]
    resource.setrlimit(resource.RLIMIT_DATA, (min(bounds), before[1]))
    try:
        yield
    except MemoryError as error:
        raise QueryError(
            f"The answer needs more memory than it may have ({memory}). Ask for less, or allow more with --memory."
        ) from error
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def size_in_bytes(text: str) -> int:
    """Read a size that matches `SIZE`."""
    found = SIZE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    power = "KMGT".index(found[2].upper()) + 1
    return int(float(found[1]) * (1024 if found[3] else 1000) ** power)


def _allocated() -> int | None:
    """Bytes that count for RLIMIT_DATA; None where nobody knows, as outside of Linux."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[5])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
