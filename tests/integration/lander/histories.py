"""Random histories for the oracle: few targets and people, so that everything meets everything."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from integration.lander.oracle.facts import Arrival

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
IDS = [str(uuid.UUID(int=(n * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128)) for n in range(1, 22)]

Body = dict[str, Any]


def times() -> st.SearchStrategy[datetime]:
    """Instants that often coincide, some half an hour apart, so that skew can turn the order round."""
    return st.sampled_from([START + timedelta(minutes=10 * n, seconds=s) for n in range(4) for s in (0, 1)])


NAME = st.sampled_from([{}, {}, {"name": "tone"}])
RUBRIC = st.sampled_from([{}, {"rubric": "r1"}])
LABEL = st.sampled_from([{"label": "good"}, {"label": "bad"}, {"score": 3}, {"score": 0.5}])
PROMPT = st.sampled_from(
    [
        {},
        {"prompt": {"name": "p", "version": "1"}},
        {"prompt": {"name": "p", "version": "2", "commit": "c1", "dirty": True, "path": "p.md"}},
    ]
)
PEOPLE = [
    {}, {"actor": "ann"}, {"actor": "x"}, {"anonymous": "x"}, {"anonymous": "x"}, {"anonymous": "y"},
    {"anonymous": "x", "actor": "ann"}, {"anonymous": "x", "actor": "bea"}, {"anonymous": "y", "actor": "ann"},
]  # fmt: skip
"""Who: a browser, tied now and then, to one or to two; the actor that is called like it is somebody else."""
REST = {
    "release": "r7", "tags": ["a", "b"], "latency_ms": 12.5, "variant": {"experiment": "e", "arm": "b"}, "cost": 0.25,
    "candidates": [{"output": "a"}], "chosen": {"by": "judge"},
}  # fmt: skip


def bodies(ids: list[str]) -> dict[str, st.SearchStrategy[Body]]:
    """For every kind that a view depends on, small bodies; what is taken back or explained is one of `ids`."""
    return {
        "thumb": _merged(st.sampled_from([{"value": "up"}, {"value": "down"}, {"value": None}]), NAME),
        "rating": _merged(st.sampled_from([{"value": 1}, {"value": 4}, {"value": None}]), NAME),
        "suggestion": st.one_of(
            _merged(
                st.sampled_from([{"outcome": outcome} for outcome in ("accepted", "edited", "undone")]),
                st.sampled_from([
                    {}, {"proposed": "p, q", "final": "Q f", "original": "o", "decided_in_ms": 5.0},
                    {"proposed": "P q", "final": "p q!"}, {"proposed": "p", "final": ""},
                ]),
                NAME,
            ),
            _merged(
                st.sampled_from([{"survival": {"after_s": s, "kept": k}} for s in (30, 60) for k in (0.5, 1)]),
                NAME,
            ),
        ),
        "comment": _merged(
            st.sampled_from([{"text": "slow"}, {"text": "wrong", "category": "bug", "expected": "right"}]), NAME
        ),
        "preference": st.sampled_from([{"chosen": "a"}, {"chosen": "b"}]),
        "annotation": _merged(LABEL, NAME, RUBRIC, st.sampled_from([{}, {"expected": "better"}])),
        "judgement": _merged(LABEL, RUBRIC, st.sampled_from([{"judge": "m1"}, {"judge": "m2"}])),
        "exposure": _merged(
            st.sampled_from([{"surface": "thumbs"}, {"surface": "comment"}]),
            st.sampled_from([{}, {"visible_ms": 10.0}, {"visible_ms": 700.0}]),
        ),
        "interaction": _merged(
            st.sampled_from([
                {"output": "one"}, {"output": "Right", "candidates": [{"output": "a"}, {"critique": "x"}]},
                {"output": "I cannot say. Better ask", "input": "and?", "model": "m"} | REST,
            ]),
            PROMPT,
        ),
        "retraction": st.sampled_from(ids).map(lambda i: {"of": i}),
        "detail": _merged(
            st.sampled_from(ids).map(lambda i: {"about": i}),
            st.sampled_from([{"comment": "why"}, {"reasons": ["late"]}, {"comment": "so", "reasons": ["a", "b"]}]),
        ),
    }  # fmt: skip


def _merged(*parts: st.SearchStrategy[Body]) -> st.SearchStrategy[Body]:
    return st.tuples(*parts).map(lambda pieces: {k: v for piece in pieces for k, v in piece.items()})


@st.composite
def events(draw: st.DrawFn, kinds: tuple[str, ...], ids: list[str], event_id: str) -> dict[str, Any]:
    """One event on the wire, of one of these kinds."""
    kind = draw(st.sampled_from(kinds))
    event: dict[str, Any] = {
        "id": event_id,
        "kind": kind,
        "target": draw(st.sampled_from(["t1", "t1", "t2", "s1"])),
        "body": draw(bodies(ids)[kind]),
        "verified": draw(st.booleans()),
    }
    if draw(st.integers(0, 3)) == 0:
        event["part"] = "p"
    optional = {
        "session": st.just("s1"),
        "seq": st.integers(0, 2),
        "occurred_at": times().map(lambda t: t.isoformat()),
    }
    for name, values in optional.items():
        if draw(st.booleans()):
            event[name] = draw(values)
    return event | draw(st.sampled_from(PEOPLE))


@st.composite
def histories(draw: st.DrawFn, *kinds: str, reused: bool = False) -> list[Arrival]:
    """Events as they reach the collector: repeats, wrong clocks, any order; with `reused`, ids that say two things.

    A kind that is named twice comes twice as often.
    """
    ids = IDS[: draw(st.integers(2, 16))]
    names = [draw(st.sampled_from(ids)) for _ in ids] if reused else ids
    sent = [draw(events(kinds, ids, name)) for name in names]
    copies = draw(st.lists(st.sampled_from(sent), max_size=3))
    shuffled = draw(st.permutations(sent + copies))
    return [draw(st.builds(
        Arrival, st.just(event), st.sampled_from(["sk", "pk", "pk"]), times(),
        st.sampled_from([None, START, START - timedelta(minutes=25), START + timedelta(minutes=45)]),
    )) for event in shuffled]  # fmt: skip


def landings() -> st.SearchStrategy[list[tuple[int, bool]]]:
    """How a history lands, over and over: so many events at once, and whether they are folded then.

    All of it at once, so many events between folds, or any mixture.
    """
    every = st.tuples(st.integers(1, 6), st.just(True))
    return st.one_of(
        st.just([(100, True)]),
        st.lists(every, min_size=1, max_size=1),
        st.lists(st.tuples(st.integers(1, 6), st.booleans()), min_size=1, max_size=6),
    )


KNOWN_APART = [{"anonymous": "x"}, {"actor": "ann"}, {"actor": "bea"}]


@st.composite
def before_ties(draw: st.DrawFn) -> list[Arrival]:
    """What one browser and two actors, of whom nobody knows yet who is who, say about one thing."""
    ids = IDS[: draw(st.integers(3, 10))]
    kinds = ("exposure", "exposure", "thumb", "thumb", "detail", "detail", "retraction", "suggestion")
    spoken = [draw(events(kinds, ids, name)) for name in ids]
    kept = ("id", "kind", "body", "verified", "seq", "occurred_at")
    sent = [
        {name: event[name] for name in kept if name in event}
        | {"target": "t1"}
        | draw(st.sampled_from(KNOWN_APART))
        for event in spoken
    ]
    return [Arrival(event, "pk", draw(times()), None) for event in draw(st.permutations(sent))]


def tie(n: int, actor: str) -> Arrival:
    """An event that has nothing to do with the rest, but for who sent it: browser x, as this actor."""
    body = {"name": "copied", "value": 1}
    event = {"id": str(uuid.UUID(int=n)), "kind": "signal", "target": "t9", "body": body, "verified": False}
    return Arrival(event | {"anonymous": "x", "actor": actor}, "pk", START, None)
