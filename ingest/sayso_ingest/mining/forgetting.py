"""What mining keeps of questions goes when they do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sayso_ingest.mining import rows
from sayso_ingest.mining.embed import VectorStore


def forget_gone(store: VectorStore, query: rows.Query, *, cases: Sequence[str] = ()) -> None:
    """Let go of the vectors of texts that no interaction has as its question any more, nor one of the cases."""
    kept = np.setdiff1d(store.kept(), store.keys(cases))
    gone = rows.read_gone(query, salt=store.salt, keys=[f"{key:016x}" for key in kept]) if len(kept) else []
    store.forget(np.array([int(key, 16) for key in gone], dtype=np.uint64))
