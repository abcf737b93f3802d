"""A process that is given an input and has an end, by itself or not, with all that it started."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Final

LAST_ERRORS = 4096
"""Bytes of the end of standard error that are kept."""
_LOOK_EVERY = 0.05


class By(StrEnum):
    """Why a process was ended."""

    TIME = "time"
    STOP = "stop"
    SIZE = "size"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended; `code` is minus the signal's number where one ended it, `by` None where it did itself."""

    code: int
    by: By | None
    output: bytes
    last_errors: bytes


def run(
    words: Sequence[str], given: bytes, *, within: float, largest: int, hung_up: threading.Event
) -> Ended:
    """Run a command until it ends, its seconds are over, it has written too many bytes, or nobody waits any more.

    Raises:
        OSError: it cannot be started.
    """
    # Files, not pipes: what a process leaves behind cannot hold them open for us, and none can be full.
    with (
        tempfile.TemporaryFile() as told,
        tempfile.TemporaryFile() as output,
        tempfile.TemporaryFile() as errors,
    ):
        told.write(given)
        told.seek(0)
        process = subprocess.Popen(words, stdin=told, stdout=output, stderr=errors, start_new_session=True)
        watch = _Watch(process, (output, errors), within=within, largest=largest, hung_up=hung_up)
        code = watch.wait()
        return Ended(code, watch.by, _read(output, 0), _read(errors, max(0, _size(errors) - LAST_ERRORS)))


class _Watch:
    """Ends a process and all that it started when there is a reason to."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        files: Sequence[IO[bytes]],
        *,
        within: float,
        largest: int,
        hung_up: threading.Event,
    ) -> None:
        self._process: Final = process
        self._files: Final = files
        self._until: Final = time.monotonic() + within
        self._largest: Final = largest
        self._hung_up: Final = hung_up
        self._done: Final = threading.Event()
        self.by: By | None = None

    def wait(self) -> int:
        """Wait for its end, however that comes, and return its code."""
        # The process is waited for where its end is noticed at once: what it took is measured.
        watching = threading.Thread(target=self._look, daemon=True)
        watching.start()
        try:
            return self._process.wait()
        finally:
            self._done.set()
            watching.join()

    def _look(self) -> None:
        while self.by is None and not self._done.wait(_LOOK_EVERY):
            self.by = self._reason()
        if self.by is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _reason(self) -> By | None:
        if self._hung_up.is_set():
            return By.STOP
        if time.monotonic() > self._until:
            return By.TIME
        return By.SIZE if any(_size(file) > self._largest for file in self._files) else None


def _size(file: IO[bytes]) -> int:
    return os.fstat(file.fileno()).st_size


def _read(file: IO[bytes], start: int) -> bytes:
    file.seek(start)
    return file.read()
