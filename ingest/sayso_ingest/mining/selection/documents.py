"""Which retrieved documents an eval set has no case of, and how rarely they are retrieved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from sayso_ingest.event import JSON
from sayso_ingest.excerpt import one_line
from sayso_ingest.mining import rows
from sayso_ingest.mining.arrays import Floats
from sayso_ingest.mining.rows import Interaction

NAME = 120
"""Characters of a document's id that are told: an application chose it."""


@dataclass(frozen=True, slots=True)
class Rarest:
    """Of each interaction (n) the rarest document that was retrieved for it and that the set has no case of."""

    document: Sequence[str | None]
    times: Mapping[str, int]
    """How many of the interactions each document was retrieved for."""

    @classmethod
    def read(
        cls, query: rows.Query, pool: Sequence[Interaction], cases: Sequence[Mapping[str, JSON]]
    ) -> Self:
        """Read what was retrieved for a pool, and for the interactions that the cases come from."""
        origins = {str((case.get("provenance") or {}).get("target") or "") for case in cases}
        retrieved = rows.read_documents(query, sorted(origins | {one.target for one in pool}))
        owned = {document for origin in origins for document in retrieved.get(origin, ())}
        lacking = [
            sorted(document for document in set(retrieved.get(one.target, ())) - owned if document.strip())
            for one in pool
        ]
        times = Counter(document for documents in lacking for document in documents)
        return cls([min(found, key=lambda one: times[one], default=None) for found in lacking], times)

    @property
    def weights(self) -> Floats:
        """From 1, for what needs no document that the set lacks, to 2, for what alone needs one of them (n,)."""
        whole = max(2, len(self.document))
        counts = np.array([self.times[one] if one else whole for one in self.document], dtype=np.float64)
        return np.asarray(1 + np.log(whole / counts) / np.log(whole))

    def said(self, row: int) -> str:
        """How rare the document of a row is, in words; empty where it has none."""
        if (document := self.document[row]) is None:
            return ""
        name = one_line(document, NAME)
        return f"no case needs document {name!r}, which {self.times[document]:,} of {len(self.document):,} do"
