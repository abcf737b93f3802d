"""The lander's loop: every project in turn, until told to stop."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from sayso_ingest.errors import (
    AnotherLander,
    ErasedIsBack,
    LogError,
    SaysoError,
    WarehouseAway,
    WarehouseLocked,
)
from sayso_ingest.lander.lander import HAND_OVER, Landed, Lander
from sayso_ingest.lander.measures import Measures, Watch
from sayso_ingest.warehouse.aside import StandAside

log = logging.getLogger(__name__)

IDLE = 0.2
"""Seconds to wait when no project has much to land."""
BACKOFF = 30.0
"""The longest wait, in seconds, after a project failed again and again."""

DOUBLINGS = 10
"""How often a wait is doubled: a thousand failures, a night's outage, are more than a number with a point can hold."""

HELD_FOR = 20.0
"""Seconds in which somebody else has the live file open that count as a failure, and each as many more as one more."""

ASKED_FOR = 600.0
"""The same where it was asked for: an erasure takes minutes of a large warehouse."""

Open = Callable[[], Lander]
"""Opens a project's lander."""


class _Turn:
    """A project's lander, opened at its first turn, and when it may try again."""

    def __init__(self, open_lander: Open, clock: Callable[[], float], watch: Watch | None) -> None:
        self.open_lander = open_lander
        self.watch = watch
        self.lander: Lander | None = None
        self.error: Exception | None = None
        self.clock = clock
        self.failures = 0
        self.held: tuple[type[Exception], float] | None = None  # the live file by others: how, and since when
        self.leaving = False  # as soon as what it landed before its log failed is published
        self.not_before = 0.0

    def take(self, project: str) -> bool:
        """Let the project land one batch, and say whether much waits still; a failure concerns it alone."""
        if self.clock() < self.not_before and not self.leaving:
            return False
        try:
            if self.lander and self.leaving:
                self._leave(self.lander)
                return False
            self.lander = self.lander or self.open_lander()
            # What came in while the last few events were landed waits for others: landing has a price of its own.
            behind = self._step(self.lander) and self.lander.behind
        except AnotherLander:
            raise
        except (StandAside, WarehouseLocked) as error:
            self._stand_aside(project, error)
            return False
        except SaysoError as error:
            self._wait(project, error, str(error))
            return False
        except Exception as error:
            # A fault of ours must not take the other projects along; with debug the log says where it is.
            log.debug("project %s", project, exc_info=error)
            self._wait(project, error, f"unexpected {error!r}")
            return False
        self.failures, self.error, self.held = 0, None, None
        return behind

    def _step(self, lander: Lander) -> bool:
        """Land a batch and publish what is due, watched; say whether there was a batch."""
        lander.stand_aside_if_asked()
        before, began = lander.landed, self.clock()
        stepped = lander.step()
        if self.watch:
            self.watch.landed(lander, before, began)
        published = lander.publish_if_due()
        lander.remove_old()
        if self.watch:
            if published:
                self.watch.published()
            self.watch.look(lander)
        return stepped

    def _stand_aside(self, project: str, error: Exception) -> None:
        """Leave the live file to who works on it, such as a backup; landers that run are kept apart elsewhere.

        Who asked for it lets go by itself, unless somebody has stopped it. Who opened it may have forgotten that, and
        keeps all from landing.
        """
        now, opened = self.clock(), isinstance(error, WarehouseLocked)
        if self.held is None or self.held[0] is not type(error):
            self.held = type(error), now
        held, bound = now - self.held[1], HELD_FOR if opened else ASKED_FOR
        long = held >= bound
        if (opened and not held) or (long and not opened and not isinstance(self.error, StandAside)):
            log.warning("project %s: %s It is landed again as soon as the file is free.", project, error)
        if long:
            self.failures, self.error = int(held / bound), error
        self.not_before = now + IDLE
        self._let_go()
        if self.watch:
            self.watch.look(None)

    def _wait(self, project: str, error: Exception, problem: str) -> None:
        self.failures += 1
        self.error = error
        wait = min(BACKOFF, 0.5 * 2 ** min(self.failures, DOUBLINGS))
        self.not_before = self.clock() + wait
        log.error("project %s: %s (trying again in %.0f s)", project, problem, wait)
        # However long it takes to mend the log: readers need not wait for what came of it before.
        landed = self.lander is not None and self.lander.landed != Landed()
        self.leaving = isinstance(error, LogError) and landed and not self.leaving
        # What failed is opened anew: what was committed is there, and positions are read from it again.
        if not self.leaving:
            self._let_go()
        if self.watch:
            self.watch.look(None)

    def _leave(self, lander: Lander) -> None:
        """Let go of a lander whose log has failed once what it landed is published; other projects do not wait for it.

        A copy of a large warehouse takes minutes.
        """
        lander.stand_aside_if_asked()
        if lander.has_published_all():
            self._let_go()
        if self.watch:
            self.watch.look(None)

    def _let_go(self) -> None:
        self.leaving = False
        if self.lander is not None:
            self.lander.abandon()
            self.lander = None


def run(
    find: Callable[[frozenset[str]], Mapping[str, Open]],
    stop: threading.Event,
    *,
    idle: float = IDLE,
    on_ready: Callable[[], None] = lambda: None,
    clock: Callable[[], float] = time.monotonic,
    measures: Measures | None = None,
) -> None:
    """Land every project until `stop` is set, then publish what is left.

    Args:
        find: given the names of the projects that are being landed, says how to open landers for new ones.
        stop: set it, and the loop ends after the batch in hand.
        idle: seconds to wait when no project has much to land.
        on_ready: called once, when the first round is through.
        clock: seconds that never go back.
        measures: who is told what is done, if anybody is.

    A project that fails says so and tries again, later and later; the others go on. One whose log does not fit its
    stored positions goes on saying so: nothing of it is skipped until a person has looked.

    Raises:
        AnotherLander: one is at work on the same tables.
        SaysoError: no project at all could be landed in the first round.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(HAND_OVER)
    turns: dict[str, _Turn] = {}
    ready = False
    try:
        while not stop.is_set():
            for name, opener in find(frozenset(turns)).items():
                turns[name] = _Turn(opener, clock, Watch(name, measures, clock) if measures else None)
            behind = [turn.take(name) for name, turn in turns.items()]
            if measures:
                errors = {name: type(turn.error).__name__ for name, turn in turns.items() if turn.error}
                measures.round({name: turn.failures for name, turn in turns.items()}, errors)
            if not ready:
                _check_start([turn.error for turn in turns.values()])
                on_ready()
                ready = True
            if not any(behind):
                stop.wait(idle)
    finally:
        sys.setswitchinterval(before)
        for name, turn in turns.items():
            if turn.lander is not None:
                _close(name, turn.lander)


def _check_start(errors: Sequence[Exception | None]) -> None:
    """A lander that can land nothing at all from the start is to end, and say why.

    Not where it is the log or a server of the lake: these may come later, and somebody has to decide about a gap, or to
    erase again what came back, while collectors go on.
    """
    waited_for = LogError | WarehouseAway | ErasedIsBack
    if errors and all(errors) and not any(isinstance(error, waited_for) for error in errors):
        raise next(error for error in errors if error)


def _close(project: str, lander: Lander) -> None:
    try:
        lander.close()
    except SaysoError as error:
        log.error("project %s: the last publish failed: %s", project, error)
