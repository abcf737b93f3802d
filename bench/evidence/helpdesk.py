"""Whether 50 picks show where the demo's new prompt is worse: three topics that its seed draws, landed as it sends.

A topic is found when three of the picks are answers of the worse version to it: fewer say nothing of a topic.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np
from joblib import Parallel, delayed
from landed import NOW, append, land
from sayso_ingest import mining
from sayso_ingest.demo.traffic.action import Action, Sent
from sayso_ingest.demo.traffic.plan import plan
from sayso_ingest.demo.traffic.wire import wire_event
from sayso_ingest.mining import rows
from sayso_ingest.mining.hardness.hard import weigh
from sayso_ingest.warehouse import Published

from bench.evidence.paired import interval, said
from bench.figure import Beside, Figure
from bench.run import Run

INTERACTIONS = 3_000
BUDGET = 50
SEEDS = 20
ENOUGH = 3
REQUEST = 200
RIVAL = "disliked first"


@dataclass(frozen=True)
class Found:
    """What picks show: the share of the worse topics that is found, and of the picks that lie in one."""

    topics: float
    inside: float


def measure(run: Run) -> Iterator[Figure]:
    size = run.size(INTERACTIONS, 300)
    tried = Parallel(n_jobs=-1)(delayed(_tried)(size, seed) for seed in range(run.size(SEEDS, 2)))
    for name, what in (
        ("topics", "of the three worse topics, found"),
        ("inside", "of the picks, where it is worse"),
    ):
        of = {picker: np.array([getattr(one[picker], name) for one in tried]) for picker in tried[0]}
        ours = of.pop("sayso mine")
        ahead, half = interval(ours - of[RIVAL])
        yield Figure(
            f"{BUDGET} picks of the demo: {what}",
            100 * float(ours.mean()),
            "%",
            [Beside(picker, 100 * float(values.mean())) for picker, values in of.items()],
            f"not behind {RIVAL}",
            ahead + half >= 0,
            f"{said(ours)}; ahead of {RIVAL} by {said(ours - of[RIVAL])}, {len(ours)} seeds",
        )


def _tried(interactions: int, seed: int) -> dict[str, Found]:
    planned = plan(seed, interactions=interactions, until=NOW)
    worse = planned.answered_worse
    with tempfile.TemporaryDirectory(prefix="sayso-evidence-") as made:
        folder = Path(made) / "default"
        _send(folder, planned.actions)
        with Published.open(folder) as published:
            return {
                name: judge(picks, worse, topics=len(planned.worse_topics))
                for name, picks in _picks(published.query, seed).items()
            }


def judge(picks: Sequence[str], worse: Mapping[str, str], *, topics: int) -> Found:
    """What these targets show of so many worse topics."""
    inside = Counter(worse[target] for target in picks if target in worse)
    return Found(
        topics=sum(count >= ENOUGH for count in inside.values()) / topics, inside=inside.total() / len(picks)
    )


def _send(folder: Path, actions: Sequence[Action]) -> None:
    """Land what is planned, each event under an id by its number."""
    ids = {action.number: str(UUID(int=(8 << 76) | (2 << 62) | action.number)) for action in actions}
    events = [
        wire_event(Sent(ids[action.number], action, ids.get(-1 if action.about is None else action.about)))
        | {"verified": True}
        for action in actions
    ]
    for start in range(0, len(events), REQUEST):
        append(folder, *events[start : start + REQUEST])
    land(folder)


def _picks(query: mining.Query, seed: int) -> dict[str, list[str]]:
    """The targets that each way picks."""
    pool = rows.read_interactions(query, seed=seed)
    targets = np.array([one.target for one in pool])
    shuffled = np.random.default_rng(seed).permutation(len(pool))
    against = (weigh(targets.tolist(), rows.read_verdicts(query)).disliked > 0)[shuffled]
    by_time = sorted(pool, key=lambda one: one.occurred_at, reverse=True)
    return {
        "sayso mine": [one.target for one in mining.mine(query, budget=BUDGET, seed=seed)],
        RIVAL: targets[[*shuffled[against], *shuffled[~against]]][:BUDGET].tolist(),
        "newest": [one.target for one in by_time[:BUDGET]],
        "random": targets[shuffled][:BUDGET].tolist(),
    }
