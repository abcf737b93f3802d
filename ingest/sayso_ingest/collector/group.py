"""Group commit: the requests of many threads become few appends, and each waits until its own is durable.

There is no thread for it. The request that finds its project's log idle leads: it appends for all that wait, while the
next group gathers, and then hands the lead to one of those. That saves two changes of thread for each append, and the
logs of different projects do not wait for each other.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic, perf_counter

from sayso_ingest.errors import LogError, LogUnavailable
from sayso_ingest.eventlog import LogWriter
from sayso_ingest.record import NOTHING, Packed, Submission, pack

log = logging.getLogger(__name__)

WAITING_BYTES = 64 << 20
"""Bytes that may wait for the log before requests are turned away; what is being appended comes on top."""
ANSWER_WITHIN = 9.5
"""Seconds after which a request gives up waiting: more than a log takes to answer, less than a client waits."""

TRUSTED_FOR = 2.0
"""Seconds for which an append that was durable says that the next one will be, too."""
NOT_TAKEN = "it took no record"
FAILS = "what was appended last failed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became durable of a submission: each of its events, and everything else in it."""

    events: list[bool]
    rest: bool

    @property
    def nothing(self) -> bool:
        """Nothing of it is durable."""
        return not self.rest and not any(self.events)


NO_RECEIPT = Receipt([], rest=False)


def _taken() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class _Waiting:
    submission: Submission | None
    """None asks whether the log takes records at all."""
    size: int
    receipt: Receipt | None = None
    woken: threading.Lock = field(default_factory=_taken)
    """Released when there is a receipt, or the lead is handed over: the cheapest thing to wait for."""


@dataclass(slots=True, eq=False)
class _Lane:
    """One project's log, and who waits for it."""

    project: str
    writer: LogWriter | None = None
    waiting: list[_Waiting] = field(default_factory=list)
    led: bool = False
    works: bool = False
    """Whether the last append was durable."""
    failed: bool = False
    """Whether the last append was not."""
    tried: float = 0.0
    """When that was."""
    problem: str = ""
    """Why the log takes nothing, as the last one who asked was told."""


