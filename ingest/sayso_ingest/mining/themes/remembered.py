"""What themes there were: kept between runs, so that a theme has the same id next week."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from sayso_ingest.mining.arrays import Vectors


@dataclass(frozen=True, slots=True)
class Remembered:
    """The ids that were given and the middle (k, d) of each theme, its run's mean put back; vanished ones too."""

    embedder: str
    ids: tuple[str, ...] = ()
    middles: Vectors = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    issued: int = 0
    """Ids given so far: none is given twice."""

    def after(self, ids: list[str], middles: Vectors) -> Remembered:
        """What to remember once themes were found anew."""
        whole = dict(zip(self.ids, self.middles, strict=True)) | dict(zip(ids, middles, strict=True))
        issued = max(self.issued, *(int(name.rpartition("-")[2]) for name in ids))
        return Remembered(
            self.embedder, tuple(whole), np.array(list(whole.values()), dtype=np.float32), issued
        )


def recall(path: Path) -> Remembered | None:
    """Read what was remembered; None where there is nothing, or nothing that can be read: then ids begin anew."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        middles = np.array(stored["middles"], dtype=np.float32).reshape(len(stored["ids"]), -1)
        return Remembered(stored["embedder"], tuple(stored["ids"]), middles, stored["issued"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def remember(path: Path, what: Remembered) -> None:
    """Write it down, whole or not at all; of two that write at once the later one holds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        draft.write_text(
            json.dumps(
                {
                    "embedder": what.embedder,
                    "ids": what.ids,
                    "middles": [[round(float(x), 7) for x in row] for row in what.middles],
                    "issued": what.issued,
                }
            ),
            encoding="utf-8",
        )
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
