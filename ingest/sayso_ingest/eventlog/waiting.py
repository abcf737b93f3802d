"""How many bytes of a log in files have not landed, told by its lander to the collectors, whichever of them lives.

Before it reads, the lander looks how much each source holds, and writes that down once all of it has landed; what they
hold beyond that waits. Where it has not written for long, because it is away or behind, that is too much rather than
too little. A source that went takes its part along, so nothing is to be written then.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

STEP = 256 << 10
"""Bytes by which it may be behind: to write it down at every landing would be worth nothing."""

Sizes = Mapping[str, int]
"""Source -> bytes of its files."""


def sizes_of(log: Path) -> Sizes:
    """Bytes of each source in a log's folder."""
    sizes: dict[str, int] = {}
    with contextlib.suppress(OSError), os.scandir(log) as entries:  # it may not be there yet
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):  # a file went in this moment
                if entry.is_file() and not entry.name.endswith("-shm"):
                    source = entry.name.partition(".")[0]
                    sizes[source] = sizes.get(source, 0) + entry.stat().st_size
    return sizes


def waiting_bytes(log: Path, mark: Path) -> int:
    """Bytes of the log that have not landed, at most."""
    return _beyond(sizes_of(log), _read(mark))


class LandedMark:
    """The lander's side."""

    def __init__(self, log: Path, mark: Path) -> None:
        """Write into `mark` about the files in `log`."""
        self._log = log
        self._mark = mark
        self._written: Sizes | None = None

    def sizes(self) -> Sizes:
        """Look how much there is, before all of it is read."""
        return sizes_of(self._log)

    def landed(self, sizes: Sizes) -> None:
        """Say that so much has landed."""
        written = self._written
        # What shrank or went may be back another time, with more than has landed of it.
        if written is not None and _beyond(sizes, written) <= STEP and not _beyond(written, sizes):
            return
        with contextlib.suppress(OSError):  # the next one may succeed
            draft = self._mark.with_name(f".{self._mark.name}")
            draft.write_text(json.dumps(sizes))
            draft.replace(self._mark)
            self._written = sizes


def _beyond(sizes: Sizes, landed: Sizes) -> int:
    return sum(max(0, size - landed.get(source, 0)) for source, size in sizes.items())


def _read(mark: Path) -> Sizes:
    try:
        landed = json.loads(mark.read_text())
    except (OSError, ValueError):
        return {}
    if not isinstance(landed, dict):  # older versions wrote a number
        return {}
    return {source: size for source, size in landed.items() if isinstance(size, int)}
