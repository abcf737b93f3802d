"""How likely an interaction is to be disliked, before anybody said so.

An answer that fits its question badly is disliked more often, without any label. Once there are enough verdicts, a
logistic model says how much that matters here, and how much the length of the answer does; it is used only if it
predicts verdicts that it was not fitted on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from sayso_ingest.mining.arrays import Floats, Integers, Vectors, percentiles
from sayso_ingest.mining.hardness.calibration import calibrated, calibration_error
from sayso_ingest.mining.hardness.fit import Fit, normal_scores
from sayso_ingest.mining.hardness.neighbours import folds, neighbours_dislike, of_others

EACH_SIDE = 20
"""Liked and disliked interactions needed, of each, before a model is fitted."""
USEFUL = 0.55
"""The area under the curve on held-out verdicts above which the model is believed."""
GAIN = 0.005
"""How much that area has to rise before like questions are heeded as well."""
UNLABELLED = (0.25, 0.5)
"""The range of the prior while it is only a rank: whatever the guesses, one dislike is harder than silence."""
TRUST = 3.0
"""Times the other inputs that the mismatch goes in: so few verdicts leave its three parts weighed alike, as without
any verdict, and more of them say which part matters."""
CAUTION = 0.03
"""What a verdict weighs against the penalty on the model's weights."""


@dataclass(frozen=True, slots=True)
class Prior:
    """A probability (n,) of being disliked, how it was made, and how that did on held-out verdicts, if it was fitted.

    `calibration` is how far what it says is from what was said, on average over fifths of the interactions.
    """

    probability: Floats
    method: str
    auc: float | None = None
    calibration: float | None = None

    @property
    def believed(self) -> bool:
        """Whether it comes from a model that predicted verdicts it was not fitted on."""
        return self.auc is not None and self.auc > USEFUL


def features(fit: Fit) -> Floats:
    """The model's inputs (n, 5), as normal scores; what is missing takes the middle."""
    parts = [normal_scores(part) for part in (fit.likeness, fit.distinctness, fit.share, fit.length)]
    return np.nan_to_num(np.column_stack([TRUST * fit.mismatch, *parts]))


def estimate(fit: Fit, rate: Floats, vectors: Vectors | None = None) -> Prior:
    """Estimate the prior from how answers fit and the dislike rate (n,), NaN where nobody spoke.

    With the questions' vectors, also from how like questions fared, if that is seen to help.
    """
    spoken = np.flatnonzero(~np.isnan(rate))
    disliked = (rate[spoken] >= 0.5).astype(np.int64)
    if min(disliked.sum(), len(disliked) - disliked.sum()) < EACH_SIDE:
        return _by_rank(fit.mismatch, len(spoken))
    learned, inputs = _learn(features(fit), spoken, disliked, vectors), "question and answer"
    if learned.neighbours:
        inputs += ", and of how like questions fared"
    auc = learned.auc
    if auc <= USEFUL:
        base = np.full(len(rate), disliked.mean())
        method = f"base rate of {len(spoken)} judged (a model of {inputs} has a held-out AUC of {auc:.2f}: not used)"
        return Prior(base, method, auc)
    probability, told = calibrated(learned.probability, learned.held_out, disliked)
    calibration = calibration_error(told, disliked)
    method = (
        f"model of {inputs}, fitted on {len(spoken)} judged "
        f"(held out: AUC {auc:.2f}, calibration off by {calibration:.2f})"
    )
    return Prior(probability, method, auc, calibration)


@dataclass(frozen=True, slots=True)
class _Learned:
    """What a model says of all (n,), and of the judged (m,) where it was not fitted on them."""

    probability: Floats
    held_out: Floats
    auc: float
    neighbours: bool


def _learn(inputs: Floats, spoken: Integers, disliked: Integers, vectors: Vectors | None) -> _Learned:
    """The model without neighbours, or with them where they predict by themselves and add to the others."""
    without = _fitted(inputs, spoken, disliked, None)
    if vectors is None or roc_auc_score(disliked, of_others(vectors[spoken], disliked)) <= USEFUL:
        return without
    with_them = _fitted(inputs, spoken, disliked, vectors)
    return with_them if with_them.auc > without.auc + GAIN else without


def _fitted(inputs: Floats, spoken: Integers, disliked: Integers, vectors: Vectors | None) -> _Learned:
    held_out = np.empty(len(spoken))
    for rest, fold in folds(disliked):
        held_out[fold] = _predicted(inputs, spoken[rest], disliked[rest], vectors, of=spoken[fold])
    probability = _predicted(inputs, spoken, disliked, vectors, of=np.arange(len(inputs)))
    auc = float(roc_auc_score(disliked, held_out))
    return _Learned(probability, held_out, auc, vectors is not None)


def _predicted(
    inputs: Floats, spoken: Integers, disliked: Integers, vectors: Vectors | None, *, of: Integers
) -> Floats:
    """What a model fitted on the judged alone says of some."""
    known, asked = inputs[spoken], inputs[of]
    if vectors is not None:
        own = of_others(vectors[spoken], disliked)
        near = neighbours_dislike(vectors[of], vectors[spoken], disliked)
        middle, spread = own.mean(), max(float(own.std()), 1e-9)
        known = np.column_stack([known, (own - middle) / spread])
        asked = np.column_stack([asked, (near - middle) / spread])
    model = LogisticRegression(C=CAUTION).fit(known, disliked)
    return np.asarray(model.predict_proba(asked)[:, 1])


def _by_rank(mismatch: Floats, spoken: int) -> Prior:
    low, high = UNLABELLED
    probability = np.full(len(mismatch), (low + high) / 2)
    known = ~np.isnan(mismatch)
    probability[known] = low + (high - low) * percentiles(mismatch[known])
    return Prior(probability, f"rank of how badly answers fit their questions (only {spoken} judged)")
