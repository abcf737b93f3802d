"""A machine that is small: one core, and as little memory as is said, where this system can hold a service to it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOTS = (
    (Path("/sys/fs/cgroup"), "memory.max"),
    (Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"),
)
"""Where control groups of version 2 and of version 1 bound memory."""
NAME = f"sayso-bench-{os.getpid()}"


@dataclass(frozen=True)
class Box:
    """The words to start a command with, and what holds it."""

    prefix: Sequence[str]
    bound: str
    group: Path | None = None

    @property
    def killed(self) -> int:
        """How many processes were killed in it because the memory was used up."""
        for file in ("memory.events", "memory.oom_control"):
            if self.group is not None and (self.group / file).exists():
                lines = dict(line.split() for line in (self.group / file).read_text().splitlines())
                return int(lines.get("oom_kill", 0))
        return 0

    @property
    def beside(self) -> Sequence[str]:
        """The words to start a command with that is to run on the other cores."""
        others = sorted(os.sched_getaffinity(0) - {0}) or [0]
        return ("taskset", "-c", ",".join(map(str, others)))


@contextmanager
def small_box(megabytes: int) -> Iterator[Box]:
    """Make a box of one core; what runs in it must have ended before it is left."""
    group = _bounded_group(megabytes)
    pinned = ("taskset", "-c", "0")
    if group is None:
        yield Box(
            pinned, "one core; memory is watched but not bounded, for no control group can be made here"
        )
        return
    try:
        enter = ("sh", "-c", f'echo $$ > {group}/cgroup.procs && exec "$@"', "sh")
        yield Box((*enter, *pinned), f"one core, {megabytes} MB by a control group", group)
    finally:
        group.rmdir()


def _bounded_group(megabytes: int) -> Path | None:
    for root, limit in ROOTS:
        group = root / NAME
        try:
            group.mkdir()
            if (group / limit).exists():
                (group / limit).write_text(str(megabytes << 20))
                return group
            group.rmdir()
        except OSError:
            continue
    return None
