"""What mining keeps of questions goes when they do."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sayso_ingest.mining import rows
from sayso_ingest.mining.embed import VectorStore
from sayso_ingest.mining.embed.kept import Keys


def forget_gone(store: VectorStore, query: rows.Query, *, cases: Sequence[str] = ()) -> None:
    """Let go of the vectors of texts that no interaction has as its question any more, nor one of the cases."""
    store.forget(_gone(store, query, cases))


def erase_gone(folder: Path, query: rows.Query) -> None:
    """Let go of the vectors of texts that no interaction has as its question any more, for good.

    What was set aside goes too; and all vectors, where a file cannot be written anew without those.

    Raises:
        OSError: a file cannot be removed.
    """
    for path in folder.glob("*/*"):
        if path.suffix != ".npy":
            path.unlink(missing_ok=True)
    store = VectorStore(folder)
    gone = _gone(store, query)
    store.forget(gone)
    if np.isin(gone, store.kept()).any():
        shutil.rmtree(folder)


def _gone(store: VectorStore, query: rows.Query, cases: Sequence[str] = ()) -> Keys:
    kept = np.setdiff1d(store.kept(), store.keys(cases))
    gone = rows.read_gone(query, salt=store.salt, keys=[f"{key:016x}" for key in kept]) if len(kept) else []
    return np.array([int(key, 16) for key in gone], dtype=np.uint64)
