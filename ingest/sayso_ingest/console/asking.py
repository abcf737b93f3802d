"""SQL of people and programs: each question in a process of its own, so that none can take the console down.

The process is `sayso sql`, with its limits on time, memory, files and network. It gives way to whatever else runs on
the machine, and ends with whoever asked.
"""

from __future__ import annotations

import io
import os
import select
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from sayso_ingest.errors import Busy, NotFound, QueryError

COMMAND = (sys.executable, "-P", "-m", "sayso_ingest", "sql", "-")
LONGEST = 50_000
"""Bytes of a question: more than anybody types, and less than a pipe holds, so that handing it over never waits."""
AT_ONCE = 4
"""Questions; each may have a gigabyte, and holds one of the console's threads."""
GIVES_WAY = 10
"""How nice the process is: collectors and landing come first."""
FIRST_TO_GO = "1000"
"""Where memory runs out all the same, the system ends this process before any other."""
UNWANTED = 100
"""Names of questions that are remembered as cancelled before they came."""
GRACE = 5.0
"""Seconds that a question may take to notice that its time is over, before it is ended."""
CHUNK = 1 << 16
TOLD = 1 << 13
"""Bytes of what a process says went wrong: DuckDB quotes whole texts."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one question may use: seconds, and memory as DuckDB spells it."""

    seconds: float = 30.0
    memory: str = "1GB"


class Asker:
    """Asks the published copy of a project, a few questions at a time; they may join what `attach` lists."""

    def __init__(
        self, project_folder: Path, *, attach: str = "", warehouse: str = "duckdb", at_once: int = AT_ONCE
    ) -> None:
        self._folder = project_folder
        self._attach = attach
        self._warehouse = warehouse
        self._places = threading.BoundedSemaphore(at_once)
        self._running: dict[str, Asking] = {}
        self._unwanted: deque[str] = deque(maxlen=UNWANTED)

    def ask(self, sql: str, *, format: str, limits: Limits = Limits(), name: str = "") -> Asking:
        """Begin to ask; returns when the answer begins. With a name, `cancel` ends it.

        Raises:
            Busy: as many questions as may be are being answered.
            QueryError: it is too long, does not run, would write, or goes beyond a limit.
        """
        text = sql.encode("utf-8", "replace")
        if len(text) > LONGEST:
            raise QueryError(
                f"This SQL has {len(text):,} bytes; at most {LONGEST:,} are read. Ask for less at once."
            )
        if name in self._running:
            raise QueryError(f"A question with the id {name!r} is being answered. Choose another id.")
        if not self._places.acquire(blocking=False):
            raise Busy("As many questions as may be asked at once are being answered. Ask again in a moment.")
        try:
            # Not a pipe: one that nobody reads fills, and holds the process up.
            errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the answer
            child = self._start(format, limits, errors)
            asking = Asking(child, errors, self._release(name), seconds=limits.seconds + GRACE)
        except BaseException:
            self._places.release()
            raise
        if name:
            self._running[name] = asking
            if name in self._unwanted:  # looked up once it can be found: so no `cancel` falls between the two
                asking.cancel()
        try:
            asking.begin(text)
        except BaseException:
            asking.close()
            raise
        return asking

    def cancel(self, name: str, *, ahead: bool = False) -> None:
        """End the question that was asked under a name; with `ahead`, also one that is yet to come.

        Raises:
            NotFound: there is none, or it has been answered.
        """
        if ahead:
            self._unwanted.append(name)
        asking = self._running.get(name)
        if asking is None:
            raise NotFound(f"No question with the id {name!r} is being answered.")
        asking.cancel()

    def _start(self, format: str, limits: Limits, errors: IO[bytes]) -> subprocess.Popen[bytes]:
        where = ["--data", str(self._folder.parent), "--project", self._folder.name, "--attach", self._attach]
        where += ["--warehouse", self._warehouse]
        bounds = ["--timeout", str(limits.seconds), "--memory", limits.memory, "--format", format]
        words = [*COMMAND, *where, *bounds, "--asked-by", str(os.getpid())]
        pipe = subprocess.PIPE
        child = subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=errors)
        with suppress(
            OSError
        ):  # it has ended already, gives way more than that, or the system knows no such thing
            Path(f"/proc/{child.pid}/oom_score_adj").write_text(FIRST_TO_GO)
            os.setpriority(os.PRIO_PROCESS, child.pid, GIVES_WAY)
        return child

    def _release(self, name: str) -> Callable[[], None]:
        def release() -> None:
            self._running.pop(name, None)
            self._places.release()

        return release


class Asking(io.RawIOBase):
    """The answer to a question, as a stream of bytes; closing it ends the process.

    Reading raises QueryError where the process ended before its end: what was read is not the whole answer then.
    """

    def __init__(
        self,
        child: subprocess.Popen[bytes],
        errors: IO[bytes],
        release: Callable[[], None],
        *,
        seconds: float,
    ) -> None:
        self._child = child
        self._errors = errors
        self._release = release
        self._seconds = seconds
        self._first = b""
        self._ended = ""

    def begin(self, text: bytes) -> None:
        """Hand the question over, and wait until the answer begins: what does not run at all is known at once."""
        # Where the process has ended already, it says why.
        with suppress(BrokenPipeError), cast(IO[bytes], self._child.stdin) as stdin:
            stdin.write(text)
        self._first = self.read(CHUNK) or b""

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Read what is there, waiting for the first byte of it."""
        part = self._first[: len(buffer)] or self._next(len(buffer))
        self._first = self._first[len(part) :]
        buffer[: len(part)] = part
        return len(part)

    def chunks(self) -> Iterator[bytes]:
        """Yield it as it comes, and close it."""
        with self:
            while part := self.read(CHUNK):
                yield part

    def cancel(self, why: str = "The question was cancelled.") -> None:
        """End the process; whoever reads is told why."""
        self._ended = self._ended or why
        self._child.kill()

    def close(self) -> None:
        """End the process, where it has not ended."""
        if self.closed:
            return
        super().close()
        self._child.kill()
        with self._child, self._errors:  # closes its pipes, and waits for its end
            self._release()

    def _next(self, most: int) -> bytes:
        out = cast(IO[bytes], self._child.stdout).fileno()
        if not _comes(out, self._seconds):
            self.cancel(f"The question was stopped: nothing came of it for {self._seconds:g} s.")
        part = os.read(out, most)
        if part or self._child.wait() == 0:
            return part
        self._errors.seek(0)
        told = self._errors.read(TOLD).decode("utf-8", "replace").strip()
        self.close()
        raise QueryError(
            self._ended
            or told.removeprefix("Error: ")
            or "The process that asked was ended, perhaps for want of memory. Ask for less."
        )


def _comes(file: int, seconds: float) -> bool:
    """Wait until there is something to read, or its end."""
    waits = select.poll()
    waits.register(file, select.POLLIN | select.POLLHUP)
    return bool(waits.poll(seconds * 1000))
