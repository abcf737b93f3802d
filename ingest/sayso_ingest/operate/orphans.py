"""How much feedback found no interaction, seen from the published copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files

from sayso_ingest.warehouse import Published, read_statements

PATIENCE = timedelta(minutes=10)
"""How long feedback may wait for its interaction before it is called an orphan."""
DAY = timedelta(days=1)
EVER = datetime(1970, 1, 1)  # noqa: DTZ001 - as the times of the warehouse

_SQL = read_statements(files(__package__) / "orphans.sql")


@dataclass(frozen=True, slots=True)
class Orphans:
    """How much feedback there was, and how much of it found no interaction in time."""

    feedback: int
    orphans: int

    @classmethod
    def of(cls, copy: Published, *, published_at: datetime, since: datetime = EVER) -> Orphans:
        """Count what came after `since`, and had its time when the copy was made."""
        times = {"since": since, "until": published_at - PATIENCE}
        [said], [alone] = (copy.query(_SQL[name], times) for name in ("feedback", "orphans"))
        return cls(said["n"], alone["n"])

    @property
    def share(self) -> float | None:
        """Of the feedback, 0 to 1; None where there is none."""
        return self.orphans / self.feedback if self.feedback else None
