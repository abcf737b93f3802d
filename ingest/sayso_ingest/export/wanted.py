"""What somebody asks for who exports training data."""

from __future__ import annotations

from dataclasses import dataclass

from sayso_ingest.errors import UsageError
from sayso_ingest.export.split import SplitBy
from sayso_ingest.mining import SOURCES, Purpose, Source


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which examples, and how they are split. `least` is the lowest confidence, 0 to 1.

    `sources` may be empty: all that serve the purpose. `verified`: only what known senders said; `personal`: also what
    names somebody. `validation` (0 to 1) is the share held back for validation, of what `split_by` says.
    """

    purpose: Purpose
    sources: tuple[Source, ...] = ()
    verified: bool = False
    personal: bool = False
    least: float = 0.0
    validation: float = 0.0
    split_by: SplitBy = SplitBy.ACTOR

    @property
    def trained_on(self) -> tuple[Source, ...]:
        """The sources whose examples are kept. All others are heard as well: what is asked for silences nobody.

        Raises:
            UsageError: one of them does not serve the purpose.
        """
        known = SOURCES[self.purpose]
        strange = [source for source in self.sources if source not in known]
        if strange:
            raise UsageError(
                f"{', '.join(strange)} makes no {self.purpose}. Choose from: {', '.join(known)}, or another format."
            )
        return tuple(one for one in known if one in self.sources) if self.sources else known
