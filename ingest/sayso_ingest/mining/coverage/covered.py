"""The traffic, cut in many ways: through some of them a set is looked at, others play what people mean by an intent.

A ruler (`ruler`) is made from these cuts for sets of as many cases as the set has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Self

import numpy as np

from sayso_ingest.mining.arrays import Floats, Integers
from sayso_ingest.mining.coverage.level import AT_LEAST
from sayso_ingest.mining.coverage.ruler import Lens, Ruler
from sayso_ingest.mining.similarity.clusterings import from_coarse_to_fine, merged
from sayso_ingest.mining.similarity.field import Field

INTENTS = 8
"""Clusterings that play the intents."""
FINE = 4
"""The finest clusterings, whose topics are joined for them."""
SPAN = 1.5
"""How many times finer or coarser than the topics people's intents may be."""


@dataclass(frozen=True, slots=True)
class Covering:
    """The traffic of a field, cut in many ways."""

    field: Field
    mass: Floats
    """The share of the sample at each distinct row (k,)."""
    lens: Lens
    intents: Sequence[Integers]
    """Clusterings (a,) of the rows that were asked, which play intents."""
    seed: int

    @classmethod
    def of(cls, field: Field, mass: Floats, *, topics: int, seed: int) -> Self:
        """Cut the traffic; what plays intents is about as fine as `topics` topics."""
        asked = np.flatnonzero(field.traffic)
        clusterings = list(from_coarse_to_fine(field.vectors, asked, seed=seed))
        counts = np.geomspace(topics / SPAN, topics * SPAN, INTENTS).round()
        # One topic of everything is what nobody means, unless it is what was asked for.
        counts = counts.clip(min(topics, 2), len(asked)).astype(int)
        intents = [
            merged(field.vectors[asked], fine[asked], int(count))
            for count, fine in zip(counts, cycle(clusterings[-FINE:]))
        ]
        return cls(field, mass, Lens.of(clusterings, mass), intents, seed)

    def ruler(self, cases: int) -> Ruler:
        """What reads off the share that a set of so many cases covers."""
        asked = np.flatnonzero(self.field.traffic)
        # A set cannot be drawn from more questions than were asked.
        drawn = min(max(1, cases), len(asked))
        return Ruler.make(
            self.lens, self.intents, asked, self.mass[asked], cases=drawn, at_least=AT_LEAST, seed=self.seed
        )