class GroupCommit:
    """Appends what requests submit, grouped: while one append runs, the next group gathers."""

    def __init__(
        self,
        open_writer: Callable[[str], LogWriter],
        *,
        waiting_bytes: int = WAITING_BYTES,
        answer_within: float = ANSWER_WITHIN,
        on_append: Callable[[float, int], None] = lambda _seconds, _waiting: None,
    ) -> None:
        """Write with what `open_writer` opens; `on_append` is told the seconds of each append, and bytes that wait."""
        self._open_writer = open_writer
        self._on_append = on_append
        self._bound = waiting_bytes
        self._answer_within = answer_within
        self._lanes: dict[str, _Lane] = {}
        self._bytes = 0
        self._closed = False
        self._guard = threading.Lock()
        self._idle = threading.Condition(self._guard)

    def submit(self, project: str, submission: Submission) -> Receipt:
        """Append a submission to the project's log and return when it is durable, or known not to be.

        Raises:
            LogUnavailable: too much waits already, or an append that others began does not end.
        """
        size = sum(map(len, submission.events)) + sum(len(reject.raw) for reject in submission.rejects)
        return self._wait(self._lane(project), submission, size)

    def problem(self, project: str) -> str:
        """Say why the log of a project takes no records now, or nothing: where appends do not tell, it is tried.

        What worked a while ago may have failed since, and after a failure only a record tells. Where the last append
        failed and one is under way, nobody waits for that: it takes as long as a log may take.
        """
        lane = self._lane(project)
        if lane.failed and lane.led:
            return lane.problem or FAILS
        if lane.works and monotonic() - lane.tried < TRUSTED_FOR:
            return ""
        try:
            works = self._wait(lane, None, 0).rest
        except LogUnavailable as error:
            return str(error)
        return "" if works else lane.problem or NOT_TAKEN

    def close(self) -> None:
        """Take nothing more, wait until what waits is appended, then close the writers."""
        with self._idle:
            self._closed = True
            self._idle.wait_for(self._is_idle, self._answer_within)
            writers = [lane.writer for lane in self._lanes.values() if lane.writer and not lane.led]
        for writer in writers:
            writer.close()

    def _is_idle(self) -> bool:
        return not any(lane.led for lane in self._lanes.values())

    def _lane(self, project: str) -> _Lane:
        with self._guard:
            return self._lanes.setdefault(project, _Lane(project))

    def _wait(self, lane: _Lane, submission: Submission | None, size: int) -> Receipt:
        mine = _Waiting(submission, size)
        leads = self._join(lane, mine)
        if not leads and not mine.woken.acquire(timeout=self._answer_within):
            self._give_up(lane, mine)
        # Who was woken without a receipt was handed the lead.
        if mine.receipt is None:
            self._lead(lane)
        return mine.receipt or NO_RECEIPT

    def _join(self, lane: _Lane, mine: _Waiting) -> bool:
        """Wait with the others; true for who leads, because nobody does."""
        with self._guard:
            if self._closed:
                raise LogUnavailable("The collector is stopping.")
            if self._bytes + mine.size > self._bound:
                raise LogUnavailable(f"{self._bytes} bytes wait for the event log already.")
            self._bytes += mine.size
            lane.waiting.append(mine)
            leads, lane.led = not lane.led, True
            return leads

    def _give_up(self, lane: _Lane, mine: _Waiting) -> None:
        with self._guard:
            if mine.receipt or mine.woken.acquire(blocking=False):
                return  # it came in this very moment
            if mine in lane.waiting:
                lane.waiting.remove(mine)
                self._bytes -= mine.size
        raise LogUnavailable(f"The event log did not answer within {self._answer_within:g} s.")

    def _lead(self, lane: _Lane) -> None:
        """Append for all that wait, then hand the lead to the first of those that came meanwhile."""
        with self._guard:
            group, lane.waiting = lane.waiting, []
            self._bytes -= sum(waiting.size for waiting in group)
        receipts = [NO_RECEIPT] * len(group)
        try:
            receipts = self._append(lane, [waiting.submission for waiting in group])
        except Exception as error:
            # Whatever it is, these are not durable, and the next ones are to be tried.
            lane.works, lane.failed = False, True
            traceback = None if isinstance(error, LogError) else error
            log.error("project %s: its log cannot be written: %s", lane.project, error, exc_info=traceback)
        finally:
            self._hand_over(lane, group, receipts)

    def _hand_over(self, lane: _Lane, group: Sequence[_Waiting], receipts: Sequence[Receipt]) -> None:
        with self._guard:
            for waiting, receipt in zip(group, receipts, strict=True):
                waiting.receipt = receipt
            if lane.waiting:
                lane.waiting[0].woken.release()
            else:
                lane.led = False
                self._idle.notify_all()
        for waiting in group:
            waiting.woken.release()

    def _append(self, lane: _Lane, submissions: Sequence[Submission | None]) -> list[Receipt]:
        packed = pack([submission for submission in submissions if submission])
        if lane.writer is None:
            lane.writer = self._open_writer(lane.project)
        if packed.records:
            began = perf_counter()
            durable = lane.writer.append(packed.records)
            self._on_append(perf_counter() - began, self._bytes)
            lane.works = all(durable)
            lane.problem = "" if lane.works else FAILS
        else:
            durable = []
            lane.problem = lane.writer.problem()
            lane.works = not lane.problem and (lane.works or all(lane.writer.append([NOTHING])))
        lane.tried, lane.failed = monotonic(), not lane.works
        receipts = _receipts(packed, durable)
        return [next(receipts) if submission else Receipt([], rest=lane.works) for submission in submissions]


def _receipts(packed: Packed, durable: Sequence[bool]) -> Iterator[Receipt]:
    for head, events, rejects in zip(packed.heads, packed.placement, packed.rejects, strict=True):
        rest = durable[head] and all(durable[place] for place in rejects)
        yield Receipt([durable[place] for place in events], rest)
