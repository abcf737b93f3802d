"""What the lander tells of its work, and to whom nobody listens to where nothing is measured."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Protocol

from sayso_ingest.errors import LogError
from sayso_ingest.lander.lander import Lag, Landed, Lander

log = logging.getLogger(__name__)

LOOK_EVERY = 5.0
"""Seconds between two looks at how far a project is behind, and what clients dropped: they ask log and warehouse."""


class Measures(Protocol):
    """Takes counts and times; `metrics.LanderMeter` is one."""

    def landed(self, project: str, *, events: int, rejects: int, seconds: float) -> None:
        """Count a landing."""

    def looked(self, project: str, *, records: int, seconds: float, dropped: Mapping[str, int]) -> None:
        """Say how far the warehouse is behind the log, and what clients dropped so far."""

    def published(self, project: str) -> None:
        """Say that a copy was published now."""

    def round(self, failures: Mapping[str, int], errors: Mapping[str, str]) -> None:
        """Say that all projects had their turn, and how often each failed in a row, and with which kind of error."""


class Watch:
    """Tells what one project's lander does in its turns."""

    def __init__(self, project: str, measures: Measures, clock: Callable[[], float]) -> None:
        self._project = project
        self._measures = measures
        self._clock = clock
        self._next_look = 0.0
        self._known = Lag(0, 0.0), clock()  # before it is known, it lags for as long as it has not been

    def landed(self, lander: Lander, before: Landed, began: float) -> None:
        """Tell what was landed since then, if anything was."""
        events, rejects = lander.landed.events - before.events, lander.landed.rejects - before.rejects
        if events or rejects:
            seconds = self._clock() - began
            self._measures.landed(self._project, events=events, rejects=rejects, seconds=seconds)

    def published(self) -> None:
        """Tell that a copy was published."""
        self._measures.published(self._project)

    def look(self, lander: Lander | None) -> None:
        """Tell how far the project is behind and what clients dropped, where the last look is long ago.

        Where no lander can tell it, it is behind for as much longer: while nothing lands, no old value passes for good.
        """
        if self._clock() < self._next_look:
            return
        self._next_look = self._clock() + LOOK_EVERY
        lag = self._lag(lander)
        dropped = lander.dropped() if lander else {}
        self._measures.looked(self._project, records=lag.records, seconds=lag.seconds, dropped=dropped)

    def _lag(self, lander: Lander | None) -> Lag:
        now = self._clock()
        try:
            if lander is not None:
                lag = lander.lag()
                self._known = lag, now
                return lag
        except LogError as error:
            # Whatever it is, a landing says it; a part of the log that cannot be read keeps back no other one.
            log.debug("project %s: how much waits cannot be told: %s", self._project, error)
        lag, then = self._known
        return Lag(lag.records, lag.seconds + now - then)
