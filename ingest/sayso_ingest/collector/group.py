"""Group commit: the requests of many threads become few appends, and each waits until its own is durable."""

from __future__ import annotations

import logging
import os
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from sayso_ingest.errors import LogError, LogUnavailable
from sayso_ingest.eventlog import LogWriter
from sayso_ingest.record import NOTHING, Packed, Submission, pack

log = logging.getLogger(__name__)

WAITING_BYTES = 64 << 20
"""Bytes that may wait for the log before requests are turned away."""
ANSWER_WITHIN = 9.5
"""Seconds after which a request gives up waiting: more than a log takes to answer, less than a client waits."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became durable of a submission: each of its events, and everything else in it."""

    events: list[bool]
    rest: bool

    @property
    def nothing(self) -> bool:
        """Nothing of it is durable."""
        return not self.rest and not any(self.events)


@dataclass(frozen=True, slots=True)
class _Waiting:
    project: str
    submission: Submission | None
    """None asks whether the log takes records at all."""
    size: int
    receipt: Future[Receipt]


class GroupCommit:
    """One thread a process that appends for all requests: while one append runs, the next group gathers."""

    def __init__(
        self,
        open_writer: Callable[[str], LogWriter],
        *,
        waiting_bytes: int = WAITING_BYTES,
        answer_within: float = ANSWER_WITHIN,
    ) -> None:
        self._open_writer = open_writer
        self._bound = waiting_bytes
        self._answer_within = answer_within
        self._writers: dict[str, LogWriter] = {}
        self._waiting: deque[_Waiting] = deque()
        self._bytes = 0
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._pid = 0
        self._closed = False
        self._works: dict[str, bool] = {}

    def submit(self, project: str, submission: Submission) -> Receipt:
        """Append a submission to the project's log and wait until it is durable, or known not to be.

        Raises:
            LogUnavailable: too much waits already, or the log does not answer.
        """
        size = sum(map(len, submission.events)) + sum(len(reject.raw) for reject in submission.rejects)
        return self._wait(_Waiting(project, submission, size, Future()))

    def ready(self, project: str) -> bool:
        """Say whether the project's log takes records: if its last append did not tell, an empty one does."""
        if self._works.get(project):
            return True
        try:
            return not self._wait(_Waiting(project, None, 0, Future())).nothing
        except LogUnavailable:
            return False

    def close(self) -> None:
        """Append what waits, then close the writers."""
        with self._changed:
            self._closed = True
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _wait(self, waiting: _Waiting) -> Receipt:
        with self._changed:
            if self._closed:
                raise LogUnavailable("The collector is stopping.")
            if self._bytes + waiting.size > self._bound:
                raise LogUnavailable(f"{self._bytes} bytes wait for the event log already.")
            self._start()
            self._bytes += waiting.size
            self._waiting.append(waiting)
            self._changed.notify()
        try:
            return waiting.receipt.result(self._answer_within)
        except TimeoutError as error:
            raise LogUnavailable(f"The event log did not answer within {self._answer_within:g} s.") from error

    def _start(self) -> None:
        # After a fork there is no thread, though the object says that there is.
        if self._thread is None or self._pid != os.getpid() or not self._thread.is_alive():
            self._pid = os.getpid()
            self._thread = threading.Thread(target=self._run, name="sayso-commit", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while group := self._next_group():
            by_project: dict[str, list[_Waiting]] = defaultdict(list)
            for waiting in group:
                by_project[waiting.project].append(waiting)
            for project, members in by_project.items():
                self._commit(project, members)
        for writer in self._writers.values():
            writer.close()

    def _next_group(self) -> list[_Waiting]:
        """Wait for submissions and take them all; none when it is time to end."""
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            group = list(self._waiting)
            self._waiting.clear()
            self._bytes = 0
            return group

    def _commit(self, project: str, members: Sequence[_Waiting]) -> None:
        receipts: Iterator[Receipt] = iter(())
        works = False
        try:
            packed = pack([waiting.submission for waiting in members if waiting.submission])
            if project not in self._writers:
                self._writers[project] = self._open_writer(project)
            durable = self._writers[project].append(packed.records or [NOTHING])
            receipts, works = iter(list(_receipts(packed, durable))), all(durable)
        except LogError as error:
            log.error("the event log of project %s cannot be written: %s", project, error)
        except Exception:
            # The thread serves every request to come: whatever it is, these are not durable, and it goes on.
            log.exception("appending to the event log of project %s failed", project)
        self._works[project] = works
        for waiting in members:
            nothing = Receipt([], rest=works and waiting.submission is None)
            waiting.receipt.set_result(next(receipts, nothing) if waiting.submission else nothing)


def _receipts(packed: Packed, durable: Sequence[bool]) -> Iterator[Receipt]:
    for head, events, rejects in zip(packed.heads, packed.placement, packed.rejects, strict=True):
        rest = durable[head] and all(durable[place] for place in rejects)
        yield Receipt([durable[place] for place in events], rest)
