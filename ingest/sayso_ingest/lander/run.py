"""The lander's loop: every project in turn, until told to stop."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping

from sayso_ingest.errors import LogGap, SaysoError
from sayso_ingest.lander.lander import Lander

log = logging.getLogger(__name__)

IDLE = 0.2
"""Seconds to wait when no project had anything to land."""
BACKOFF = 30.0
"""The longest wait, in seconds, after a project failed again and again."""


class _Turn:
    """A project's lander and when it may try again."""

    def __init__(self, lander: Lander) -> None:
        self.lander = lander
        self.failures = 0
        self.not_before = 0.0

    def take(self, project: str) -> bool:
        """Let the project land one batch; a failure concerns it alone."""
        if time.monotonic() < self.not_before:
            return False
        try:
            landed = self.lander.step()
            self.lander.publish_if_due()
        except LogGap:
            raise
        except SaysoError as error:
            self.failures += 1
            wait = min(BACKOFF, 0.5 * 2**self.failures)
            self.not_before = time.monotonic() + wait
            log.error("project %s: %s (trying again in %.0f s)", project, error, wait)
            return False
        self.failures = 0
        return landed


def run(
    find: Callable[[frozenset[str]], Mapping[str, Lander]],
    stop: threading.Event,
    *,
    idle: float = IDLE,
    on_ready: Callable[[], None] = lambda: None,
) -> None:
    """Land every project until `stop` is set, then publish what is left.

    Args:
        find: given the names of the projects that are being landed, opens landers for new ones.
        stop: set it, and the loop ends after the batch in hand.
        idle: seconds to wait when nothing was there to land.
        on_ready: called once, when the first round is through.

    Raises:
        LogGap: a project's log does not fit its stored positions; a person has to look.
        WarehouseLocked: another lander is at work.
    """
    turns: dict[str, _Turn] = {}
    ready = False
    try:
        while not stop.is_set():
            turns.update({name: _Turn(lander) for name, lander in find(frozenset(turns)).items()})
            landed = [turn.take(name) for name, turn in turns.items()]
            if not ready:
                on_ready()
                ready = True
            if not any(landed):
                stop.wait(idle)
    finally:
        for name, turn in turns.items():
            _close(name, turn.lander)


def _close(project: str, lander: Lander) -> None:
    try:
        lander.close()
    except SaysoError as error:
        log.error("project %s: the last publish failed: %s", project, error)
