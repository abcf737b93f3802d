"""Which comments are praise, where no click says so: learned from the comments that a click goes with.

On comments of FeedbackQA, the clicks of 100 taken for known, a tenth of the others is taken for praise, and of these
one in twenty is none; with 1,000 clicks it is a third.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline

from sayso_ingest.mining.arrays import Booleans
from sayso_ingest.mining.embed.hashing import clip
from sayso_ingest.mining.rows import Comment

EACH_SIDE = 20
"""Comments of people who liked, and of people who did not, that are needed before anything is learned."""
USEFUL = 0.7
"""The area under the curve on comments that it was not fitted on above which a model is believed."""
SURE = 0.3
"""The probability of dislike below which a comment is taken for praise."""
CHARACTERS = 2_000
NEWEST = 20_000
"""Comments with a click that are learned from, at most."""


@dataclass(frozen=True, slots=True)
class Tone:
    """Which comments (n,) without a click are praise, and how well that is known; `auc` is None where nothing is."""

    praise: Booleans
    auc: float | None = None


def hear(comments: Sequence[Comment]) -> Tone:
    """Tell the praise among comments without a click; none where too few have one, or where words do not tell."""
    praise = np.zeros(len(comments), dtype=bool)
    silent = [row for row, one in enumerate(comments) if one.disliked is None]
    told = sorted(
        (one for one in comments if one.disliked is not None), key=lambda one: one.occurred_at, reverse=True
    )[:NEWEST]
    disliked = np.array([bool(one.disliked) for one in told])
    if not silent or min(disliked.sum(), (~disliked).sum()) < EACH_SIDE:
        return Tone(praise)
    texts = [clip(one.text, characters=CHARACTERS) for one in told]
    try:
        auc = _held_out(texts, disliked)
    except ValueError:  # comments without a word
        return Tone(praise)
    if auc < USEFUL:
        return Tone(praise, auc)
    against = (
        _model()
        .fit(texts, disliked)
        .predict_proba([clip(comments[row].text, characters=CHARACTERS) for row in silent])[:, 1]
    )
    praise[silent] = against < SURE
    return Tone(praise, auc)


def _model() -> Pipeline:
    words = TfidfVectorizer(ngram_range=(1, 3), sublinear_tf=True, token_pattern=r"\w+(?:['’]\w+)*")  # noqa: S106
    return make_pipeline(words, LogisticRegression(C=10, max_iter=1_000))


def _held_out(texts: Sequence[str], disliked: Booleans) -> float:
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    found = cross_val_predict(_model(), texts, disliked, cv=folds, method="predict_proba")[:, 1]
    return float(roc_auc_score(disliked, found))
