"""Whether what is ranked as hard is disliked: FeedbackQA, 5 % of the items labelled, the other rater is the truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from sayso_ingest.mining import rows
from sayso_ingest.mining.embed import HashEmbedder
from sayso_ingest.mining.selection.landscape import survey
from sklearn.metrics import roc_auc_score

from bench.evidence import feedbackqa
from bench.evidence.feedbackqa import Items
from bench.evidence.paired import interval, said
from bench.figure import Beside, Figure
from bench.run import Run

SHARE = 0.05
TOP = 0.1
SEEDS = 20
GOALS = {"dislike": 1.6, "bad": 2.0}
PROTOTYPE = {"dislike": 1.61, "bad": 1.93}


@dataclass(frozen=True)
class Found:
    """What one seed gave for one truth: among what nobody spoke about, and for likeness to the question alone."""

    lift: float
    whole: float
    """The lift among all items, those that somebody spoke about too."""
    without: float
    """The lift of the likeness of question and answer, which asks nobody."""
    auroc: float


def measure(run: Run) -> Iterator[Figure]:
    items = feedbackqa.read()
    tried = Parallel(n_jobs=-1)(delayed(_tried)(items, seed) for seed in range(run.size(SEEDS, 2)))
    for name, goal in GOALS.items():
        found = [one[name] for one in tried]
        lifts = [one.lift for one in found]
        yield Figure(
            f"lift of the hardest tenth, 5 % spoke: {name}",
            interval(lifts)[0],
            "",
            [
                Beside(
                    "likeness of question and answer, which asks nobody",
                    interval([one.without for one in found])[0],
                ),
                Beside("with those who spoke among them", interval([one.whole for one in found])[0]),
                Beside("the prototype", PROTOTYPE[name]),
            ],
            f">= {goal}",
            interval(lifts)[0] >= goal,
            f"{said(lifts)} over {len(lifts)} seeds; AUROC {said([one.auroc for one in found])}",
        )


def _tried(items: Items, seed: int) -> dict[str, Found]:
    trial = feedbackqa.draw(items, share=SHARE, seed=seed)
    query = trial.query()
    pool = rows.read_interactions(query)
    land = survey(pool, rows.read_verdicts(query), (), embedder=HashEmbedder(), seed=seed)
    row = np.array([int(one.target) for one in pool])
    silent = ~trial.spoken[row]
    found = {}
    for name, truth in (("dislike", trial.truth[row]), ("bad", trial.bad[row])):
        found[name] = Found(
            lift=lift(land.hardness[silent], truth[silent]),
            whole=lift(land.hardness, truth),
            without=lift(-land.similarity[silent], truth[silent]),
            auroc=float(roc_auc_score(truth[silent], land.hardness[silent])),
        )
    return found


def lift(scores: np.ndarray, truth: np.ndarray) -> float:
    """How much more often the highest tenth is true than the whole; what has no score comes last."""
    first = np.argsort(-np.nan_to_num(scores, nan=-np.inf), kind="stable")[: round(TOP * len(scores))]
    return float(truth[first].mean() / truth.mean())
