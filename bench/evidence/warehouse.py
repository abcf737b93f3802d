"""Labelled data as mining sees it: interactions and thumbs, and nothing of what is held back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sayso_ingest import mining

START = datetime(2024, 1, 1)  # noqa: DTZ001 - the warehouse's times are UTC without a zone
NOT_KNOWN = dict.fromkeys(("part", "name", "rubric"), "") | dict.fromkeys((
    "input_messages", "variables", "prompt_name", "prompt_version", "model", "tags", "output",
    "score", "reasons", "comment", "original", "proposed", "final", "expected", "label", "min", "max",
))  # fmt: skip


def as_query(
    questions: Sequence[str],
    *,
    answers: Sequence[str] = (),
    place_in_time: Sequence[int] = (),
    thumbs: Mapping[int, bool] | None = None,
) -> mining.Query:
    """What mining asks, answered from lists: the target of each interaction is its row, `thumbs` has who is down."""
    size, said = len(questions), thumbs or {}
    outputs: Sequence[str | None] = answers or [None] * size
    times = [START + timedelta(minutes=int(place)) for place in place_in_time or range(size)]
    interactions = [
        {
            **NOT_KNOWN,
            "event_id": UUID(int=row),
            "target": str(row),
            "occurred_at": times[row],
            "who": f"actor:{row}",
            "input": questions[row],
            "output": outputs[row],
            "sampled": True,
        }
        for row in range(size)
    ]
    verdicts = [
        {
            **NOT_KNOWN,
            "event_id": UUID(int=size + row),
            "target": str(row),
            "occurred_at": times[row],
            "who": f"actor:{row}",
            "kind": "thumb",
            "value": "down" if down else "up",
            "output": outputs[row],
        }
        for row, down in said.items()
    ]

    def query(sql: str, _: Sequence[Any]) -> list[dict[str, Any]]:
        known = {"-- name: interactions": interactions, "-- name: verdicts": verdicts}
        return known.get(sql.partition("\n")[0], [])

    return query
