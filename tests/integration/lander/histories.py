"""Random histories for the oracle: few targets and people, so that everything meets everything."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
IDS = [str(uuid.UUID(int=(n * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128)) for n in range(1, 22)]


def times() -> st.SearchStrategy[datetime]:
    """Instants that often coincide, some half an hour apart, so that skew can turn the order round."""
    return st.sampled_from([START + timedelta(minutes=10 * n, seconds=s) for n in range(4) for s in (0, 1)])


def bodies() -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    """Every kind that has to do with verdicts, with a small body."""
    name = st.sampled_from([{}, {}, {"name": "tone"}])
    rubric = st.sampled_from([{}, {"rubric": "r1"}])
    label = st.sampled_from([{"label": "good"}, {"label": "bad"}, {"score": 3}, {"score": 0.5}])
    return st.one_of(
        _kind("thumb", st.sampled_from([{"value": "up"}, {"value": "down"}, {"value": None}]), name),
        _kind("rating", st.sampled_from([{"value": 1}, {"value": 4}, {"value": None}]), name),
        _kind("suggestion", st.sampled_from([{"outcome": o} for o in ("accepted", "edited", "undone")])),
        _kind("suggestion", st.just({"survival": {"after_s": 30, "kept": 0.5}})),
        _kind("comment", st.sampled_from([{"text": "slow"}, {"text": "wrong"}])),
        _kind("preference", st.sampled_from([{"chosen": "a"}, {"chosen": "b"}])),
        _kind("annotation", label, name, rubric),
        _kind("judgement", label, rubric, st.sampled_from([{"judge": "m1"}, {"judge": "m2"}])),
        _kind("exposure", st.sampled_from([{"surface": "thumbs"}, {"surface": "comment"}])),
        _kind("interaction", st.sampled_from([{"output": "one"}, {"output": "two"}])),
        _kind("retraction", st.sampled_from(IDS).map(lambda i: {"of": i})),
        _kind("retraction", st.sampled_from(IDS).map(lambda i: {"of": i})),
        _kind(
            "detail", st.sampled_from(IDS).map(lambda i: {"about": i}),
            st.sampled_from([{"comment": "why"}, {"reasons": ["late"]}]),
        ),
    )  # fmt: skip


def _kind(
    kind: str, *parts: st.SearchStrategy[dict[str, Any]]
) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    return st.tuples(*parts).map(lambda pieces: (kind, {k: v for piece in pieces for k, v in piece.items()}))


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """One event on the wire."""
    kind, body = draw(bodies())
    event: dict[str, Any] = {
        "id": draw(st.sampled_from(IDS)),
        "kind": kind,
        "target": draw(st.sampled_from(["t1", "t2", "s1"])),
        "body": body,
        "verified": True,
    }
    optional = {
        "part": st.sampled_from(["p"]),
        "actor": st.sampled_from(["ann", "x"]),
        "anonymous": st.sampled_from(["x", "y"]),
        "session": st.sampled_from(["s1"]),
        "seq": st.integers(0, 2),
        "occurred_at": times().map(lambda t: t.isoformat()),
    }
    for name, values in optional.items():
        if draw(st.booleans()):
            event[name] = draw(values)
    return event
