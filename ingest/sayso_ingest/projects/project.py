"""Pure: what is known of a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sayso_ingest.projects.ages import ALL, EVER

BURST_SECONDS = 10
"""Where a rate has no burst of its own, as much as comes in so many seconds is taken at once."""
LEAST_BURST = 200
"""But at least what fits in one request."""


@dataclass(frozen=True, slots=True)
class Project:
    """What is set of a project; None is what the settings of all projects say."""

    name: str
    created_at: datetime | None = None
    """None of one that is older than `projects.json`."""
    retired_at: datetime | None = None
    """Since when its keys are refused."""
    rate: float | None = None
    """Events a second that each process of the collector takes of it on average; None is no limit."""
    burst: int | None = None
    """Events that are taken at once of one that has been quiet."""
    retention: Mapping[str, timedelta] = field(default_factory=dict)
    """How long what is kept: by kind, `rejects`, and `all` for the rest."""
    redact: tuple[str, ...] | None = None
    """Which patterns are replaced before the log."""

    @property
    def largest_burst(self) -> int:
        """How much is taken at once, set or not."""
        return self.burst or max(LEAST_BURST, round(BURST_SECONDS * (self.rate or 0)))

    def keeps(self, kind: str, otherwise: timedelta | None = None) -> timedelta | None:
        """How long events of a kind, or `rejects`, are kept; `otherwise` where it is not set here. None is for ever."""
        age = self.retention.get(kind, self.retention.get(ALL, otherwise))
        return None if age == EVER else age
