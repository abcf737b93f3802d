"""How likely an interaction is to be disliked, before anybody said so.

An answer that shares few rare n-grams with its question is disliked more often, without any label. Once there
are enough verdicts, a logistic model says how much that matters here; it is used only if it predicts
verdicts that it was not fitted on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sayso_ingest.mining.arrays import BLOCK, Floats, Integers, percentiles
from sayso_ingest.mining.embed.hashing import FEATURES, clip

CHARACTERS = 2_000
"""Of longer texts the beginning and the end are compared: more costs time and predicts no better."""
FITTED = 5_000
"""Answers, evenly spread, that say how rare an n-gram is; where there are no more, all of them."""
EACH_SIDE = 20
"""Liked and disliked interactions needed, of each, before a model is fitted."""
USEFUL = 0.55
"""The area under the curve on held-out verdicts above which the model is believed."""
UNLABELLED = (0.25, 0.5)
"""The range of the prior while it is only a rank: whatever the guesses, one dislike is harder than silence."""


@dataclass(frozen=True, slots=True)
class Prior:
    """A probability (n,) of being disliked, how it was made, and its held-out area under the curve, if any."""

    probability: Floats
    method: str
    auc: float | None = None

    @property
    def believed(self) -> bool:
        """Whether it comes from a model that predicted verdicts it was not fitted on."""
        return self.auc is not None and self.auc > USEFUL


def answer_similarity(questions: Sequence[str], answers: Sequence[str | None]) -> Floats:
    """Sparse cosine of question and answer over character 3- to 5-grams by inverse document frequency.

    NaN where there is no answer.
    """
    rows = [row for row, answer in enumerate(answers) if answer]
    result = np.full(len(questions), np.nan)
    if not rows:
        return result
    ngrams = HashingVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), n_features=FEATURES, alternate_sign=False, norm=None
    )

    def counted(texts: Iterable[str]) -> csr_matrix:
        return ngrams.transform(clip(text, characters=CHARACTERS) for text in texts)

    some = rows[:: -(-len(rows) // FITTED)]
    weights = TfidfTransformer(sublinear_tf=True).fit(counted(answers[row] or "" for row in some))
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        asked = weights.transform(counted(questions[row] for row in block))
        answered = weights.transform(counted(answers[row] or "" for row in block))
        result[block] = np.asarray(asked.multiply(answered).sum(axis=1)).ravel()
    return result


def features(similarity: Floats, answers: Sequence[str | None]) -> Floats:
    """The model's inputs (n, 2): likeness and length; what is missing takes the column's median."""
    length = np.log1p([len(answer or "") for answer in answers])
    columns = np.column_stack([similarity, length])
    known = ~np.isnan(similarity)
    middle = np.median(columns[known], axis=0) if known.any() else np.zeros(2)
    return np.where(np.isnan(columns), middle, columns)


def estimate(inputs: Floats, similarity: Floats, rate: Floats) -> Prior:
    """Estimate the prior from the model's inputs (n, 2) and the dislike rate (n,), NaN where nobody spoke."""
    spoken = np.flatnonzero(~np.isnan(rate))
    disliked = (rate[spoken] >= 0.5).astype(np.int64)
    if min(disliked.sum(), len(disliked) - disliked.sum()) < EACH_SIDE:
        return _by_rank(similarity, len(spoken))
    model = make_pipeline(StandardScaler(), LogisticRegression())
    auc = _held_out_auc(model, inputs[spoken], disliked)
    if auc <= USEFUL:
        base = np.full(len(rate), disliked.mean())
        return Prior(base, f"base rate of {len(spoken)} judged (a model of answers does not predict it)", auc)
    model.fit(inputs[spoken], disliked)
    return Prior(
        model.predict_proba(inputs)[:, 1],
        f"model of question and answer, fitted on {len(spoken)} judged (held-out AUC {auc:.2f})",
        auc,
    )


def _by_rank(similarity: Floats, spoken: int) -> Prior:
    low, high = UNLABELLED
    probability = np.full(len(similarity), (low + high) / 2)
    known = ~np.isnan(similarity)
    probability[known] = high - (high - low) * percentiles(similarity[known])
    return Prior(probability, f"rank of likeness between question and answer (only {spoken} judged)")


def _held_out_auc(model: object, inputs: Floats, disliked: Integers) -> float:
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    held_out = cross_val_predict(model, inputs, disliked, cv=folds, method="predict_proba")[:, 1]
    return float(roc_auc_score(disliked, held_out))
