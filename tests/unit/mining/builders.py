"""Rows as the warehouse's views would give them, and vectors drawn for property tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from sayso_ingest.mining.arrays import Vectors, unit
from sayso_ingest.mining.rows import Interaction, Verdict
from sayso_ingest.mining.training.example import Source
from sayso_ingest.mining.training.sources import Raw

START = datetime(2026, 1, 1)  # noqa: DTZ001 (the warehouse's times are UTC without a zone)


def interaction(target: str = "t1", **fields: Any) -> Interaction:
    given = {"input": "Where is my parcel?", "output": "On its way.", "who": f"actor:of {target}", **fields}
    return Interaction(event_id=f"event of {target}", target=target, occurred_at=START, **given)


def verdict(
    value: str | None = "down", *, target: str = "t1", who: str = "actor:a", **fields: Any
) -> Verdict:
    given = {"kind": "thumb", "event_id": f"{who} on {target}", **fields}
    return Verdict(target=target, who=who, value=value, **given)


def raw(chosen: str | None, rejected: str | None, source: Source = Source.EDIT, **fields: Any) -> Raw:
    given = {
        "target": "t1",
        "part": "",
        "who": ("actor:a",),
        "event_ids": ("e1",),
        "input": "Write to the customer.",
        **fields,
    }
    return Raw(source=source, chosen=chosen, rejected=rejected, **given)


def vectors(count: int, *, seed: int, width: int = 8) -> Vectors:
    return unit(np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32))
